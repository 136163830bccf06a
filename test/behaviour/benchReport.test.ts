import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { reportOf } from '../../scripts/bench/report/analysis.ts';
import { estimate } from '../../scripts/bench/report/calculator.ts';
import { htmlPage } from '../../scripts/bench/report/html/page.ts';
import { launchBrowser } from '../harness/browser.ts';
import { sampleResult } from '../scripts/bench/report/sample.ts';

const report = reportOf(sampleResult({ noise: 0.02, seed: 4 }));
let browser: Browser;
let page: Page;
const asked: string[] = [];
const complaints: string[] = [];

beforeAll(async () => {
  browser = await launchBrowser();
  page = await browser.newPage({ viewport: { width: 1000, height: 800 } });
  page.on('request', (request) => asked.push(request.url()));
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => complaints.push(message.text()));
  await page.setContent(await htmlPage(report));
});

afterAll(() => browser.close());

/** The calculator's rows: texts of their cells, by mode. */
const costs = async (): Promise<Record<string, string[]>> =>
  page.evaluate(`Object.fromEntries([...document.querySelectorAll('#costs tr')].map((row) =>
    [row.dataset.mode, [...row.children].map((cell) => cell.textContent)]))`);

describe('the report of the benchmark in a browser', () => {
  test('asks for nothing and complains of nothing', () => {
    expect(asked.filter((url) => !url.startsWith('about:'))).toEqual([]);
    expect(complaints).toEqual([]);
  });

  test('its calculator says what the fits say, and marks what was not measured', async () => {
    for (const event of [
      { speakers: 3, viewers: 20, minutes: 45 },
      { speakers: 6, viewers: 400, minutes: 90 },
    ]) {
      for (const [name, value] of Object.entries(event)) await page.fill(`[name=${name}]`, `${value}`);
      const shown = await costs();
      expect(Object.keys(shown)).toEqual(['mcu', 'sfu', 'sfu-fit']);
      for (const fit of report.analysis.estimators) {
        const cost = estimate(fit, event);
        const [name, cores, inGb, outGb, downlink, decode] = shown[fit.mode]!;
        expect(name!.startsWith('≈')).toBe(event.viewers > 30);
        expect([cores, inGb, outGb]).toEqual([
          cost.cores!.toFixed(2),
          cost.gigabytesIn.toFixed(1),
          cost.gigabytesOut.toFixed(1),
        ]);
        expect([downlink, decode]).toEqual([(cost.downlinkBps / 1e6).toFixed(2), cost.decodeCpu!.toFixed(3)]);
      }
    }
    // 6 speakers and 400 viewers, 1 Mbit/s to each of 405 others.
    expect(await page.textContent('#mesh-cost')).toContain('405.0 Mbit/s');
  });

  test('what is no event leaves the last answer standing', async () => {
    const before = await costs();
    await page.fill('[name=viewers]', '-3');
    await page.fill('[name=speakers]', '');
    expect(await costs()).toEqual(before);
  });

  test('on a phone charts are drawn for it, and only tables scroll sideways', async () => {
    const shown = () =>
      page.evaluate(`[...document.querySelectorAll('figure svg')].filter((svg) => svg.getBoundingClientRect().width > 0)
        .map((svg) => svg.getBoundingClientRect().width)`) as Promise<number[]>;
    const wide = await shown();
    await page.setViewportSize({ width: 320, height: 700 });
    const narrow = await shown();
    expect(wide).toHaveLength(4);
    expect(narrow).toHaveLength(4);
    for (const width of narrow) expect(width).toBeLessThanOrEqual(300);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(320);
  });

  test('in the dark its text and lines are light', async () => {
    const lightness = () =>
      page.evaluate(`(() => {
        const sum = (colour) => colour.match(/\\d+/g).slice(0, 3).map(Number).reduce((a, b) => a + b, 0);
        const axis = [...document.querySelectorAll('#cpu ~ figure .narrow text')].at(-1);
        return [sum(getComputedStyle(document.body).backgroundColor), sum(getComputedStyle(axis).fill)];
      })()`) as Promise<[paper: number, ink: number]>;
    await page.emulateMedia({ colorScheme: 'light' });
    const [whitePaper, darkInk] = await lightness();
    await page.emulateMedia({ colorScheme: 'dark' });
    const [darkPaper, lightInk] = await lightness();
    expect(whitePaper - darkInk).toBeGreaterThan(350);
    expect(lightInk - darkPaper).toBeGreaterThan(350);
  });
});
