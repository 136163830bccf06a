import { expect, test } from '@jest/globals';
import { Trials } from '../../../src/engine/trials.ts';

test('what one mixer after the other was told of without a word is given up, and may be tried again', () => {
  const trials = new Trials(2, 1);
  expect([1, 2, 3].map(() => trials.begin('film'))).toEqual([true, true, false]);
  expect(trials.begin('film')).toBe(true);
});

test('enough reports from one mixer clear it; those of several do not add up', () => {
  const trials = new Trials(2, 2);
  trials.begin('film');
  trials.report('film');
  trials.begin('film');
  trials.report('film');
  expect(trials.begin('film')).toBe(false);
  for (let mixer = 0; mixer < 5; mixer++) {
    expect(trials.begin('logo')).toBe(true);
    for (let i = 0; i < 3; i++) trials.report('logo');
  }
});

test('what did no harm before is suspected after what is new', () => {
  const trials = new Trials(1, 1);
  trials.begin('old');
  trials.report('old');
  expect([1, 2].map(() => [trials.begin('old'), trials.begin('new')])).toEqual([
    [true, true],
    [true, false],
  ]);
  expect([3, 4].map(() => trials.begin('old'))).toEqual([true, false]);
});

test('the mixer that runs may clear what it is told of', () => {
  const trials = new Trials(1, 1);
  trials.meet('logo');
  trials.report('logo');
  expect([1, 2, 3, 4].map(() => trials.begin('logo'))).toEqual([true, true, true, false]);
});

test('what is forgotten has all its chances anew, and reports of the unknown mean nothing', () => {
  const trials = new Trials(1, 1);
  trials.begin('film');
  trials.forget('film');
  trials.report('nothing');
  expect(trials.begin('film')).toBe(true);
});

test('a mixer that died of nothing it was told, or not at all, does not count', () => {
  const trials = new Trials(1, 1);
  trials.meet('logo');
  for (let mixer = 0; mixer < 5; mixer++) {
    expect(trials.begin('logo')).toBe(true);
    trials.acquit();
  }
  expect([1, 2].map(() => trials.begin('logo'))).toEqual([true, false]);
});
