import { describe, expect, test } from '@jest/globals';
import { lagsBetween, ticksBetween } from '../../../../scripts/bench/fanout/lag.ts';
import { cpuLine, joinCpuMs, memoryLine, slopeUs } from '../../../../scripts/bench/fanout/law.ts';
import { parseFanoutOptions } from '../../../../scripts/bench/fanout/options.ts';
import type { FanoutPoint } from '../../../../scripts/bench/fanout/result.ts';
import { Scrape } from '../../../../scripts/bench/fanout/scrape.ts';
import { tableOf } from '../../../../scripts/bench/fanout/table.ts';
import { faultsOf } from '../../../../scripts/bench/fanout/verdict.ts';

/** A server that takes 0.05 core by itself and 8 µs for each packet, 20 MB and 300 kB for each viewer. */
function pointOf(viewers: number, more: Partial<FanoutPoint> = {}): FanoutPoint {
  const packetsPerSecond = viewers * 290;
  const serverCpu = 0.05 + packetsPerSecond * 8e-6;
  return {
    viewers,
    why: [],
    seconds: 20,
    serverCpu,
    mixerCpu: 0.3,
    packetsPerSecond,
    cpuPerPacketUs: (serverCpu / packetsPerSecond) * 1e6,
    downlinkBps: 2_100_000,
    joinMs: { p50: 120, p95: 200, count: viewers },
    joinCpuMs: null,
    lossFraction: 0,
    freezes: 0,
    picturesPerSecond: 30,
    lagP99Ms: { main: 1, threads: [3] },
    mixerLateP99Ms: 2,
    memoryBytes: 20e6 + viewers * 300e3,
    generator: { cpu: [0.1, 0.4], lagMs: 3 },
    machineBusy: 0.6,
    othersBusy: 0.01,
    ...more,
  };
}

describe('options', () => {
  test('are what is asked for, viewers ascending and each once', () => {
    expect(parseFanoutOptions([])).toEqual({
      viewers: [10, 50, 100, 200],
      seconds: 20,
      codec: 'vp8',
      workers: undefined,
      output: undefined,
    });
    const given = ['--viewers', '50,10,50', '--workers', '0', '--codec', 'h264'];
    expect(parseFanoutOptions(given)).toMatchObject({ viewers: [10, 50], workers: 0, codec: 'h264' });
  });

  test.each([
    [['--viewers', '10,'], /--viewers is "": whole numbers from 1 to 1000/],
    [['--viewers', '1.5'], /--viewers is "1.5"/],
    [['--seconds', '1'], /--seconds is "1": whole numbers from 2 to 3600/],
    [['--codec', 'av1'], /--codec is "av1": vp8, h264 are allowed/],
    [['--fast'], /--fast/],
  ])('%j is refused with the reason', (argv, reason) => {
    expect(() => parseFanoutOptions(argv)).toThrow(reason);
  });
});

describe('the law', () => {
  const points = [pointOf(10), pointOf(50), pointOf(100)];

  test('is the line that the points lie on', () => {
    const line = cpuLine(points)!;
    expect(line.slope * 1e6).toBeCloseTo(8, 6);
    expect(line.intercept).toBeCloseTo(0.05, 6);
    expect(slopeUs(points, 10, 100)).toBeCloseTo(8, 6);
    expect(slopeUs(points, 10, 200)).toBeNull();
    expect(memoryLine(points)!.slope).toBeCloseTo(300e3, 3);
  });

  test('leaves out what cannot be trusted, unless nothing else is there', () => {
    const wrong = pointOf(200, { serverCpu: 9, why: ['the machine was 99.0 % busy'] });
    expect(cpuLine([...points, wrong])!.slope * 1e6).toBeCloseTo(8, 6);
    expect(cpuLine([points[0]!, wrong])!.slope * 1e6).toBeGreaterThan(100);
    expect(cpuLine([points[0]!])).toBeNull();
  });

  test('tells joining from sending', () => {
    const joining = { joined: 10, seconds: 2, packets: 5_000, cpuS: 2 * 0.05 + 5_000 * 8e-6 + 10 * 0.009 };
    expect(joinCpuMs(joining, cpuLine(points))).toBeCloseTo(9, 6);
    expect(joinCpuMs({ ...joining, joined: 0 }, cpuLine(points))).toBeNull();
  });
});

