/** A minute behind simulated networks, each a few milliseconds of ours. */

import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { writeNack, writeRemb } from '../../../../../src/rtc/rtcp/feedback.ts';
import { writeReceiverReport } from '../../../../../src/rtc/rtcp/reports.ts';
import { NarrowViewer, type Network } from './narrowViewer.ts';

const viewers: NarrowViewer[] = [];
beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['hrtime', 'performance'] });
});
afterEach(() => {
  for (const each of viewers.splice(0)) each.close();
  jest.useRealTimers();
});

function viewer(network: Partial<Network> = {}, seed = 1): NarrowViewer {
  const made = new NarrowViewer(network, seed);
  viewers.push(made);
  return made;
}

/** When the picture had its last height for good, in seconds. */
const settledS = (one: NarrowViewer) => one.heights.at(-1)![0];
const heightsAfter = (one: NarrowViewer, atS: number) => [
  ...new Set(one.heights.filter(([s]) => s > atS).map(([, height]) => height)),
];

describe('what fits is found within 5 s, and kept', () => {
  test.each([
    [400, 180],
    [800, 360],
    [1_500, 360],
    [3_000, 720],
    [50_000, 720],
  ])('%d kbit/s: %d lines', (kbps, height) => {
    const one = viewer({ kbps });
    one.run(60);
    expect(one.height).toBe(height);
    expect(settledS(one)).toBeLessThan(5);
    // Down, and a few probes that nobody sees: each rung costs a key frame once.
    expect(one.keyFrames).toBeLessThanOrEqual(3);
  });

  test.each([120, 260])('%d kbit/s: sound alone, for a picture would spoil it', (kbps) => {
    const one = viewer({ kbps });
    one.run(10);
    expect(one.height).toBe(0);
    const [lost, sent] = [one.soundLost, one.soundSent];
    one.run(50);
    // Whatever is tried later, sound comes through.
    expect((one.soundLost - lost) / (one.soundSent - sent)).toBeLessThan(0.02);
  });

  test('of sound hardly anything is lost once it has settled', () => {
    const one = viewer({ kbps: 400 });
    one.run(2);
    const lost = one.soundLost;
    one.run(58);
    expect(one.soundLost - lost).toBeLessThan(58 * 50 * 0.02);
  });

  test('a queue of seconds is noticed without any loss', () => {
    const one = viewer({ kbps: 400, queueMs: 20_000 });
    one.run(12);
    expect(one.height).toBeLessThanOrEqual(180);
    one.run(48);
    expect(one.soundLost).toBe(0);
    one.soundDelayMs = 0;
    one.run(5);
    expect(one.soundDelayMs).toBeLessThan(1_000);
  });
});

describe('loss that is the network’s nature', () => {
  test.each([0.02, 0.05, 0.1])('%d is repaired, not fled from', (loss) => {
    const one = viewer({ loss });
    one.run(60);
    expect(one.height).toBe(720);
    expect(one.track.outlet.retransmissions).toBeGreaterThan(one.track.outlet.packets * loss * 0.8);
  });

  test('5 %, other chances', () => {
    for (let seed = 2; seed < 8; seed++) {
      const one = viewer({ loss: 0.05 }, seed);
      one.run(60);
      expect(one.heights.at(-1)![1]).toBe(720);
      expect(one.keyFrames).toBe(1);
    }
  });

  test('a round trip of 300 ms is nothing to complain of', () => {
    const one = viewer({ delayMs: 150, loss: 0.01 });
    one.run(60);
    expect(heightsAfter(one, 0.2)).toEqual([]);
    expect(one.height).toBe(720);
  });
});

