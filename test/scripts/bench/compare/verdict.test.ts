import { expect, test } from '@jest/globals';
import { faultsOf, starvedBy } from '../../../../scripts/bench/compare/verdict.ts';
import { pointOf } from './points.ts';

test('an ordinary point is valid', () => {
  expect(faultsOf(pointOf())).toEqual([]);
});

test.each([
  [
    { generatorCpu: { publishers: 0.1, viewers: 0.93 } },
    "the generator's viewers needed 0.93 of the one core",
  ],
  [{ generatorLagMs: { publishers: 60, viewers: 0 } }, "the generator's publishers were up to 60 ms late"],
  [{ machineBusy: 0.99 }, 'the machine was 99 % busy'],
])('%j means that the generator starved', (rest, sentence) => {
  expect(starvedBy(pointOf(rest)).join()).toContain(sentence);
  expect(faultsOf(pointOf(rest))).toEqual(starvedBy(pointOf(rest)));
});

test.each([
  [{ othersBusy: 0.2 }, 'other programs took 20 % of the machine'],
  [{ lossFraction: 0.03 }, 'viewers missed 3.0 % of the packets'],
  [{ picturesPerSecond: 21.5 }, 'viewers had 21.5 pictures a second instead of 30'],
])('%j makes a point doubtful, but is not the generator’s doing', (rest, sentence) => {
  expect(starvedBy(pointOf(rest))).toEqual([]);
  expect(faultsOf(pointOf(rest))).toEqual([sentence]);
});
