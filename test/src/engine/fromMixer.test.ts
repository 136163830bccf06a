import { describe, expect, test } from '@jest/globals';
import { LatencyHistogram } from '../../../mixer/latencyHistogram.ts';
import { writePicture } from '../../../mixer/protocol/picture.ts';
import { Source } from '../../../mixer/source.ts';
import { roomStats } from '../../../mixer/stats.ts';
import type { Ticker } from '../../../mixer/ticker.ts';
import { isPicture, parseControl } from '../../../src/engine/fromMixer.ts';

const json = (message: unknown): Buffer => Buffer.from(JSON.stringify(message));

describe('control messages', () => {
  test('known ones pass', () => {
    const nack = { type: 'nack', track: 3, sequences: [0, 65535] };
    expect(parseControl(json(nack))).toEqual(nack);
  });

  test('statistics pass as the mixer writes them, with sources and encoders', () => {
    const stats = roomStats(
      { ticks: 60, takeLatenessP99Ms: () => 1.5 } as Ticker,
      { skippedTicks: 1, stats: () => [], latency: new LatencyHistogram().histogram },
      {
        stats: () => [{ encoder: 2, frames: 50, keyFrames: 50, encodeMsMean: 0, bytes: 900 }],
        latency: new LatencyHistogram(),
      },
      [new Source('ada', 'camera')],
    );
    expect(parseControl(json(stats))).toEqual(stats);
  });

  test.each([
    ['no JSON', Buffer.from('{')],
    ['no object', json([1])],
    ['an unknown type', json({ type: 'shutdown' })],
    ['a number out of range', json({ type: 'nack', track: 70000, sequences: [] })],
    ['a list too long', json({ type: 'nack', track: 1, sequences: Array(2000).fill(1) })],
    [
      'a rectangle of words',
      json({ type: 'placed', tiles: [{ participant: 'a', kind: 'camera', picture: { x: 'a' } }] }),
    ],
  ])('%s is none', (_, payload) => {
    expect(parseControl(payload)).toBeUndefined();
  });
});

describe('pictures', () => {
  const whole = writePicture({
    keyFrame: true,
    rtpTimestamp: 1,
    ptsUs: 2,
    packets: [Buffer.alloc(1200, 1), Buffer.alloc(13)],
  });

  test('a whole one passes', () => expect(isPicture(whole)).toBe(true));

  test('cut anywhere or with anything behind it, it is none', () => {
    for (let end = 0; end < whole.length; end++) expect(isPicture(whole.subarray(0, end))).toBe(false);
    expect(isPicture(Buffer.concat([whole, Buffer.alloc(1)]))).toBe(false);
  });

  test('packets must be longer than an RTP header and fit a datagram', () => {
    const of = (length: number) =>
      writePicture({ keyFrame: false, rtpTimestamp: 0, ptsUs: 0, packets: [Buffer.alloc(length)] });
    expect([11, 12, 1500, 1501].map((length) => isPicture(of(length)))).toEqual([false, true, true, false]);
  });
});
