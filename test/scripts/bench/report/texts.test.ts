import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { reportOf } from '../../../../scripts/bench/report/analysis.ts';
import {
  between,
  performanceText,
  readResult,
  writeDocs,
  writeReport,
} from '../../../../scripts/bench/report/files.ts';
import { interval, number } from '../../../../scripts/bench/report/format.ts';
import { answers, references, tablesOf } from '../../../../scripts/bench/report/rows.ts';
import { parseResult, reportSchema, schemaDocument } from '../../../../scripts/bench/report/schema.ts';
import { sideBySide } from '../../../../scripts/bench/report/sideBySide.ts';
import { markdownOf, terminalText, textOf } from '../../../../scripts/bench/report/table.ts';
import { summary } from '../../../../scripts/bench/report/words.ts';
import { coresAt, sampleResult } from './sample.ts';

const report = reportOf(sampleResult({ viewers: [1, 10, 30, 60] }));

describe('numbers as people read them', () => {
  test.each([
    [0, '0'],
    [1234.6, '1235'],
    [56.78, '56.8'],
    [0.4321, '0.432'],
    [0.01234, '0.0123'],
    [-0.5, '-0.500'],
  ])('%d is %s', (value, expected) => expect(number(value)).toBe(expected));

  test('an interval may have one end', () => {
    expect(interval(1, 2)).toBe('1.00 to 2.00');
    expect(interval(1, null)).toBe('from 1.00');
    expect(interval(null, 2)).toBe('up to 2.00');
    expect(interval(null, null)).toBe('interval not known');
  });
});

describe('the terminal', () => {
  test('has columns that stand below each other', () => {
    const table = {
      title: 'T',
      columns: ['mode', 'n'],
      rows: [
        ['mixing', '1'],
        ['sfu', '100'],
      ],
    };
    expect(textOf(table)).toBe('T\nmode      n\nmixing    1\nsfu     100');
  });

  test('shows every table that has rows, and the answer last', () => {
    const text = terminalText(report);
    for (const { title } of tablesOf(report)) expect(text).toContain(title);
    expect(text).not.toContain('Not measured: predicted');
    expect(text.lastIndexOf('The break-even')).toBeGreaterThan(text.indexOf('Growth'));
    expect(text).not.toMatch(/NaN|undefined|null/);
  });
});

describe('the answer in words', () => {
  const text = summary(report).join('\n');

  test('says what was measured, and on what', () => {
    expect(text).toContain('Sample <CPU> & "Co" with 2 cores');
    expect(text).toContain(
      '1, 2, 4 and 8 speakers and 1, 10, 30 and 60 viewers, 5 s for each point, 96 valid points',
    );
  });

  test('says the break-even of each number of speakers, or that there is none', () => {
    // 4 speakers: 0.374 / 0.0073 = 51.2 viewers; exact lines leave no room in the interval.
    expect(text).toContain('with 4 speakers 51 viewers (51 to 51)');
    expect(text).toMatch(/with 2 speakers \d+ viewers \(\d+ to \d+\), predicted;/);
    expect(text).toContain(
      'streams that fit their tiles, from where on mixing takes less of the server’s CPU: with 1 speaker never',
    );
  });

  test('says what it does not mean, and how many points do not count', () => {
    expect(text).toContain('What it does not');
    const points = report.points.map((point, at) => ({ ...point, valid: at > 2 }));
    expect(summary(reportOf({ ...report, points }))[0]).toContain('93 valid points (3 more do not count)');
  });
});

test('without valid points there is no answer, but the reason', () => {
  const points = report.points.map((point, at) => ({
    ...point,
    valid: false,
    why: [`other programs took ${70 + (at % 9)} % of the machine`, ...(at === 0 ? ['something else'] : [])],
  }));
  const text = summary(reportOf({ ...report, points })).join('\n');
  expect(text).toContain('0 valid points (96 more do not count)');
  expect(text).toContain('There is no answer');
  expect(text).toContain('most often other programs took … % of the machine');
  expect(text).not.toContain('What it means');
});

