import { describe, expect, jest, test } from '@jest/globals';
import { nowUs } from '../../../../src/rtc/clock.ts';
import { Forwarder } from '../../../../src/rtc/deliver/forwarder.ts';
import { payloadTypeOf, sequenceOf, ssrcOf, timestampOf } from '../../../../src/rtc/rtp/header.ts';
import { timestampDistance } from '../../../../src/rtc/sequence.ts';
import { PictureSource } from './pictures.ts';
import { expectContinuous, forwarders, source, start, viewer, vp8, wanted } from './viewers.ts';

describe('joining', () => {
  test('waits for a key frame, and wishes for one', () => {
    const forwarder = source();
    const { track, sent, started } = viewer(forwarder);
    const pictures = new PictureSource(start);
    track.open(nowUs());
    expect(wanted).toEqual(['program']);
    forwarder.push(pictures.next(), nowUs());
    expect(sent).toHaveLength(0);
    forwarder.push(pictures.next(true), nowUs());
    for (let i = 0; i < 30; i++) forwarder.push(pictures.next(), nowUs());
    expect(sent).toHaveLength(62);
    expect(started).toHaveBeenCalledTimes(1);
    expect(sequenceOf(sent[0]!)).toBeLessThanOrEqual(0x8000);
    expectContinuous(sent);
  });

  test('begins at once with a young group of pictures, caught up within milliseconds', () => {
    const forwarder = source();
    const pictures = new PictureSource(start);
    forwarder.push(pictures.next(true), 1_000_000);
    for (let i = 1; i < 10; i++) forwarder.push(pictures.next(), 1_000_000 + i * 33_000);
    const { track, sent } = viewer(forwarder);
    track.open(1_400_000);
    expect(wanted).toEqual([]);
    expect(sent).toHaveLength(20);
    expectContinuous(sent);
    expect(timestampDistance(timestampOf(sent.at(-1)!), timestampOf(sent[0]!))).toBe(9 * 90);
    forwarder.push(pictures.next(), 1_400_000);
    expectContinuous(sent);
    expect(timestampDistance(timestampOf(sent.at(-1)!), timestampOf(sent.at(-3)!))).toBe(3_000);
  });

  test('an old group is not replayed', () => {
    const forwarder = source();
    const pictures = new PictureSource(start);
    forwarder.push(pictures.next(true), 1_000_000);
    const { track, sent } = viewer(forwarder);
    track.open(2_100_000);
    expect(sent).toHaveLength(0);
    expect(wanted).toEqual(['program']);
  });

  test('fifty viewers at once are one request; no two share a number', () => {
    const forwarder = source();
    const viewers = Array.from({ length: 50 }, () => viewer(forwarder));
    for (const { track } of viewers) track.open(nowUs());
    expect(wanted).toEqual(['program']);
    forwarder.push(new PictureSource(start).next(true), nowUs());
    expect(viewers.every(({ sent }) => sent.length === 2)).toBe(true);
    expect(new Set(viewers.map(({ sent }) => ssrcOf(sent[0]!))).size).toBe(50);
  });

  test('a source that is described later is waited for', () => {
    const forwarder = new Forwarder('late', () => wanted.push('late'));
    forwarders.push(forwarder);
    const { track, sent } = viewer(forwarder);
    track.open(nowUs());
    expect(wanted).toEqual([]);
    forwarder.describe({ source: 'late', media: 'video', codec: 'vp8' });
    expect(wanted).toEqual(['late']);
    forwarder.push(new PictureSource(start).next(true), nowUs());
    expect(sent).toHaveLength(2);
  });
});

