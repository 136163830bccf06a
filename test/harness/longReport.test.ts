import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type Figures, type Limit, LongReport } from './longReport.ts';

const QUIET = 1;
const BUSY = -1;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rostrum-report-'));
});
afterEach(() => rm(folder, { recursive: true }));

const written = async () => JSON.parse(await readFile(join(folder, 'a.json'), 'utf8')).cases;
const finds = (late: number) => async (figures: Figures) => {
  figures.late = late;
  return [['late', late, '<=', 20]] satisfies Limit[];
};

test('each case is kept beside those of earlier runs', async () => {
  await new LongReport('a', folder).case('one', finds(5), QUIET);
  await new LongReport('a', folder).case('two', finds(6), QUIET);
  await new LongReport('a', folder).case('two', finds(7), QUIET);
  expect(await written()).toMatchObject({
    one: { verdict: 'good', why: [], late: 5 },
    two: { verdict: 'good', late: 7 },
  });
});

test('a missed limit fails the case, and is written down with its figures', async () => {
  const report = new LongReport('a', folder);
  await expect(report.case('one', finds(25), QUIET)).rejects.toThrow('one: late is 25, not <= 20');
  await expect(report.case('two', finds(Number.NaN), QUIET)).rejects.toThrow('late is NaN');
  expect(await written()).toMatchObject({
    one: { verdict: 'bad', why: ['late is 25, not <= 20'], late: 25 },
    two: { verdict: 'bad' },
  });
});

test('what was found until something broke is written down', async () => {
  const measure = async (figures: Figures) => {
    figures.until = 'then';
    throw new Error('it never came\nat all');
  };
  const broken = new LongReport('a', folder).case('one', measure, QUIET);
  await expect(broken).rejects.toThrow('it never came');
  expect(await written()).toMatchObject({
    one: { verdict: 'bad', why: ['it never came'], until: 'then' },
  });
});

test('on a busy machine nothing is good or bad', async () => {
  await new LongReport('a', folder).case('one', finds(25), BUSY);
  expect(await written()).toMatchObject({ one: { verdict: 'invalid', late: 25 } });
  expect((await written()).one.why).toEqual([
    expect.stringMatching(/^the machine was \d+ % busy$/),
    'late is 25, not <= 20',
  ]);
});