test('a point is doubtful for each reason there is', () => {
  expect(faultsOf(pointOf(10))).toEqual([]);
  const generator = { cpu: [0.95], lagMs: 150 };
  const doubtful = {
    generator,
    machineBusy: 0.99,
    othersBusy: 0.2,
    lossFraction: 0.02,
    picturesPerSecond: 20,
  };
  expect(faultsOf(pointOf(10, doubtful))).toHaveLength(6);
});

test('a scrape gives values by family and label', () => {
  const scrape = new Scrape(
    [
      '# TYPE a_total counter',
      'a_total{room="x"} 5',
      'a_total{room="y \\"z\\""} 7',
      'rostrum_event_loop_delay_p99_seconds{thread="main"} 0.001',
      'rostrum_event_loop_delay_p99_seconds{thread="delivery-1"} 1e-3',
      'plain 3',
      '# EOF',
    ].join('\n'),
  );
  expect(scrape.sum('a_total')).toBe(12);
  expect(scrape.values('a_total', { room: 'x' })).toEqual([5]);
  expect(scrape.labelled('rostrum_event_loop_delay_p99_seconds', 'thread')).toEqual(['main', 'delivery-1']);
  expect(scrape.values('plain')).toEqual([3]);
  expect(scrape.values('nothing')).toEqual([]);
});

test('the table says what the points say, and what is doubtful', () => {
  const points = [pointOf(10), pointOf(100, { why: ['the machine was 99.0 % busy'] })];
  const text = tableOf({
    command: '',
    date: '',
    machine: { model: '', cores: 2, memoryBytes: 0, kernel: '' },
    versions: { node: '' },
    job: { codec: 'vp8', width: 1280, height: 720, kbps: 2_000, seconds: 20, workers: null },
    points,
    cpu: cpuLine(points),
    slope10To100Us: slopeUs(points, 10, 100),
    memory: memoryLine(points),
    ended: 'it was interrupted',
  });
  expect(text).toMatch(/^ +10 +2900 +0\.073 +0\.300 +25\.2 +120\/200 /m);
  expect(text).toMatch('server CPU = 0.050 + 8.00 µs × packets/s');
  expect(text).toMatch('from 10 to 100 viewers: 8.00 µs per packet');
  expect(text).toMatch('memory of a viewer: 300 kB');
  expect(text).toMatch('doubtful: 100 viewers: the machine was 99.0 % busy');
  expect(text).toMatch('it ended early: it was interrupted');
});

test('how late loops and mixers were between two scrapes', () => {
  const at = (main: number[], worker: number[], mixer: number[]) =>
    new Scrape(
      [
        ...histogram('rostrum_event_loop_delay_seconds', 'thread="main"', main),
        ...histogram('rostrum_event_loop_delay_seconds', 'thread="delivery-1"', worker),
        ...histogram('rostrum_mixer_tick_lateness_seconds', 'room="a"', mixer),
      ].join('\n'),
    );
  const before = at([900, 1_000, 1_000], [500, 600, 700], [10, 10, 10]);
  const after = at([1_900, 2_000, 2_000], [90, 100, 100], [110, 110, 110]);
  const lags = lagsBetween(before, after);
  expect([...lags.keys()]).toEqual(['main', 'delivery-1']);
  expect(lags.get('main')).toBeCloseTo(9.9);
  // Another thread of that name has begun anew.
  expect(lags.get('delivery-1')).toBeCloseTo(19);
  expect(ticksBetween(before, after)).toBeCloseTo(9.9);
});

/** Cumulative counts up to 10 ms, 20 ms, and all. */
function histogram(name: string, label: string, [ten, twenty, all]: number[]): string[] {
  const bucket = (le: string, count: number | undefined) => `${name}_bucket{${label},le="${le}"} ${count}`;
  return [bucket('0.01', ten), bucket('0.02', twenty), bucket('+Inf', all), `${name}_count{${label}} ${all}`];
}
