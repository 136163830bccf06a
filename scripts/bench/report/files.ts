import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { BenchResult } from '../compare/result.ts';
import { reportOf } from './analysis.ts';
import type { BenchReport } from './analysisTypes.ts';
import { chartsOf } from './charts/charts.ts';
import { renderFile } from './charts/render.ts';
import { htmlPage } from './html/page.ts';
import { answers, clients, growth, latency, mesh, parts, references } from './rows.ts';
import { parseResult, schemaDocument } from './schema.ts';
import { sideBySide } from './sideBySide.ts';
import { markdownOf } from './table.ts';

/** Where a report goes. */
export interface ReportFiles {
  json: string;
  /** Beside the JSON when left out. */
  html?: string;
}

/** The kept report, its charts and tables in `docs/`: what the README shows. */
export const keptReport = 'docs/reports/bench.json';

/** Writes what was measured and what follows from it as JSON and as one HTML page. */
export async function writeReport(result: BenchResult, files: ReportFiles): Promise<BenchReport> {
  const report = reportOf(result);
  const html = files.html ?? `${files.json.replace(/\.json$/, '')}.html`;
  await mkdir(dirname(files.json), { recursive: true });
  await mkdir(dirname(html), { recursive: true });
  await writeFile(files.json, `${JSON.stringify(report, null, 2)}\n`);
  await writeFile(html, await htmlPage(report));
  return report;
}

/** @throws Error when the file is missing or holds no result */
export async function readResult(file: string): Promise<BenchResult> {
  if (!existsSync(file)) throw new Error(`${file} is missing: npm run bench writes it`);
  return parseResult(await readFile(file, 'utf8'), file);
}

/** `docs/bench-schema.json`, from the code that reads results. */
export async function writeSchema(root: string): Promise<void> {
  await writeFile(join(root, 'docs/bench-schema.json'), schemaDocument());
}

/** The README's two charts and the tables of `docs/performance.md`, from a report. */
export async function writeDocs(report: BenchReport, root: string): Promise<void> {
  for (const chart of chartsOf(report)) {
    if (shownInReadme.includes(chart.name)) {
      await writeFile(join(root, 'docs', `bench-${chart.name}.svg`), await renderFile(chart));
    }
  }
  const page = join(root, 'docs/performance.md');
  await writeFile(page, withTables(await readFile(page, 'utf8'), report));
}

const shownInReadme = ['cpu', 'client'];

const marks = { from: '<!-- bench -->', to: '<!-- /bench -->' };

/** @throws Error when the page has no place for them */
export function withTables(page: string, report: BenchReport): string {
  const from = page.indexOf(marks.from);
  const to = page.indexOf(marks.to);
  if (from < 0 || to < from) throw new Error(`docs/performance.md has no ${marks.from} … ${marks.to}`);
  const makers = [answers, sideBySide, growth, parts, clients, latency, references, mesh];
  const tables = makers.map((make) => make(report)).filter(({ rows }) => rows.length > 0);
  const { machine, date, command } = report;
  const text = [
    `\`${command}\`, ${date.slice(0, 10)}, ${machine.model} with ${machine.cores} cores, ${report.codec.toUpperCase()}.`,
    ...tables.map((table) => `**${table.title}**\n\n${markdownOf(table)}`),
  ].join('\n\n');
  return `${page.slice(0, from + marks.from.length)}\n\n${text}\n\n${page.slice(to)}`;
}
