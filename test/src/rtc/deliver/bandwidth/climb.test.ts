/** The ways back up that need a probe of their own. */

import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { Advice } from '../../../../../src/rtc/deliver/advice.ts';
import type { OfferedCodec } from '../../../../../src/rtc/sdp/codecs.ts';
import { vp8 } from '../viewers.ts';
import { NarrowViewer, type Network } from './narrowViewer.ts';

const viewers: NarrowViewer[] = [];
beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['hrtime', 'performance'] });
});
afterEach(() => {
  for (const each of viewers.splice(0)) each.close();
  jest.useRealTimers();
});

function viewer(network: Partial<Network> = {}, seed = 1, codec?: OfferedCodec): NarrowViewer {
  const made = new NarrowViewer(network, seed, codec);
  viewers.push(made);
  return made;
}

/** When the picture had its last height for good, in seconds. */
const settledS = (one: NarrowViewer) => one.heights.at(-1)![0];
const heightsAfter = (one: NarrowViewer, atS: number) => [
  ...new Set(one.heights.filter(([s]) => s > atS).map(([, height]) => height)),
];

test('who unpins a lower quality on a narrow network goes on with what fits', () => {
  const one = viewer({ kbps: 400 });
  one.run(20);
  one.limit(180);
  one.run(20);
  const [lost, keyFrames] = [one.soundLost, one.keyFrames];
  one.limit(null);
  one.run(5);
  expect(heightsAfter(one, 20)).toEqual([]);
  expect([one.soundLost, one.keyFrames]).toEqual([lost, keyFrames]);
  one.network.kbps = 10_000;
  one.run(60);
  expect(one.height).toBe(720);
});

describe('a viewer without RTX', () => {
  const plain = { ...vp8, rtx: undefined };

  test.each([
    [400, 180],
    [1_500, 360],
  ])('behind %d kbit/s keeps %d lines: a probe of padding says that there is no more', (kbps, height) => {
    const one = viewer({ kbps }, 1, plain);
    one.run(60);
    expect(one.height).toBe(height);
    expect(settledS(one)).toBeLessThan(5);
    expect(one.keyFrames).toBeLessThanOrEqual(3);
    expect(one.padding).toBeGreaterThan(10);
    const [lost, sent] = [one.soundLost, one.soundSent];
    one.run(60);
    expect(one.soundLost - lost).toBeLessThan((one.soundSent - sent) * 0.005);
  });

  test('climbs when its network widens, and sees one stream without a gap', () => {
    const one = viewer({ kbps: 400 }, 1, plain);
    one.run(20);
    one.network.kbps = 10_000;
    one.run(40);
    expect(one.height).toBe(720);
    expect(one.missing).toBe(0);
  });

  test('whose padding is lost has it sent again: to its decoder it is a gap like any other', () => {
    const one = viewer({ kbps: 400, loss: 0.05 }, 3, plain);
    one.run(10);
    one.network.kbps = 100_000;
    one.run(60);
    expect(one.height).toBe(720);
    one.network.loss = 0;
    one.run(2);
    expect(one.missing).toBe(0);
  });
});

describe('an encoder that was slowed down for its only viewer', () => {
  /** Behind 600 kbit/s, with the rung of 600 as the best there is; its encoder follows the advice. */
  function slowed(): { one: NarrowViewer; run(seconds: number): void; share(): number } {
    const one = viewer();
    const advice = new Advice();
    const encoder = one.encoders[1]!;
    const follow = (roomKbps: number | null) => {
      const [news] = advice.news([{ source: '360', rungKbps: encoder.kbps, roomKbps }], one.nowUs);
      if (news !== undefined) encoder.share = news.kbps / encoder.kbps;
      return news !== undefined;
    };
    const seen = () => {
      const kbps = one.adaptation.roomKbps(one.nowUs);
      return kbps === null ? null : kbps / 1.07;
    };
    one.shrink = (kbps) => follow(kbps / 1.07);
    one.limit(360);
    const run = (seconds: number) => {
      for (let second = 0; second < seconds; second++) {
        one.run(1);
        if (second % 3 === 2) follow(seen());
      }
    };
    run(6);
    one.network.kbps = 600;
    run(9);
    expect(one.height).toBe(360);
    expect(encoder.share).toBeLessThan(0.95);
    return { one, run, share: () => encoder.share };
  }

  test('has its own rate again within 15 s after the network has widened', () => {
    const { one, run, share } = slowed();
    one.network.kbps = 10_000;
    run(15);
    expect(share()).toBe(1);
    expect(one.height).toBe(360);
  });

  test('stays as it is while the network does', () => {
    const { one, run, share } = slowed();
    const [lost, sent] = [one.soundLost, one.soundSent];
    run(30);
    expect(share()).toBeLessThan(0.95);
    expect(one.height).toBe(360);
    expect(one.soundLost - lost).toBeLessThan((one.soundSent - sent) * 0.005);
  });

  test('is given up at once when it turns out that others keep its rate', () => {
    const one = viewer();
    one.limit(360);
    one.run(5);
    one.shrink = () => true;
    one.network.kbps = 600;
    for (let i = 0; i < 100 && one.shrinks.length === 0; i++) one.run(0.1);
    expect(one.height).toBe(360);
    one.adaptation.rateKept(one.nowUs);
    one.run(0.5);
    expect(one.height).toBe(180);
    // Nobody waits for anything any more.
    one.adaptation.rateKept(one.nowUs);
    one.run(0.5);
    expect(one.height).toBe(180);
  });
});
