import type { BenchReport } from '../analysisTypes.ts';
import { estimate, meshUplinkBps } from '../calculator.ts';
import { modeNames } from '../format.ts';
import { meshStreamBps } from '../sideBySide.ts';

/** Speakers, viewers and minutes into cores and gigabytes. The script is `calculator.ts` itself. */
export function calculatorForm(report: BenchReport): string {
  const fits = report.analysis.estimators;
  if (fits.length === 0 || fits.every(({ cpu }) => cpu === null)) return '';
  const field = (name: string, title: string, value: number, most: number) =>
    `<label>${title}<input type="number" name="${name}" value="${value}" min="1" max="${most}" step="1" required inputmode="numeric"></label>`;
  const titles = [
    '',
    'server, cores',
    'into the server, GB',
    'out of it, GB',
    'a viewer receives, Mbit/s',
    'a viewer decodes, cores',
  ];
  return `<section aria-labelledby="calculator"><h2 id="calculator">What would your event cost?</h2>
<p>From the fits of this run, on this machine’s cores. A line with ≈ is further out than was measured: predicted.</p>
<form id="event">${field('speakers', 'speakers', 4, 25)}${field('viewers', 'viewers', 100, 1e6)}${field('minutes', 'minutes', 60, 1e5)}</form>
<div class="scroll" role="region" aria-live="polite" aria-label="What the event costs"><table><thead><tr>${titles
    .map((title, at) => `<th scope="col"${at === 0 ? ' class="text"' : ''}>${title}</th>`)
    .join('')}</tr></thead><tbody id="costs"></tbody></table></div>
<p id="mesh-cost" class="about"></p>
<script>${script(report)}</script></section>`;
}

function script(report: BenchReport): string {
  const streamBps = meshStreamBps(report) ?? null;
  return `"use strict";
const estimate = ${estimate.toString()};
const meshUplinkBps = ${meshUplinkBps.toString()};
const names = ${JSON.stringify(modeNames)};
const streamBps = ${JSON.stringify(streamBps)};
const report = JSON.parse(document.getElementById('report').textContent);
const form = document.getElementById('event');
const text = (value, digits) => value === null ? '–' : value.toFixed(digits);
function show() {
  if (!form.checkValidity()) return;
  const event = Object.fromEntries(['speakers', 'viewers', 'minutes'].map((name) => [name, Number(form.elements[name].value)]));
  const rows = report.analysis.estimators.map((fit) => {
    const cost = estimate(fit, event);
    const row = document.createElement('tr');
    row.dataset.mode = fit.mode;
    const cells = [(cost.predicted ? '≈ ' : '') + names[fit.mode], text(cost.cores, 2), text(cost.gigabytesIn, 1),
      text(cost.gigabytesOut, 1), text(cost.downlinkBps / 1e6, 2), text(cost.decodeCpu, 3)];
    cells.forEach((value, at) => {
      const cell = document.createElement(at === 0 ? 'th' : 'td');
      if (at === 0) { cell.scope = 'row'; cell.className = 'text'; }
      cell.textContent = value;
      row.append(cell);
    });
    return row;
  });
  document.getElementById('costs').replaceChildren(...rows);
  document.getElementById('mesh-cost').textContent = streamBps === null ? '' :
    'In a mesh there is no server, but each speaker would send ' +
    (meshUplinkBps(streamBps, event) / 1e6).toFixed(1) + ' Mbit/s, and each viewer receive ' +
    (streamBps * event.speakers / 1e6).toFixed(1) + ' Mbit/s.';
}
form.addEventListener('input', show);
form.addEventListener('submit', (event) => event.preventDefault());
show();`;
}
