import { describe, expect, test } from '@jest/globals';
import { analyse } from '../../../../scripts/bench/report/analysis.ts';
import { estimate, meshUplinkBps } from '../../../../scripts/bench/report/calculator.ts';
import { coresAt, law, sampleResult, streamBps } from './sample.ts';

describe('from exact measurements', () => {
  const analysis = analyse(sampleResult());

  test('each mode and number of speakers has its line', () => {
    expect(analysis.fits).toHaveLength(12);
    for (const { mode, speakers, line } of analysis.fits) {
      expect(line.intercept).toBeCloseTo(coresAt(mode, speakers, 0), 10);
      expect(line.slope).toBeCloseTo(law[mode].viewer + law[mode].both * speakers, 10);
      expect(line.points).toBe(6);
    }
  });

  test('growth gives the law back', () => {
    expect(analysis.growth.map(({ mode }) => mode)).toEqual(['mcu', 'sfu', 'sfu-fit']);
    for (const growth of analysis.growth) {
      expect(growth.base).toBeCloseTo(law[growth.mode].base, 10);
      expect(growth.perSpeaker).toBeCloseTo(law[growth.mode].speaker, 10);
      expect(growth.perViewer).toBeCloseTo(law[growth.mode].viewer, 10);
      expect(growth.perSpeakerViewer).toBeCloseTo(law[growth.mode].both, 10);
    }
  });

  test.each([
    [2, 'sfu'],
    [4, 'sfu'],
    [8, 'sfu'],
    [4, 'sfu-fit'],
    [8, 'sfu-fit'],
  ] as const)('%d speakers against %s break even where the laws cross', (speakers, against) => {
    const found = analysis.comparisons.find(
      (each) => each.speakers === speakers && each.against === against,
    )!;
    const crossing = found.viewers!;
    expect(coresAt('mcu', speakers, crossing)).toBeCloseTo(coresAt(against, speakers, crossing), 8);
    expect(found.kind).toBe(crossing <= 30 ? 'at' : 'beyond');
    const slope = law[against].viewer + law[against].both * speakers;
    expect(found.viewerRatio!.ratio).toBeCloseTo(law.mcu.viewer / slope, 8);
    expect(found.deliveryRatio!.ratio).toBeCloseTo(law.mcu.viewer / slope, 8);
    expect(found.savedPerViewer).toBeCloseTo(slope - law.mcu.viewer, 10);
    expect(found.downlinkRatio).toBeCloseTo((speakers * streamBps[against]) / streamBps.mcu, 8);
  });

  test('one speaker fitted to a tile is never dearer than mixing', () => {
    const found = analysis.comparisons.find((each) => each.speakers === 1 && each.against === 'sfu-fit');
    expect(found).toMatchObject({ kind: 'never', viewers: null });
  });

  test('parts sum to the total, and only profiled points are in them', () => {
    expect(analysis.parts).toHaveLength(36);
    for (const { sum, mode, speakers, viewers, total } of analysis.parts) {
      expect(sum).toBeCloseTo(1, 10);
      expect(total).toBeCloseTo(coresAt(mode, speakers, viewers), 10);
    }
  });

  test('a reference that ran has its ratio, one left out has none', () => {
    expect(analysis.references).toEqual([
      { name: 'gstreamer', unit: 'cores', theirs: 0.4, ours: 0.3, ratio: 0.3 / 0.4 },
      { name: 'janus-audiobridge', unit: 'cores', theirs: 0.25, ours: 0.2, ratio: 0.2 / 0.25 },
    ]);
  });

  test('nothing is predicted where everything was measured', () => {
    expect(analysis.predictions).toEqual([]);
  });
});

describe('what could not be measured', () => {
  test('is predicted by its own line, with an interval that holds the truth', () => {
    const without = (mode: string, speakers: number, viewers: number) =>
      mode === 'sfu' && speakers === 8 && viewers === 30;
    let held = 0;
    for (let seed = 1; seed <= 40; seed++) {
      const { predictions } = analyse(sampleResult({ noise: 0.02, seed, viewers: [1, 5, 10, 30], without }));
      expect(predictions).toHaveLength(1);
      const { low, high, from } = predictions[0]!;
      expect(from).toBe('line');
      const truth = coresAt('sfu', 8, 30);
      if (low! <= truth && truth <= high!) held++;
    }
    expect(held).toBeGreaterThanOrEqual(34);
  });

  test('is predicted by growth when no point of that many speakers is valid', () => {
    const without = (mode: string, speakers: number) => mode === 'sfu' && speakers === 8;
    const { predictions } = analyse(sampleResult({ without }));
    expect(predictions.map(({ viewers, from }) => [viewers, from])).toEqual([
      [1, 'growth'],
      [10, 'growth'],
      [30, 'growth'],
    ]);
    expect(predictions[2]!.cpu).toBeCloseTo(coresAt('sfu', 8, 30), 8);
  });

  test('points that are not valid count nowhere', () => {
    const result = sampleResult();
    const spoilt = {
      ...result,
      points: result.points.map((point) =>
        point.repetition === 2 ? { ...point, valid: false, cpu: { ...point.cpu, total: 99 } } : point,
      ),
    };
    const line = analyse(spoilt).fits[0]!.line;
    expect(line.points).toBe(3);
    expect(line.intercept).toBeCloseTo(coresAt('mcu', 1, 0), 10);
  });

  test('a run that was broken off at once gives no answer and no error', () => {
    const analysis = analyse({ ...sampleResult(), points: [], references: [], mesh: [] });
    expect(analysis).toMatchObject({ fits: [], growth: [], comparisons: [], clients: [], estimators: [] });
  });
});

describe('the calculator', () => {
  const { estimators } = analyse(sampleResult());
  const mixing = estimators[0]!;
  const forwarding = estimators[1]!;

  test('gives cores and gigabytes of an event', () => {
    const event = { speakers: 4, viewers: 20, minutes: 90 };
    const cost = estimate(forwarding, event);
    expect(cost.cores).toBeCloseTo(coresAt('sfu', 4, 20), 8);
    expect(cost.downlinkBps).toBeCloseTo(4 * streamBps.sfu, 4);
    expect(cost.gigabytesOut).toBeCloseTo((4 * streamBps.sfu * 20 * 90 * 60) / 8 / 1e9, 8);
    expect(cost.gigabytesIn).toBeCloseTo((streamBps.sfu * 4 * 90 * 60) / 8 / 1e9, 8);
    expect(cost.decodeCpu).toBeCloseTo(0.108, 8);
    expect(cost.predicted).toBe(false);
    expect(estimate(mixing, event).downlinkBps).toBeCloseTo(streamBps.mcu, 4);
  });

  test('says what is further out than was measured', () => {
    expect(estimate(mixing, { speakers: 9, viewers: 10, minutes: 1 }).predicted).toBe(true);
    expect(estimate(mixing, { speakers: 2, viewers: 31, minutes: 1 }).predicted).toBe(true);
  });

  test('has no cores to tell from one number of speakers', () => {
    const { estimators: few } = analyse(sampleResult({ speakers: [4] }));
    expect(estimate(few[0]!, { speakers: 4, viewers: 10, minutes: 1 }).cores).toBeNull();
  });

  test('in a mesh a speaker sends to everybody', () => {
    expect(meshUplinkBps(1e6, { speakers: 4, viewers: 10, minutes: 1 })).toBe(13e6);
  });
});
