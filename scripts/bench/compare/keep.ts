import { existsSync } from 'node:fs';
import { mkdir, open, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { BenchReport } from '../report/analysisTypes.ts';
import { keptReport, writeDocs, writeReport } from '../report/files.ts';
import type { CompareOptions } from './options.ts';
import type { BenchResult } from './result.ts';

/** Share of a run's points. */
const LEAST_VALID = 0.8;

/** Where the result of a run goes. @param root the project's folder */
export const resultFile = ({ json }: Pick<CompareOptions, 'json'>, root: string): string =>
  json ?? join(root, keptReport);

/** A run takes minutes: that its result cannot be written is said before. @throws Error naming the file and why */
export async function requireWritable(file: string): Promise<void> {
  const wasThere = existsSync(file);
  try {
    await mkdir(dirname(file), { recursive: true });
    await (await open(file, 'a')).close();
    if (!wasThere) await rm(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new Error(`--json is "${file}", which cannot be written (${code}): name another file`);
  }
}

/** Writes what was measured. README and docs show whole runs whose points count; everything else is a look. */
export async function keepReport(
  options: Pick<CompareOptions, 'json' | 'isWhole'>,
  result: BenchResult,
  root: string,
): Promise<BenchReport> {
  const report = await writeReport(result, { json: resultFile(options, root) });
  if (isWorthShowing(options, result)) await writeDocs(report, root);
  return report;
}

function isWorthShowing(
  { json, isWhole }: Pick<CompareOptions, 'json' | 'isWhole'>,
  { ended, points }: BenchResult,
): boolean {
  const valid = points.filter((point) => point.valid).length;
  return json === undefined && isWhole && ended === null && valid >= LEAST_VALID * points.length;
}