test('side by side stand mixing, forwarding and mesh', () => {
  const { columns, rows } = sideBySide(report);
  expect(columns).toEqual(['', 'mixing', 'forwarding', 'forwarding, fitted', 'mesh']);
  expect(rows[0]).toEqual([
    'server CPU, cores',
    ...(['mcu', 'sfu', 'sfu-fit'] as const).map((mode) => number(coresAt(mode, 4, 60))),
    '0',
  ]);
  expect(rows[2]!.at(-1)).toBe('63.0');
});

test('what scatter hides is a dash', () => {
  const hidden = { ...report.references[2]!, further: { theirs: 0.009, ours: null } };
  expect(references({ references: [hidden] }).rows[0]!.slice(3, 5)).toEqual([
    '0.250 cores, 9.00 mcore per further one',
    '0.200, – mcore per further one',
  ]);
});

test('a reference that was left out says why, and what one more of the audience takes stands beside the whole', () => {
  expect(references(report).rows).toEqual([
    ['gstreamer', '1.22.0', 'four speakers into one program', '0.400 cores', '0.300', '0.750'],
    ['janus-videoroom', '–', 'forwarding', 'left out: janus is not installed', '–', '–'],
    [
      ...['janus-audiobridge', '1.1.2', 'sound alone'],
      ...['0.250 cores, 9.00 mcore per further one', '0.200, 0.800 mcore per further one', '0.800'],
    ],
  ]);
});

describe('files', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rostrum-report-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test('the JSON is the report, and reads back as the result it was made of', async () => {
    const json = join(folder, 'deep/bench.json');
    const result = sampleResult({ noise: 0.05 });
    const written = await writeReport(result, { json });
    expect(JSON.parse(await readFile(json, 'utf8'))).toEqual(JSON.parse(JSON.stringify(written)));
    expect(await readResult(json)).toEqual(result);
    expect(await readFile(join(folder, 'deep/bench.html'), 'utf8')).toContain('<!doctype html>');
  });

  test('what is no result is refused with the reason', async () => {
    await expect(readResult(join(folder, 'none.json'))).rejects.toThrow('npm run bench writes it');
    await writeFile(join(folder, 'text.json'), 'hello');
    await expect(readResult(join(folder, 'text.json'))).rejects.toThrow('is not JSON');
    const result = sampleResult();
    const wrong = { ...result, points: [{ ...result.points[0], speakers: 'four' }] };
    expect(() => parseResult(JSON.stringify(wrong), 'x.json')).toThrow('points.0.speakers');
    expect(() => parseResult('{"version":2}', 'x.json')).toThrow('version');
  });

  test('a document gets its part between its marks', () => {
    const page = 'before\n<!-- bench -->\nold\n<!-- /bench -->\nafter\n';
    const text = between(page, 'x.md', performanceText(report));
    expect(text).toContain(markdownOf(answers(report)));
    expect(text).not.toContain('old');
    expect(text).toMatch(/^before\n<!-- bench -->\n/);
    expect(text).toMatch(/<!-- \/bench -->\nafter\n$/);
    expect(between(text, 'x.md', performanceText(report))).toBe(text);
    expect(() => between('nothing', 'x.md', '')).toThrow('x.md has no <!-- bench -->');
  });

  test('the kept report stands in the documents, with charts that are files', async () => {
    await mkdir(join(folder, 'docs'), { recursive: true });
    for (const name of ['README.md', 'docs/performance.md']) {
      await writeFile(join(folder, name), '# T\n<!-- bench -->\n<!-- /bench -->\n');
    }
    await writeDocs(report, folder);
    const readme = await readFile(join(folder, 'README.md'), 'utf8');
    const shown = [...readme.matchAll(/!\[[^\]]+\]\(([^)]+)\)/g)].map(([, file]) => file!);
    expect(shown).toEqual(['docs/bench-cpu.svg', 'docs/bench-client.svg']);
    for (const file of shown) expect(await readFile(join(folder, file), 'utf8')).toMatch(/^<svg /);
    expect(readme).toContain('with 4 speakers 51 viewers (51 to 51)');
    expect(await readFile(join(folder, 'docs/performance.md'), 'utf8')).toContain('**Growth');
  });
});

test('the schema in docs is the one that reports are read with', () => {
  const root = join(import.meta.dirname, '../../../..');
  expect(readFileSync(join(root, 'docs/bench-schema.json'), 'utf8')).toBe(schemaDocument());
  expect(reportSchema.parse(report)).toEqual(report);
});