describe('changes', () => {
  test('a network that narrows is followed at once, one that widens after a probe', () => {
    const one = viewer();
    one.run(20);
    expect(one.height).toBe(720);
    one.network.kbps = 400;
    one.run(3);
    expect(one.height).toBe(180);
    one.run(17);
    expect(one.height).toBe(180);
    one.network.kbps = 10_000;
    one.run(60);
    expect(one.height).toBe(720);
  });

  test('failed probes become rare', () => {
    const one = viewer({ kbps: 400 });
    one.run(180);
    // One a second would be 180 times half a megabit.
    const before = one.soundLost;
    one.run(120);
    expect(one.soundLost - before).toBeLessThan(120 * 50 * 0.005);
  });

  test('a network that was away is believed when it is back', () => {
    const one = viewer();
    one.run(10);
    one.silent = true;
    one.network.loss = 1;
    one.run(8);
    one.silent = false;
    one.network.loss = 0;
    one.run(10);
    expect(one.height).toBe(720);
  });

  test('the viewer’s own limit holds whatever the network could carry', () => {
    const one = viewer();
    one.limit(360);
    one.run(30);
    expect(one.height).toBe(360);
    one.limit(0);
    one.run(1);
    const { packets } = one.track.outlet;
    one.run(10);
    expect(one.track.outlet.packets).toBe(packets);
    one.limit(null);
    one.run(1);
    expect(one.height).toBe(720);
  });

  test('who looks away from a narrow network’s picture comes back to the one that fitted', () => {
    const one = viewer({ kbps: 400 });
    one.run(20);
    expect(one.height).toBe(180);
    one.limit(0);
    one.run(10);
    const lost = one.soundLost;
    one.limit(null);
    one.run(3);
    expect(one.height).toBe(180);
    expect(one.soundLost).toBe(lost);
  });

  test('what was narrow while little was asked for holds nothing back when more is', () => {
    const one = viewer({ kbps: 150 });
    one.limit(180);
    one.run(10);
    one.network.kbps = 100_000;
    one.run(70);
    expect(one.height).toBe(180);
    one.limit(null);
    one.run(20);
    expect(one.height).toBe(720);
    expect((one.nowUs - one.track.outlet.last!.ptsUs) / 1000).toBeLessThan(200);
  });

  test('a little too much is the encoder’s business where it can help', () => {
    const one = viewer();
    one.limit(360);
    one.run(5);
    one.network.kbps = 600;
    const encoder = one.encoders[1]!;
    one.shrink = (kbps) => {
      encoder.share = Math.max(0.6, kbps / encoder.kbps);
      return true;
    };
    one.run(60);
    expect(one.shrinks.length).toBeGreaterThan(0);
    expect(one.height).toBe(360);
    expect(encoder.share).toBeGreaterThan(0.6);
  });

  test('so is the smallest picture, before it is given up', () => {
    const one = viewer({ kbps: 230 });
    const encoder = one.encoders.at(-1)!;
    one.shrink = (kbps) => {
      encoder.share = Math.max(0.6, kbps / encoder.kbps);
      return true;
    };
    one.run(60);
    expect(one.height).toBe(180);
    expect(encoder.share).toBeLessThan(0.85);
    const [lost, sent] = [one.soundLost, one.soundSent];
    one.run(30);
    expect((one.soundLost - lost) / (one.soundSent - sent)).toBeLessThan(0.02);
  });
});

describe('absurd feedback', () => {
  test.each([1, 1e12, Number.MAX_SAFE_INTEGER])('REMB of %d bit/s, without loss or delay', (bps) => {
    const one = viewer();
    one.run(3);
    for (let second = 0; second < 20; second++) {
      one.feedback.push(writeRemb(1, bps, [one.track.outlet.ssrc]), one.nowUs);
      one.run(1);
      expect(one.adaptation.estimateKbps).toBeGreaterThanOrEqual(30);
      expect(one.adaptation.estimateKbps).toBeLessThanOrEqual(100_000);
    }
    expect(one.height).toBe(720);
  });

  test('a REMB that follows what arrives neither hinders a climb nor hastens it', () => {
    const one = viewer({ kbps: 400 });
    one.remb = true;
    one.run(20);
    expect(one.height).toBe(180);
    one.network.kbps = 10_000;
    one.run(60);
    expect(one.height).toBe(720);
  });

  test('10,000 NACKs, also for what was never sent', () => {
    const one = viewer();
    one.run(5);
    const { outlet } = one.track;
    const bytesBefore = outlet.repairedBytes;
    const cpu = process.cpuUsage();
    for (let i = 0; i < 10_000; i++) {
      const from = (i * 37) & 0xffff;
      const sequences = Array.from({ length: 17 }, (_, at) => (from + at) & 0xffff);
      one.feedback.push(writeNack(1, outlet.ssrc, sequences), one.nowUs);
    }
    const { user, system } = process.cpuUsage(cpu);
    expect(user + system).toBeLessThan(1_000_000);
    one.run(1);
    expect(outlet.repairedBytes - bytesBefore).toBeLessThan(1_000 * 1_200);
    one.run(60);
    expect(one.height).toBe(720);
  });

  test('reports on streams that are not ours', () => {
    const one = viewer();
    one.run(3);
    const block = {
      ssrc: (one.track.outlet.ssrc + 1) >>> 0,
      ...{ fractionLost: 255, cumulativeLost: 0, highestSequence: 60_000, jitter: 0 },
      ...{ lastSenderReport: 1, delaySinceLastSenderReport: 0 },
    };
    for (let i = 0; i < 100; i++) {
      one.feedback.push(writeReceiverReport(1, [{ ...block, highestSequence: 60_000 + i * 100 }]), one.nowUs);
    }
    one.run(5);
    expect(one.feedback.lossFraction).toBe(0);
    expect(one.height).toBe(720);
  });

  test('our own stream, all lost, reported a hundred times a second: only the liar is served less', () => {
    const one = viewer();
    one.run(3);
    const block = {
      ssrc: one.track.outlet.ssrc,
      ...{ fractionLost: 255, cumulativeLost: 0, jitter: 0xffffffff },
      ...{ lastSenderReport: 0x7fffffff, delaySinceLastSenderReport: 0 },
    };
    for (let i = 0; i < 500; i++) {
      one.feedback.push(
        writeReceiverReport(1, [{ ...block, highestSequence: (i * 1_000) & 0xffff }]),
        one.nowUs,
      );
      one.run(0.01);
    }
    expect(one.height).toBeLessThan(720);
    one.run(180);
    expect(one.height).toBe(720);
  });
});
