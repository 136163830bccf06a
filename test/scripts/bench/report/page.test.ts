import { beforeAll, describe, expect, test } from '@jest/globals';
import { reportOf } from '../../../../scripts/bench/report/analysis.ts';
import type { BenchReport } from '../../../../scripts/bench/report/analysisTypes.ts';
import { chartsOf } from '../../../../scripts/bench/report/charts/charts.ts';
import { atSameViewers } from '../../../../scripts/bench/report/charts/partsChart.ts';
import { renderFile } from '../../../../scripts/bench/report/charts/render.ts';
import { valueAt } from '../../../../scripts/bench/report/fit/line.ts';
import { modeNames } from '../../../../scripts/bench/report/format.ts';
import { htmlPage } from '../../../../scripts/bench/report/html/page.ts';
import { reportSchema } from '../../../../scripts/bench/report/schema.ts';
import { marksIn, panelsIn, scaleOf } from './marks.ts';
import { sampleResult } from './sample.ts';

let report: BenchReport;
let page: string;

beforeAll(async () => {
  report = reportOf(sampleResult({ noise: 0.03, seed: 9, viewers: [1, 10, 30, 60] }));
  page = await htmlPage(report);
});

/** A chart of the page as the desk sees it. */
const chart = (name: string) =>
  new RegExp(`<h2 id="${name}">.*?<div class="wide">(<svg.*?</svg>)`, 's').exec(page)![1]!;

const number = (text: string, pattern: RegExp) => Number(pattern.exec(text)?.[1]);

describe('the page and its JSON', () => {
  test('the numbers in the page are the report', () => {
    const text = /<script type="application\/json" id="report">(.*?)<\/script>/s.exec(page)![1]!;
    expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(report)));
    expect(reportSchema.parse(JSON.parse(text))).toBeDefined();
  });

  test('every measured point stands in the CPU chart, at its place, and says its number', () => {
    const panels = panelsIn(chart('cpu'));
    expect(panels).toHaveLength(4);
    const seen = panels.flatMap((panel) => {
      const [x, y] = [scaleOf(panel, 'X'), scaleOf(panel, 'Y')];
      return marksIn(panel)
        .filter(({ label }) => label.includes(', run '))
        .map((mark) => ({ label: mark.label, viewers: x(mark.x), cores: y(mark.y) }));
    });
    expect(seen).toHaveLength(report.points.length);
    for (const point of report.points) {
      const start = `${modeNames[point.mode]}, ${point.speakers} speaker`;
      const end = `, ${point.viewers} viewers, run ${point.repetition}:`;
      const mark = seen.find(({ label }) => label.startsWith(start) && label.includes(end))!;
      expect(number(mark.label, /: ([\d.e-]+) cores/)).toBeCloseTo(point.cpu.total, 7);
      // Ticks stand on whole pixels.
      expect(Math.abs(mark.viewers - point.viewers)).toBeLessThan(0.3);
      expect(Math.abs(mark.cores - point.cpu.total)).toBeLessThan(0.01);
    }
  });

  test('lines and break-evens are those of the analysis', () => {
    const labels = marksIn(chart('cpu')).map(({ label }) => label);
    for (const { mode, speakers, line } of report.analysis.fits) {
      const label = labels.find(
        (text) => text.startsWith(`${modeNames[mode]}, ${speakers} speaker`) && text.includes('fit'),
      )!;
      const [, a, b] = /fit: ([\d.e-]+) \+ ([\d.e-]+) ×/.exec(label)!;
      expect(valueAt({ intercept: Number(a), slope: Number(b) }, 30)).toBeCloseTo(valueAt(line, 30), 7);
    }
    const crossings = report.analysis.comparisons.filter(({ kind }) => kind === 'at');
    expect(crossings.length).toBeGreaterThanOrEqual(2);
    for (const { against, speakers, viewers } of crossings) {
      const label = labels.find((text) =>
        text.startsWith(`break-even with ${modeNames[against]}, ${speakers} speaker`),
      )!;
      expect(number(label, /: ([\d.]+) \(/)).toBeCloseTo(viewers!, 5);
    }
  });

  test('the bars of the parts chart are the parts', () => {
    const marks = marksIn(chart('parts'));
    const shown = report.analysis.parts.filter(({ viewers }) => viewers === 60);
    expect(marks).toHaveLength(shown.length * 6);
    for (const { mode, speakers, parts } of shown) {
      for (const [part, cores] of Object.entries(parts)) {
        const mark = marks.find(
          ({ label }) =>
            label.startsWith(`${modeNames[mode]}, ${speakers} speaker`) && label.includes(`, ${part}: `),
        )!;
        expect(number(mark.label, /: ([\d.e-]+) cores/)).toBeCloseTo(cores, 7);
      }
    }
  });

  test('downlink, decoding and latency are those of the report', () => {
    const client = marksIn(chart('client'));
    for (const { mode, speakers, downlinkBps, decodeCpu } of report.analysis.clients) {
      const of = client.filter(({ label }) => label.startsWith(`${modeNames[mode]}, ${speakers} speaker`));
      const values = of.map(({ label }) => number(label, /: ([\d.e-]+) (?:Mbit|cores)/));
      expect(values[0]).toBeCloseTo(downlinkBps / 1e6, 5);
      expect(values[1]).toBeCloseTo(decodeCpu!, 7);
    }
    const mesh = client.filter(({ label }) => label.startsWith('mesh'));
    expect(mesh.map(({ label }) => number(label, /: ([\d.]+) Mbit/))).toEqual([1, 2, 3, 7]);
    const latency = marksIn(chart('latency'));
    expect(latency.map(({ label }) => label)).toContain('mixing, 4 speakers, 60 viewers: 49 to 80 ms');
    expect(latency).toHaveLength(12);
  });
});

