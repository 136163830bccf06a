import { describe, expect, jest, test } from '@jest/globals';
import { writePicture } from '../../../../mixer/protocol/picture.ts';
import { Forwarder } from '../../../../src/rtc/deliver/forwarder.ts';
import { payloadTypeOf, sequenceOf, timestampOf } from '../../../../src/rtc/rtp/header.ts';
import type { OfferedCodec } from '../../../../src/rtc/sdp/codecs.ts';
import { sequenceDistance, timestampDistance } from '../../../../src/rtc/sequence.ts';
import { rtpPacket } from '../packets.ts';
import { PictureSource } from './pictures.ts';
import {
  expectContinuous,
  forwarders,
  h264,
  idOf,
  source,
  start,
  trackOf,
  viewer,
  vp8,
  wanted,
} from './viewers.ts';

describe('other sources, and none', () => {
  const plain = (sequence: number, ptsUs: number, keyFrame = true) => {
    const packet = rtpPacket({ sequence, timestamp: 5, marker: true, payload: Buffer.from([0x65, 1, 2]) });
    return writePicture({ keyFrame, rtpTimestamp: 5, ptsUs, packets: [packet] });
  };

  test('speakers of two codecs follow one another, each under its own payload type', () => {
    const [one, other] = [source('one'), source('other', 'h264')];
    const { track, sent } = viewer(one, [vp8, h264]);
    const pictures = new PictureSource(start);
    track.open(0);
    one.push(pictures.next(true), 0);
    track.select(other, 0);
    other.push(plain(9, pictures.ptsUs), 0);
    track.select(one, 2_000_000);
    pictures.ptsUs += 33_333;
    one.push(pictures.next(true), 2_000_000);
    expect(sent.map(payloadTypeOf)).toEqual([100, 100, 102, 100, 100]);
    for (let i = 1; i < sent.length; i++) {
      expect(sequenceDistance(sequenceOf(sent[i]!), sequenceOf(sent[i - 1]!))).toBe(1);
    }
    expect(timestampDistance(timestampOf(sent[2]!), timestampOf(sent[0]!))).toBe(3_000);
    expect(sent[2]!.subarray(12)).toEqual(Buffer.from([0x65, 1, 2]));
    // Picture ids go on where the last VP8 picture left them.
    expect((idOf(sent[3]!) - idOf(sent[0]!)) & 0x7fff).toBe(1);
    track.outlet.repair([sequenceOf(sent[2]!)], null, 1_000_000);
    expect([payloadTypeOf(sent[5]!), sent[5]!.subarray(14)]).toEqual([103, Buffer.from([0x65, 1, 2])]);
  });

  test('a source in a codec that was not agreed to is not sent', () => {
    const other = source('other', 'h264');
    const { track, sent } = viewer(other, vp8);
    track.open(0);
    other.push(plain(9, 0), 0);
    expect(sent).toHaveLength(0);
  });

  test('nothing is sent while there is no source, nothing reported, and it goes on as one stream', () => {
    const forwarder = source();
    const { track, sent, changed } = viewer(forwarder);
    const pictures = new PictureSource(start);
    track.open(0);
    forwarder.push(pictures.next(true), 0);
    expect(track.report(0, 0)).toBeDefined();
    changed.mockClear();
    track.select(null, 0);
    expect(changed).toHaveBeenCalledTimes(1);
    expect(track.sources).toEqual([]);
    expect(track.report(0, 0)).toBeUndefined();
    for (let i = 0; i < 30; i++) forwarder.push(pictures.next(), 0);
    expect(sent).toHaveLength(2);
    track.select(forwarder, 5_000_000);
    expect(track.sources).toEqual(['program']);
    forwarder.push(pictures.next(), 5_000_000);
    expect(sent).toHaveLength(2);
    forwarder.push(pictures.next(true), 5_000_000);
    expectContinuous(sent);
    expect(timestampDistance(timestampOf(sent[2]!), timestampOf(sent[0]!))).toBeCloseTo(32 * 3_000, -1);
  });

  test('a source that is given up at once sends nothing more, and is not repaired', () => {
    const [one, other] = [source('one'), source('other')];
    const { track, sent } = viewer(one);
    const [first, second] = [new PictureSource(start), new PictureSource(start)];
    track.open(0);
    one.push(first.next(true), 0);
    track.select(other, 0, true);
    expect(track.sources).toEqual(['other']);
    one.push(first.next(), 0);
    track.outlet.repair([sequenceOf(sent[0]!)], null, 0);
    expect(sent).toHaveLength(2);
    second.ptsUs = first.ptsUs;
    other.push(second.next(true), 0);
    expectContinuous(sent);
    track.outlet.repair([sequenceOf(sent[2]!)], null, 0);
    expect(sent).toHaveLength(5);
  });

  test('after one was given up the next is repaired for as long as it lasts', () => {
    const [one, other] = [source('one'), source('other')];
    const { track, sent } = viewer(one);
    track.open(0);
    one.push(new PictureSource(start).next(true), 0);
    track.select(other, 0, true);
    const pictures = new PictureSource({ ...start, sequence: 0 });
    // Half of all sequence numbers, and some.
    for (let i = 0; i < 17_000; i++) {
      pictures.sequence &= 0xffff;
      other.push(pictures.next(i === 0), i * 33_333);
    }
    expect(sent).toHaveLength(2 + 34_000);
    track.outlet.repair([sequenceOf(sent.at(-1)!)], null, 17_000 * 33_333);
    expect(track.outlet.retransmissions).toBe(1);
  });

  test('a source that begins anew before its key frame came is asked for it again', () => {
    const [one, other] = [source('one'), source('other')];
    const { track } = viewer(one);
    const pictures = new PictureSource(start);
    track.open(0);
    one.push(new PictureSource(start).next(true), 0);
    track.select(other, 0);
    expect(wanted).toContain('other');
    other.restart();
    jest.advanceTimersByTime(2_000);
    wanted.length = 0;
    pictures.next(true);
    other.push(pictures.next(), 0);
    expect(wanted).toEqual(['other']);
  });

  test('a wish that is taken back changes nothing', () => {
    const [one, other] = [source('one'), source('other')];
    const { track, sent } = viewer(one);
    const pictures = new PictureSource(start);
    track.open(0);
    one.push(pictures.next(true), 0);
    track.select(other, 0);
    expect(track.sources).toEqual(['one', 'other']);
    track.select(one, 0);
    expect(track.sources).toEqual(['one']);
    other.push(new PictureSource(start).next(true), 0);
    one.push(pictures.next(), 0);
    expect(sent).toHaveLength(4);
    expectContinuous(sent);
  });

  /** Somebody who hears the first of two encoders of one mix. */
  const listener = () => {
    const opus: OfferedCodec = { ...vp8, codec: 'opus', payloadType: 111, clockRate: 48_000, rtx: undefined };
    const made = trackOf('audio', [opus]);
    const [one, other] = ['one', 'other'].map((name) => {
      const forwarder = new Forwarder(name, () => {});
      forwarder.describe({ source: name, media: 'audio', codec: 'opus' });
      forwarders.push(forwarder);
      return forwarder;
    }) as [Forwarder, Forwarder];
    made.track.select(one, 0);
    made.track.open(0);
    return { ...made, one, other };
  };

  test('the same sound out of another encoder is not heard twice', () => {
    const { track, sent, one, other } = listener();
    one.push(plain(1, 0), 0);
    track.select(other, 0);
    other.push(plain(77, 0), 0);
    expect(sent).toHaveLength(1);
    other.push(plain(78, 20_000), 0);
    one.push(plain(2, 20_000), 0);
    expect(sent).toHaveLength(2);
    expect(timestampDistance(timestampOf(sent[1]!), timestampOf(sent[0]!))).toBe(960);
  });

  test.each([
    ['as late', 0],
    ['4 ms more', 4_000],
  ])('an encoder that always comes second takes over: its sound is %s', (_, laterUs) => {
    const sound = (sequence: number, ptsUs: number) => {
      const rtpTimestamp = sequence * 960;
      const packet = rtpPacket({ sequence, timestamp: rtpTimestamp, payload: Buffer.from([1, 2]) });
      return writePicture({ keyFrame: true, rtpTimestamp, ptsUs, packets: [packet] });
    };
    const { track, sent, one, other } = listener();
    one.push(sound(1, 0), 0);
    track.select(other, 0);
    for (let frame = 1; frame <= 4; frame++) {
      one.push(sound(1 + frame, frame * 20_000), 0);
      other.push(sound(76 + frame, frame * 20_000 - laterUs), 0);
    }
    expect(track.sources).toEqual(['other']);
    // Each moment once, without a gap.
    const steps = sent
      .slice(1)
      .map((packet, i) => timestampDistance(timestampOf(packet), timestampOf(sent[i]!)));
    expect(steps).toEqual([960, 960 - Math.round(laterUs * 0.048), 960, 960]);
    for (let i = 1; i < sent.length; i++) {
      expect(sequenceDistance(sequenceOf(sent[i]!), sequenceOf(sent[i - 1]!))).toBe(1);
    }
  });
});
