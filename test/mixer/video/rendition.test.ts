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

describe('requests for key frames', () => {
  test('the first picture is one, without being asked for', () => {
    const rendition = new Rendition(1, 'vp8');
    expect(rendition.takeKeyFrame(0)).toBe(true);
    expect(rendition.takeKeyFrame(33 * MS)).toBe(false);
  });

  test('any number of them is one key frame', () => {
    const rendition = new Rendition(1, 'vp8');
    rendition.takeKeyFrame(0);
    for (let i = 0; i < 100; i++) rendition.requestKeyFrame();
    const taken = Array.from({ length: 60 }, (_, i) => rendition.takeKeyFrame((400 + i * 33) * MS));
    expect(taken.filter(Boolean)).toHaveLength(1);
    expect(taken[0]).toBe(true);
  });

  test('that come too soon after one are answered as soon as the pause is over', () => {
    const rendition = new Rendition(1, 'vp8');
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
    const rendition = new Rendition(1, 'vp8');
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
    const rendition = new Rendition(1, 'vp8');
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
    const rendition = new Rendition(1, 'vp8');
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
    const rendition = new Rendition(1, 'h264');
    const wrapUs = 2 ** 32 / 0.09;
    const nal = Buffer.from([0, 0, 0, 1, 0x61, 1, 2, 3]);
    const before = readPicture(rendition.packetize(coded(nal, wrapUs - 100_000))).rtpTimestamp;
    const after = readPicture(rendition.packetize(coded(nal, wrapUs + 100_000))).rtpTimestamp;
    expect((after - before) >>> 0).toBeCloseTo(18_000, -1);
  });

  test('and everything are counted', () => {
    const rendition = new Rendition(1, 'vp8');
    rendition.packetize(coded(Buffer.alloc(100, 1), 1, true));
    rendition.packetize(coded(Buffer.alloc(50, 1), 2));
    expect(rendition).toMatchObject({ frames: 2, keyFrames: 1, bytes: 150, encodeUs: 4000 });
  });
});
