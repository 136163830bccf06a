import type { BenchReport } from '../analysisTypes.ts';
import type { Chart } from '../charts/chart.ts';
import { chartsOf } from '../charts/charts.ts';
import { escaped, renderSvg } from '../charts/render.ts';
import {
  answers,
  clients,
  fits,
  growth,
  latency,
  mesh,
  parts,
  predictions,
  references,
  runs,
  type Table,
} from '../rows.ts';
import { sideBySide } from '../sideBySide.ts';
import { summary } from '../words.ts';
import { calculatorForm } from './calculatorForm.ts';
import { style } from './style.ts';
import { folded, htmlTable } from './table.ts';

/** Nothing is loaded from anywhere, whatever a number or name might hold. */
const policy = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'";

/** The report as one file, without a network. The numbers stand in it a second time, as JSON. */
export async function htmlPage(report: BenchReport): Promise<string> {
  const figures = await Promise.all(chartsOf(report).map((chart) => figure(chart, report)));
  const { date, command, machine, versions } = report;
  const about = [
    date.slice(0, 10),
    `<code>${escaped(command)}</code>`,
    escaped(
      `${machine.model}, ${machine.cores} cores, ${(machine.memoryBytes / 1e9).toFixed(0)} GB, Linux ${machine.kernel}`,
    ),
    escaped(`Rostrum ${versions.rostrum}, Node ${versions.node}, ffmpeg ${versions.ffmpeg}`),
  ];
  const json = JSON.stringify(report).replaceAll('<', '\\u003c');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="color-scheme" content="light dark">
<title>Mixing or forwarding? Rostrum’s benchmark</title>
<style>${style()}</style>
</head>
<body>
<main>
<h1>Mixing or forwarding: which one, for which event?</h1>
<p class="about">${about.join(' · ')}</p>
${summary(report)
  .map((paragraph) => `<p>${escaped(paragraph)}</p>`)
  .join('\n')}
${shown(sideBySide(report))}
<script type="application/json" id="report">${json}</script>
${figures.join('\n')}
${calculatorForm(report)}
${section('Other programs', references(report))}
${section('Peer to peer', mesh(report))}
<section aria-labelledby="more"><h2 id="more">All the numbers</h2>
${[growth(report), predictions(report)].map(shown).join('')}
<details><summary>Every run</summary>${htmlTable(runs(report))}</details>
</section>
</main>
</body>
</html>
`;
}

async function figure(chart: Chart, report: BenchReport): Promise<string> {
  const [wide, narrow] = await Promise.all([renderSvg(chart, 'wide'), renderSvg(chart, 'narrow')]);
  return `<section aria-labelledby="${chart.name}"><h2 id="${chart.name}">${escaped(chart.title)}</h2>
<figure><div class="wide">${wide}</div><div class="narrow">${narrow}</div>
<figcaption>${escaped(chart.caption)}</figcaption></figure>
${folded((tables[chart.name] ?? []).map((make) => make(report)))}</section>`;
}

/** What stands behind each chart. */
const tables: Record<string, ((report: BenchReport) => Table)[]> = {
  cpu: [answers, fits],
  parts: [parts],
  client: [clients],
  latency: [latency],
};

function section(title: string, table: Table): string {
  if (table.rows.length === 0) return '';
  const id = title.toLowerCase().replaceAll(' ', '-');
  return `<section aria-labelledby="${id}"><h2 id="${id}">${escaped(title)}</h2>${htmlTable(table)}</section>`;
}

function shown(table: Table): string {
  return table.rows.length > 0 ? htmlTable(table) : '';
}