describe('the page', () => {
  test('loads nothing and lets nothing be loaded', () => {
    expect(page).toContain("default-src 'none'");
    expect(page.replaceAll(/http:\/\/www\.w3\.org\/\S+/g, '')).not.toMatch(/https?:\/\//);
  });

  test('has every chart twice, for desk and phone, with a title and a table', () => {
    for (const { name, title } of chartsOf(report)) {
      const part = page.slice(
        page.indexOf(`<h2 id="${name}">`),
        page.indexOf('</section>', page.indexOf(`<h2 id="${name}">`)),
      );
      expect(part.match(/<svg [^>]*role="img"/g)).toHaveLength(2);
      expect(part.match(/<svg [^>]*><title>/g)).toHaveLength(2);
      expect(part).toContain(title.replace('&', '&amp;'));
      expect(part).toContain('<details><summary>The numbers as a table</summary>');
    }
  });

  test('has no id twice', () => {
    const ids = [...page.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('is not harmed by what a machine calls itself', () => {
    expect(page).toContain('Sample &lt;CPU&gt; &amp; &quot;Co&quot;');
    expect(page).not.toContain('<CPU>');
  });

  test('shows the finished part of a run that was broken off at once', async () => {
    const empty = reportOf({
      ...sampleResult(),
      points: [],
      references: [],
      mesh: [],
      ended: 'the server ended with SIGSEGV\nlast line',
    });
    const short = await htmlPage(empty);
    expect(short).toContain('The run ended early: the server ended with SIGSEGV');
    expect(short).not.toContain('<svg');
    expect(short).not.toContain('NaN');
  });
});

test('a chart as a file of its own knows light and dark', async () => {
  const svg = await renderFile(chartsOf(report)[0]!);
  expect(svg).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg"/);
  expect(svg).toContain('prefers-color-scheme:dark');
  expect(marksIn(svg).length).toBe(marksIn(chart('cpu')).length);
});

test('bars stand beside each other only with as many viewers', () => {
  const without = (mode: string, speakers: number, viewers: number) =>
    mode === 'sfu' && speakers === 8 && viewers === 30;
  const { analysis } = reportOf(sampleResult({ without }));
  const shown = atSameViewers(analysis.parts);
  expect(shown.map(({ speakers, viewers }) => `${speakers} × ${viewers}`)).toEqual([
    ...Array(3).fill('1 × 30'),
    ...Array(3).fill('2 × 30'),
    ...Array(3).fill('4 × 30'),
    ...Array(3).fill('8 × 10'),
  ]);
});
