import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { BenchResult } from '../compare/result.ts';
import { reportOf } from './analysis.ts';
import type { BenchReport } from './analysisTypes.ts';
import type { Chart } from './charts/chart.ts';
import { chartsOf } from './charts/charts.ts';
import { renderFile } from './charts/render.ts';
import { htmlPage } from './html/page.ts';
import { answers, clients, growth, latency, mesh, parts, predictions, references } from './rows.ts';
import { parseResult, schemaDocument } from './schema.ts';
import { sideBySide } from './sideBySide.ts';
import { markdownOf } from './table.ts';
import { answered } from './words.ts';

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

const shownInReadme = ['cpu', 'client'];

/** What the README and `docs/performance.md` show of a report: charts, tables and the answer. */
export async function writeDocs(report: BenchReport, root: string): Promise<void> {
  const charts = chartsOf(report).filter(({ name }) => shownInReadme.includes(name));
  for (const chart of charts) await writeFile(join(root, fileOf(chart)), await renderFile(chart));
  const write = async (name: string, text: string) => {
    const file = join(root, name);
    await writeFile(file, between(await readFile(file, 'utf8'), name, text));
  };
  await write('README.md', readmeText(report, charts));
  await write('docs/performance.md', performanceText(report));
}

const fileOf = ({ name }: Chart) => `docs/bench-${name}.svg`;

const marks = { from: '<!-- bench -->', to: '<!-- /bench -->' };

/**
 * Puts text between the marks of a document.
 * @throws Error when it has no place for it
 */
export function between(page: string, name: string, text: string): string {
  const from = page.indexOf(marks.from);
  const to = page.indexOf(marks.to);
  if (from < 0 || to < from) throw new Error(`${name} has no ${marks.from} … ${marks.to}`);
  return `${page.slice(0, from + marks.from.length)}\n\n${text}\n\n${page.slice(to)}`;
}

/** The answer, and the charts that matter. */
export function readmeText(report: BenchReport, charts: readonly Chart[]): string {
  const pictures = charts.map((chart) => `![${chart.title}: ${chart.caption}](${fileOf(chart)})`);
  return [about(report), ...answered(report), ...pictures].join('\n\n');
}

export function performanceText(report: BenchReport): string {
  const makers = [answers, sideBySide, growth, parts, clients, latency, references, mesh, predictions];
  const tables = makers.map((make) => make(report)).filter(({ rows }) => rows.length > 0);
  return [
    about(report),
    ...answered(report),
    ...tables.map((table) => `**${table.title}**\n\n${markdownOf(table)}`),
  ].join('\n\n');
}

function about({ command, date, machine, codec }: BenchReport): string {
  const name = codec === 'vp8' ? 'VP8' : 'H.264';
  return `\`${command}\`, ${date.slice(0, 10)}, ${machine.model} with ${machine.cores} cores, ${name}.`;
}
