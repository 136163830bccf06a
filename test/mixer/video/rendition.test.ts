import { describe, expect, test } from '@jest/globals';
import { readPicture } from '../../../mixer/protocol/picture.ts';
import { parseRtp } from '../../../mixer/rtp/packet.ts';
import { Vp8Depacketizer } from '../../../mixer/rtp/vp8.ts';
import { Rendition } from '../../../mixer/video/rendition.ts';
import { Random } from '../harness/random.ts';

const MS = 1000;
const coded = (data: Buffer, ptsUs = 1e9, keyFrame = false) => ({
  encoder: 3,
  ptsUs,
  keyFrame,
  data,
  encodeUs: 2000,
});

const open = (encoder = 1, codec: 'vp8' | 'h264' = 'vp8', fps = 30) => new Rendition(encoder, { codec, fps });

describe('requests for key frames', () => {
  test('the first picture is one, without being asked for', () => {
    const rendition = open();
    expect(rendition.takeKeyFrame(0)).toBe(true);
    expect(rendition.takeKeyFrame(33 * MS)).toBe(false);
  });

  test('any number of them is one key frame', () => {
    const rendition = open();
    rendition.takeKeyFrame(0);
    for (let i = 0; i < 100; i++) rendition.requestKeyFrame();
    const taken = Array.from({ length: 60 }, (_, i) => rendition.takeKeyFrame((400 + i * 33) * MS));
    expect(taken.filter(Boolean)).toHaveLength(1);
    expect(taken[0]).toBe(true);
  });

  test('that come too soon after one are answered as soon as the pause is over', () => {
    const rendition = open();
    rendition.takeKeyFrame(0);
    rendition.requestKeyFrame();
    expect([33, 150, 299, 300, 333].map((ms) => rendition.takeKeyFrame(ms * MS))).toEqual([
      false,
      false,
      false,
      true,
      false,
    ]);
  });

  test('a storm of them makes no more than three a second', () => {
    const rendition = open();
    let keyFrames = 0;
    for (let tick = 0; tick < 300; tick++) {
      rendition.requestKeyFrame();
      if (rendition.takeKeyFrame(tick * 33_333)) keyFrames++;
    }
    expect(keyFrames).toBeLessThanOrEqual(34);
    expect(keyFrames).toBeGreaterThan(25);
  });
});

describe('packets', () => {
  test('are numbered without a gap over all pictures and over the wrap, marked at each end', () => {
    const random = new Random(1);
    const rendition = open();
    const wrong: number[] = [];
    let expected = 0;
    for (let i = 0; i < 12_000; i++) {
      const { packets } = readPicture(rendition.packetize(coded(Buffer.alloc(1 + random.below(16_000), 1))));
      for (const [index, packet] of packets.entries()) {
        const { sequence, marker } = parseRtp(packet, 0)!;
        if (sequence !== expected || marker !== (index === packets.length - 1)) wrong.push(sequence);
        expected = (expected + 1) & 0xffff;
      }
    }
    expect(wrong).toEqual([]);
    expect(rendition.frames).toBe(12_000);
  });

  test('carry the picture, its time on the 90 kHz clock and whether it is a key frame', () => {
    const rendition = open();
    const data = new Random(2).bytes(5000);
    data[0]! |= 1;
    const picture = readPicture(rendition.packetize(coded(data, 1_234_567_890, true)));
    expect(picture).toMatchObject({
      keyFrame: true,
      ptsUs: 1_234_567_890,
      rtpTimestamp: Math.round(1_234_567_890 * 0.09) % 2 ** 32,
    });
    const depacketizer = new Vp8Depacketizer();
    const [frame] = picture.packets.flatMap((packet) => depacketizer.push(parseRtp(packet, 0)!) ?? []);
    expect(frame!.data.equals(data)).toBe(true);
    expect(frame!.rtpTimestamp).toBe(picture.rtpTimestamp);
  });

  test('go on over the wrap of the 90 kHz clock', () => {
    const rendition = open(1, 'h264');
    const wrapUs = 2 ** 32 / 0.09;
    const nal = Buffer.from([0, 0, 0, 1, 0x61, 1, 2, 3]);
    const before = readPicture(rendition.packetize(coded(nal, wrapUs - 100_000))).rtpTimestamp;
    const after = readPicture(rendition.packetize(coded(nal, wrapUs + 100_000))).rtpTimestamp;
    expect((after - before) >>> 0).toBeCloseTo(18_000, -1);
  });

  test('and everything are counted', () => {
    const rendition = open();
    rendition.packetize(coded(Buffer.alloc(100, 1), 1, true));
    rendition.packetize(coded(Buffer.alloc(50, 1), 2));
    expect(rendition).toMatchObject({ frames: 2, keyFrames: 1, bytes: 150, encodeUs: 4000 });
  });
});

describe('turns', () => {
  const ticks = (count: number, fps: number) =>
    Array.from({ length: count }, (_, i) => 1e9 + (i * 1e6) / fps);

  test.each([
    [30, 30, 300],
    [30, 15, 150],
    [30, 20, 200],
    [30, 10, 100],
    [60, 30, 300],
  ])('of a canvas at %i: at %i pictures a second %i in ten seconds, evenly', (canvas, fps, wanted) => {
    const rendition = open(1, 'vp8', fps);
    const taken = ticks(canvas * 10, canvas).filter((ptsUs) => rendition.takeTurn(ptsUs));
    expect(Math.abs(taken.length - wanted)).toBeLessThanOrEqual(1);
    for (let i = 1; i < taken.length; i++)
      expect(taken[i]! - taken[i - 1]!).toBeLessThanOrEqual(1e6 / fps + 1e6 / canvas);
  });

  test('of the same rate none is missed, whatever the phase and the rounding of the times', () => {
    for (const phaseUs of [0, 1, 16_666, 33_332, 33_333.333, 123_456_789]) {
      const rendition = open();
      const taken = Array.from({ length: 3000 }, (_, i) =>
        rendition.takeTurn(phaseUs + ((i + 1) * 1e6) / 30),
      );
      expect(taken.filter(Boolean).length).toBeGreaterThanOrEqual(2999);
    }
  });

  test('of the same rate none is missed where the canvas ticks a little faster or slower for a while', () => {
    for (const periodUs of [1e6 / 30 - 200, 1e6 / 30 + 200]) {
      const rendition = new Rendition(1, { codec: 'vp8', fps: 30 }, 30);
      const taken = Array.from({ length: 600 }, (_, i) => rendition.takeTurn(1e9 + i * periodUs));
      expect(taken).not.toContain(false);
    }
  });
});

describe('a new rate', () => {
  const keyFrames = (codec: 'vp8' | 'h264') => {
    const rendition = open(1, codec);
    rendition.takeKeyFrame(0);
    rendition.noteRate(1_000_000);
    rendition.noteRate(2_500_000);
    return [2_900_000, 3_000_000, 3_100_000, 6_000_000].filter((ptsUs) => rendition.takeKeyFrame(ptsUs));
  };

  test('gets its key frame after two seconds in VP8, and needs none in H.264', () => {
    expect(keyFrames('vp8')).toEqual([3_000_000]);
    expect(keyFrames('h264')).toEqual([]);
  });

  test('takes the key frame that somebody wanted before', () => {
    const rendition = open();
    rendition.takeKeyFrame(0);
    rendition.noteRate(1_000_000);
    rendition.requestKeyFrame();
    expect(rendition.takeKeyFrame(1_500_000)).toBe(true);
    expect(rendition.takeKeyFrame(4_000_000)).toBe(false);
  });
});
