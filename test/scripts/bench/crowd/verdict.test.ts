import { describe, expect, test } from '@jest/globals';
import { parseCrowdOptions } from '../../../../scripts/bench/crowd/options.ts';
import { stages, tableOf, verdictOf } from '../../../../scripts/bench/crowd/verdict.ts';
import type { MixerFigures, RunFigures } from '../../../../scripts/bench/runs/run.ts';

const [sixteen, twentyFive] = stages;

/** A run with so many ticks in the bins up to 5, 10, 15 ms and beyond. */
function run(
  counts: number[],
  changes: Partial<RunFigures> = {},
  mixer: Partial<MixerFigures> = {},
): RunFigures {
  return {
    side: 'mixer',
    cpu: { seconds: 20, cpuS: 15, machineBusy: 0.4, othersBusy: 0 },
    cpuPerMediaS: 0.75,
    picturesPerS: 30,
    videoKbps: 2000,
    mixer: {
      tickLatenessP99Ms: 4,
      tickLateness: { boundsMs: [5, 10, 15], counts, sumMs: 0 },
      lateTicks: 0,
      encodeMsMean: 3,
      audioPacketsPerS: 50,
      nacks: 0,
      keyFramesWanted: 0,
      feederWorstLateMs: 1,
      ...mixer,
    },
    ...changes,
  };
}

describe('the verdict on a crowd', () => {
  test('99 of 100 ticks within 10 ms are kept', () => {
    const result = verdictOf(sixteen!, 'h264', run([970, 20, 10, 0]));
    expect(result).toMatchObject({ tickLatenessP99Ms: 10, ticksInTime: 0.99, faults: [] });
  });

  test('98 are not, and the fault says how many', () => {
    const result = verdictOf(twentyFive!, 'vp8', run([960, 20, 20, 0]));
    expect(result.tickLatenessP99Ms).toBe(15);
    expect(result.faults).toEqual(['only 98.0 % of the ticks began within 10 ms']);
    expect(tableOf([result])).toMatch(/^25 × 360p30 vp8 .*≤ 15 ms.*broken: only 98\.0 %/);
  });

  test('beyond the last bin there is no bound to tell', () => {
    expect(verdictOf(sixteen!, 'h264', run([900, 0, 0, 100])).tickLatenessP99Ms).toBeNull();
  });

  test.each<[string, RunFigures]>([
    ['pictures', run([100, 0, 0, 0], { picturesPerS: 27.3 })],
    ['packets of sound', run([100, 0, 0, 0], {}, { audioPacketsPerS: 41 })],
  ])('missing %s are a fault', (what, given) => {
    expect(verdictOf(sixteen!, 'vp8', given).faults).toEqual([expect.stringContaining(what)]);
  });
});

describe('options', () => {
  test('without any, both codecs for 20 s', () => {
    expect(parseCrowdOptions([])).toMatchObject({ seconds: 20, warmUp: 8, codecs: ['vp8', 'h264'] });
  });

  test('what is out of range is refused with the reason', () => {
    expect(() => parseCrowdOptions(['--seconds', '1'])).toThrow(/--seconds is "1": a number from 5 to 3600/);
  });
});
