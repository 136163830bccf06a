import { expect, test } from '@jest/globals';
import type { RunResult } from '../../../scripts/bench/runs/run.ts';
import { compare, compareStill } from '../../../scripts/bench/verdict.ts';

function run(side: RunResult['side'], cpu: number, changes: Partial<RunResult> = {}): RunResult {
  return {
    side,
    cpu: { seconds: 20, cpuS: cpu * 20, machineBusy: 0.3, othersBusy: 0 },
    cpuPerMediaS: cpu,
    picturesPerS: 30,
    videoKbps: 2000,
    quality: { psnrYDb: 40, pictures: 600, unreadable: 0 },
    ...changes,
  };
}

test('the ratio is that of the means', () => {
  const { ratio, faults } = compare('vp8', [
    ...[run('mixer', 0.3), run('native', 0.28), run('mixer', 0.36), run('native', 0.32)],
  ]);
  expect(ratio).toBeCloseTo(0.66 / 0.6);
  expect(faults).toEqual([]);
});

test('what the reference needs for the smaller pictures is told beside', () => {
  const { ratio, floor } = compare(
    'vp8',
    [run('mixer', 0.21), run('native', 0.3), run('floor', 0.18)],
    false,
  );
  expect([ratio, floor]).toEqual([0.7, 0.6].map((value) => expect.closeTo(value)));
  expect(compare('vp8', [run('mixer', 0.21), run('native', 0.3)]).floor).toBeUndefined();
});

test.each<[string, Partial<RunResult>]>([
  ['too few pictures', { picturesPerS: 29.4 }],
  ['a worse picture', { quality: { psnrYDb: 39.65, pictures: 600, unreadable: 0 } }],
  ['a lower rate', { videoKbps: 1930 }],
  ['a higher rate', { videoKbps: 2070 }],
  ['pictures that match nothing', { quality: { psnrYDb: 40, pictures: 500, unreadable: 100 } }],
  ['no picture at all', { quality: { psnrYDb: Number.NaN, pictures: 0, unreadable: 0 } }],
  ['a busy machine', { cpu: { seconds: 20, cpuS: 6, machineBusy: 0.9, othersBusy: 0.5 } }],
])('%s makes a comparison invalid', (_, changes) => {
  expect(compare('vp8', [run('mixer', 0.3, changes), run('native', 0.3)]).faults).not.toEqual([]);
});

test('a better picture is no fault', () => {
  const better = { quality: { psnrYDb: 41, pictures: 600, unreadable: 0 } };
  expect(compare('h264', [run('mixer', 0.3, better), run('native', 0.3)]).faults).toEqual([]);
});

test('of pictures that were not the same only the rates are compared', () => {
  const other = { quality: { psnrYDb: 38, pictures: 600, unreadable: 0 } };
  expect(compare('vp8', [run('mixer', 0.2, other), run('native', 0.3)], false).faults).toEqual([]);
  const lower = { ...other, videoKbps: 1900 };
  expect(compare('vp8', [run('mixer', 0.2, lower), run('native', 0.3)], false).faults).toHaveLength(1);
});

test('a still slide is held against four who move, whatever their pictures are like', () => {
  const still = { ...run('mixer', 0.12), side: 'still' as const, videoKbps: 300 };
  const { ratio, faults } = compareStill('vp8', [still, run('mixer', 0.3)]);
  expect(ratio).toBeCloseTo(0.4);
  expect(faults).toEqual([]);
});

test('a still slide whose speaker stands still, too, is no comparison', () => {
  const still = { ...run('mixer', 0.1), side: 'still' as const, picturesPerS: 15 };
  expect(compareStill('vp8', [still, run('mixer', 0.3)]).faults).toEqual(['still: only 15.00 pictures/s']);
});