describe('changes', () => {
  test('another source follows without a seam, from its key frame on', () => {
    const [one, other] = [source('one'), source('other')];
    const [first, second] = [
      new PictureSource(start),
      new PictureSource({ ...start, sequence: 7, timestamp: 99, pictureId: 3 }),
    ];
    const { track, sent } = viewer(one);
    track.open(nowUs());
    one.push(first.next(true), nowUs());
    track.select(other, nowUs());
    expect(wanted).toEqual(['one', 'other']);
    second.ptsUs = first.ptsUs;
    one.push(first.next(), nowUs());
    other.push(second.next(), nowUs());
    expect(sent).toHaveLength(4);
    other.push(second.next(true), nowUs());
    one.push(first.next(), nowUs());
    other.push(second.next(), nowUs());
    expect(sent).toHaveLength(8);
    expectContinuous(sent);
    // Time goes on as it did: the second source's key frame is two pictures after the last one sent.
    expect(timestampDistance(timestampOf(sent[4]!), timestampOf(sent[2]!))).toBe(3_000);
  });

  test('a restarted source goes on at its key frame, in time', () => {
    const forwarder = source();
    const { track, sent } = viewer(forwarder);
    const before = new PictureSource(start);
    track.open(nowUs());
    forwarder.push(before.next(true), nowUs());
    forwarder.restart();
    const after = new PictureSource({
      sequence: 1,
      timestamp: 1,
      pictureId: 1,
      ptsUs: before.ptsUs + 966_667,
    });
    forwarder.push(after.next(), nowUs());
    expect(sent).toHaveLength(2);
    expect(wanted).toHaveLength(1);
    jest.advanceTimersByTime(300);
    expect(wanted).toHaveLength(2);
    forwarder.push(after.next(true), nowUs());
    expectContinuous(sent);
    const gap = timestampDistance(timestampOf(sent[2]!), timestampOf(sent[0]!));
    expect(Math.abs(gap - 93_000)).toBeLessThanOrEqual(1);
  });

  test('a source whose numbers jump has begun anew, told or not', () => {
    const forwarder = source();
    const { track, sent } = viewer(forwarder);
    const pictures = new PictureSource(start);
    track.open(nowUs());
    forwarder.push(pictures.next(true), nowUs());
    pictures.sequence += 20_000;
    forwarder.push(pictures.next(), nowUs());
    expect(sent).toHaveLength(2);
    forwarder.push(pictures.next(true), nowUs());
    expect(sent).toHaveLength(4);
    expectContinuous(sent);
  });

  test('a closed track gets nothing, and closing twice is legal', () => {
    const forwarder = source();
    const { track, sent } = viewer(forwarder);
    track.open(nowUs());
    track.close();
    track.close();
    forwarder.push(new PictureSource(start).next(true), nowUs());
    expect(sent).toHaveLength(0);
    forwarder.remove();
    expect(forwarder.idle).toBe(true);
  });
});

