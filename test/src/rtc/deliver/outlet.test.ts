/** What is too much at once is spread. */

import { describe, expect, jest, test } from '@jest/globals';
import { writePicture } from '../../../../mixer/protocol/picture.ts';
import { payloadTypeOf, sequenceOf, ssrcOf, timestampOf } from '../../../../src/rtc/rtp/header.ts';
import { rtpPacket } from '../packets.ts';
import { vp8Payload } from './pictures.ts';
import { clock, expectContinuous, idOf, source, viewer, vp8, wanted } from './viewers.ts';

const BURST_BYTES = 100_000;

/** Pictures of as many packets of 1,000 bytes. */
class Large {
  #sequence = 1;
  #id = 1;

  next(packets: number, keyFrame = false): Buffer {
    const id = this.#id++;
    const made = Array.from({ length: packets }, (_, i) => {
      const payload = Buffer.concat([vp8Payload(id, id, i === 0), Buffer.alloc(982)]);
      const sequence = this.#sequence++ & 0xffff;
      return rtpPacket({ sequence, timestamp: id * 3_000, marker: i === packets - 1, payload });
    });
    return writePicture({ keyFrame, rtpTimestamp: id * 3_000, ptsUs: id * 33_333, packets: made });
  }
}

const pictureIds = (packets: Buffer[]) => [...new Set(packets.map(idOf))];
const bytesOf = (packets: Buffer[]) => packets.reduce((sum, { length }) => sum + length, 0);

describe('a burst', () => {
  test('of one large picture is spread over the next ticks, and later pictures wait behind it', () => {
    const forwarder = source();
    const { track, sent } = viewer(forwarder);
    const pictures = new Large();
    track.open(0);
    forwarder.push(pictures.next(300, true), 0);
    expect(bytesOf(sent)).toBeGreaterThan(BURST_BYTES * 0.9);
    expect(bytesOf(sent)).toBeLessThan(BURST_BYTES + 2_000);
    forwarder.push(pictures.next(2), 0);
    const before = sent.length;
    jest.advanceTimersByTime(10);
    expect(sent.length).toBeGreaterThan(before);
    expect(sent.length).toBeLessThan(302);
    jest.advanceTimersByTime(200);
    expect(sent).toHaveLength(302);
    expectContinuous(sent);
    expect(jest.getTimerCount()).toBe(0);
  });

  test('of a replayed group is spread, too', () => {
    const forwarder = source();
    const pictures = new Large();
    forwarder.push(pictures.next(60, true), 0);
    for (let i = 0; i < 20; i++) forwarder.push(pictures.next(10), 0);
    const { track, sent } = viewer(forwarder);
    track.open(0);
    expect(bytesOf(sent)).toBeLessThan(BURST_BYTES + 2_000);
    forwarder.push(pictures.next(10), 0);
    jest.advanceTimersByTime(200);
    expect(sent).toHaveLength(270);
    expectContinuous(sent);
  });

  test('goes at the rate that fits the viewer', () => {
    const forwarder = source();
    const { track, sent } = viewer(forwarder);
    track.outlet.pace(800);
    track.open(0);
    forwarder.push(new Large().next(50, true), 0);
    expect(bytesOf(sent)).toBeLessThan(8_000);
    jest.advanceTimersByTime(200);
    // 100 kB/s.
    expect(bytesOf(sent)).toBeGreaterThan(20_000);
    expect(bytesOf(sent)).toBeLessThan(30_000);
    jest.advanceTimersByTime(400);
    expect(sent).toHaveLength(50);
  });

  test('of repairs is spread as well, the oldest first', () => {
    const forwarder = source();
    const { track, sent } = viewer(forwarder);
    const pictures = new Large();
    track.open(0);
    forwarder.push(pictures.next(60, true), 0);
    jest.advanceTimersByTime(100);
    for (let i = 0; i < 30; i++) {
      forwarder.push(pictures.next(8), clock.us);
      jest.advanceTimersByTime(30);
    }
    const all = sent.slice();
    track.outlet.pace(800);
    const missing = all.slice(-200, -50).map(sequenceOf);
    track.outlet.repair(missing, 20, clock.us);
    const again = () => sent.slice(all.length);
    expect(bytesOf(again())).toBeLessThan(8_000);
    jest.advanceTimersByTime(300);
    expect(bytesOf(again())).toBeLessThan(40_000);
    jest.advanceTimersByTime(3_000);
    expect(again().length).toBeGreaterThan(80);
    const order = again().map((packet) => missing.indexOf(packet.readUInt16BE(12)));
    expect(order).toEqual(order.toSorted((a, b) => a - b));
  });

  test('that is too much is dropped, and a key frame begins again', () => {
    const forwarder = source();
    const { track, sent } = viewer(forwarder);
    const pictures = new Large();
    track.outlet.pace(80);
    track.open(0);
    forwarder.push(pictures.next(20, true), 0);
    wanted.length = 0;
    for (let i = 0; i < 200; i++) forwarder.push(pictures.next(2), 0);
    jest.advanceTimersByTime(1_000);
    expect(wanted).toContain('program');
    track.outlet.pace(null);
    forwarder.push(pictures.next(2, true), clock.us);
    jest.advanceTimersByTime(1_000);
    forwarder.push(pictures.next(2), clock.us);
    for (let i = 1; i < sent.length; i++) {
      expect((sequenceOf(sent[i]!) - sequenceOf(sent[i - 1]!)) & 0xffff).toBe(1);
    }
    expect(sent.length).toBeLessThan(60);
  });
});