describe('repairs', () => {
  test('a lost packet comes again over RTX, with the very same payload', () => {
    const forwarder = source();
    const { track, sent } = viewer(forwarder);
    const pictures = new PictureSource(start);
    track.open(0);
    forwarder.push(pictures.next(true), 0);
    for (let i = 0; i < 5; i++) forwarder.push(pictures.next(), 0);
    const lost = sent[5]!;
    track.outlet.repair([sequenceOf(lost)], 20, 100_000);
    const again = sent.at(-1)!;
    expect(ssrcOf(again)).toBe(track.outlet.rtxSsrc);
    expect(payloadTypeOf(again)).toBe(101);
    expect(again.readUInt16BE(12)).toBe(sequenceOf(lost));
    expect(again.subarray(14)).toEqual(lost.subarray(12));
    expect(timestampOf(again)).toBe(timestampOf(lost));
    expect(track.outlet.retransmissions).toBe(1);
  });

  test('without RTX the packet itself comes again, byte by byte', () => {
    const forwarder = source();
    const { track, sent } = viewer(forwarder, { ...vp8, rtx: undefined });
    const pictures = new PictureSource(start);
    track.open(0);
    forwarder.push(pictures.next(true), 0);
    forwarder.push(pictures.next(), 0);
    track.outlet.repair([sequenceOf(sent[1]!)], 20, 1_000);
    expect(sent.at(-1)).toEqual(sent[1]);
  });

  test('packets of before a change of source are still repaired', () => {
    const [one, other] = [source('one'), source('other')];
    const { track, sent } = viewer(one);
    track.open(0);
    one.push(new PictureSource(start).next(true), 0);
    track.select(other, 0);
    other.push(new PictureSource({ ...start, sequence: 9 }).next(true), 0);
    track.outlet.repair([sequenceOf(sent[0]!)], null, 1_000);
    expect(sent.at(-1)!.subarray(14)).toEqual(sent[0]!.subarray(12));
  });

  test('each a few times, not faster than a round trip, not what is old or was never sent', () => {
    const forwarder = source();
    const { track, sent } = viewer(forwarder);
    track.open(0);
    forwarder.push(new PictureSource(start).next(true), 0);
    const sequence = sequenceOf(sent[0]!);
    for (let ms = 0; ms < 1_000; ms += 5) track.outlet.repair([sequence], 50, ms * 1_000);
    expect(track.outlet.retransmissions).toBe(4);
    track.outlet.repair([(sequence + 1) & 0xffff], 50, 1_600_000);
    track.outlet.repair([(sequence + 2) & 0xffff], 50, 1_000);
    track.outlet.repair([(sequence - 1) & 0xffff], 50, 1_000);
    expect(track.outlet.retransmissions).toBe(4);
  });

  test('what cannot be repaired any more counts as lost once, however often it is asked for', () => {
    const forwarder = source();
    const { track, sent } = viewer(forwarder);
    track.open(0);
    forwarder.push(new PictureSource(start).next(true), 0);
    forwarder.restart();
    for (let i = 0; i < 10; i++) track.outlet.repair([sequenceOf(sent[0]!)], 20, i * 50_000);
    expect(track.outlet.retransmissions).toBe(0);
    expect(track.outlet.progress.lost).toBe(1);
  });

  test('a storm of NACKs is answered at a bounded rate', () => {
    const forwarder = source();
    const { track, sent } = viewer(forwarder);
    const pictures = new PictureSource(start);
    track.open(0);
    forwarder.push(pictures.next(true), 0);
    for (let i = 0; i < 800; i++) forwarder.push(pictures.next(), 0);
    const first = sequenceOf(sent[0]!);
    const before = sent.length;
    for (let round = 0; round < 100; round++) {
      for (let i = 0; i < 1_602; i++) track.outlet.repair([(first + i) & 0xffff], 0, round * 10_000);
    }
    expect(sent.length - before).toBeLessThanOrEqual(1_602 * 4);
    const bytes = sent.slice(before).reduce((sum, packet) => sum + packet.length, 0);
    expect(bytes).toBeLessThan(192 * 1024 + 256 * 1024 + 20_000);
  });

  test("one viewer's PLI storm costs a young replay to itself, then few key frames", () => {
    const forwarder = source();
    const { track, sent } = viewer(forwarder);
    const quiet = viewer(forwarder);
    const pictures = new PictureSource(start);
    track.open(0);
    quiet.track.open(0);
    forwarder.push(pictures.next(true), 0);
    wanted.length = 0;
    track.keyFrameWanted(500_000);
    expect(sent).toHaveLength(4);
    expect(quiet.sent).toHaveLength(2);
    expect(wanted).toHaveLength(0);
    expectContinuous(sent);
    for (let ms = 2_000; ms < 62_000; ms += 10) {
      track.keyFrameWanted(ms * 1_000);
      jest.advanceTimersByTime(10);
      if (ms % 100 === 0) forwarder.push(pictures.next(wanted.length > 0 && ms % 200 === 0), 0);
    }
    expect(wanted.length).toBeGreaterThan(5);
    expect(wanted.length).toBeLessThanOrEqual(60 * 0.5);
    expectContinuous(sent);
  });
});

test('reports say what was sent, and when the last picture is due', () => {
  const forwarder = source();
  const { track, sent } = viewer(forwarder);
  expect(track.report(0, 0)).toBeUndefined();
  track.open(0);
  forwarder.push(new PictureSource(start).next(true), 0);
  const report = track.report(start.ptsUs + 1_000_000, 77);
  expect(report).toMatchObject({ ssrc: track.outlet.ssrc, ntpUs: 77, packets: 2, bytes: 12 });
  expect(timestampDistance(report!.rtpTimestamp, timestampOf(sent[0]!))).toBe(90_000);
});