test('what waits is never older than two seconds, however few pictures that are', () => {
  const forwarder = source();
  const { track } = viewer(forwarder);
  const slide = (second: number) => {
    const packet = rtpPacket({
      sequence: second + 1,
      timestamp: second * 90_000,
      payload: Buffer.alloc(1_000),
    });
    const ptsUs = second * 1_000_000;
    return writePicture({ keyFrame: second === 0, rtpTimestamp: second * 90_000, ptsUs, packets: [packet] });
  };
  track.outlet.pace(0);
  track.open(0);
  wanted.length = 0;
  const asked = Array.from({ length: 12 }, (_, second) => {
    forwarder.push(slide(second), 0);
    jest.advanceTimersByTime(1_000);
    return wanted.length > 0;
  });
  // 6 kB go at once; the first that waits is that of second 6.
  expect(asked.indexOf(true)).toBe(9);
});

describe('a probe', () => {
  test('repeats packets of late over RTX, in about the bytes that are asked for', () => {
    const forwarder = source();
    const { track, sent } = viewer(forwarder);
    const pictures = new Large();
    track.open(0);
    forwarder.push(pictures.next(80, true), 0);
    const before = sent.length;
    const bytes = track.outlet.probe(5_000, 0);
    const probes = sent.slice(before);
    expect(bytes).toBe(bytesOf(probes));
    expect(bytes).toBeGreaterThanOrEqual(5_000);
    expect(bytes).toBeLessThan(6_200);
    for (const packet of probes) {
      expect([ssrcOf(packet), payloadTypeOf(packet)]).toEqual([track.outlet.rtxSsrc, 101]);
      const original = sent.find((each) => sequenceOf(each) === packet.readUInt16BE(12))!;
      expect(packet.subarray(14)).toEqual(original.subarray(12));
    }
    expect(track.outlet.packets).toBe(80);
  });

  test('is padding where nothing is left to repeat', () => {
    const forwarder = source();
    const { track, sent } = viewer(forwarder);
    track.open(0);
    forwarder.push(new Large().next(2, true), 0);
    expect(track.outlet.probe(1_000, 10_000_000)).toBeGreaterThanOrEqual(1_000);
    for (const packet of sent.slice(2)) {
      expect(packet[0]).toBe(0xa0);
      expect(packet.at(-1)).toBe(packet.length - 12);
    }
    const numbers = sent.slice(2).map(sequenceOf);
    expect(numbers.every((each, i) => i === 0 || each === ((numbers[i - 1]! + 1) & 0xffff))).toBe(true);
  });

  test('without RTX is padding among the packets, whose numbers go on behind it', () => {
    const forwarder = source();
    const { track, sent } = viewer(forwarder, { ...vp8, rtx: undefined });
    const pictures = new Large();
    track.open(0);
    forwarder.push(pictures.next(2, true), 0);
    expect(track.outlet.probe(1_000, 0)).toBe(4 * 267);
    expect(track.outlet.probe(1, 0)).toBe(267);
    forwarder.push(pictures.next(2), 0);
    const first = sequenceOf(sent[0]!);
    expect(sent.map((packet) => (sequenceOf(packet) - first) & 0xffff)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    expect(new Set(sent.map(ssrcOf))).toEqual(new Set([track.outlet.ssrc]));
    const padding = sent.slice(2, 7);
    for (const packet of padding) {
      expect([packet[0], packet[1], packet.at(-1)]).toEqual([0xa0, 100, packet.length - 12]);
      expect(timestampOf(packet)).toBe(timestampOf(sent[1]!));
    }
    expect(pictureIds(sent.slice(7))).toEqual(pictureIds(sent.slice(0, 1)).map((id) => (id + 1) & 0x7fff));
    track.outlet.repair(sent.slice(1, 8).map(sequenceOf), null, 0);
    // The very same bytes, or the cipher would give away both.
    expect(sent.slice(9)).toEqual(sent.slice(1, 8));
  });

  test('without RTX waits for the end of a picture', () => {
    const forwarder = source();
    const { track, sent } = viewer(forwarder, { ...vp8, rtx: undefined });
    track.outlet.pace(800);
    track.open(0);
    expect(track.outlet.probe(1_000, 0)).toBe(0);
    forwarder.push(new Large().next(20, true), 0);
    expect(track.outlet.probe(1_000, 0)).toBe(0);
    jest.advanceTimersByTime(500);
    expect(sent).toHaveLength(20);
    expect(track.outlet.probe(1_000, clock.us)).toBeGreaterThan(0);
  });
});

test('a hundred who join within a second cost two key frames at most', () => {
  const forwarder = source();
  const pictures = new Large();
  let keyFrames = 0;
  const viewers = [];
  for (let ms = 0; ms < 1_000; ms += 10) {
    const one = viewer(forwarder);
    one.track.open(ms * 1_000);
    viewers.push(one);
    jest.advanceTimersByTime(10);
    if (ms % 30 !== 0) continue;
    const keyFrame = wanted.length > keyFrames;
    if (keyFrame) keyFrames = wanted.length;
    forwarder.push(pictures.next(keyFrame ? 20 : 3, keyFrame), ms * 1_000);
  }
  expect(viewers.filter(({ sent }) => sent.length > 0)).toHaveLength(100);
  expect(wanted.length).toBeLessThanOrEqual(2);
  for (let i = 0; i < 100; i += 20) expectContinuous(viewers[i]!.sent);
});
