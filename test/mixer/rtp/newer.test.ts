import { describe, expect, test } from '@jest/globals';
import { Av1Depacketizer, av1Elements } from '../../../mixer/rtp/av1.ts';
import { readLeb128, writeLeb128 } from '../../../mixer/rtp/av1Obu.ts';
import type { CodedFrame } from '../../../mixer/rtp/frame.ts';
import { parseRtp } from '../../../mixer/rtp/packet.ts';
import { Vp9Depacketizer, vp9Descriptor } from '../../../mixer/rtp/vp9.ts';
import { VideoDecoder } from '../../../mixer/video/decoder.ts';
import { giveFrame } from '../../../mixer/video/framePool.ts';
import { BLUE, GREEN, RED } from '../harness/camera.ts';
import { cutVp9, NewerCamera } from '../harness/layers.ts';
import { parsed } from '../harness/packets.ts';
import { Random } from '../harness/random.ts';

/** VP9 and AV1, which speakers may send. */

const make = { vp9: () => new Vp9Depacketizer(), av1: () => new Av1Depacketizer() } as const;
const SIZE = { width: 318, height: 178 };

describe.each(['vp9', 'av1'] as const)('%s', (codec) => {
  const frames = (packets: Buffer[], depacketizer = make[codec]()) =>
    packets.map((packet) => depacketizer.push(parseRtp(packet, 7)!)).filter((frame) => frame !== null);

  test('whole pictures come out with their last packet, key frames with their size, and are decoded', () => {
    const camera = new NewerCamera(codec, SIZE);
    const decoder = new VideoDecoder(codec, 320 * 180);
    const depacketizer = make[codec]();
    for (const [i, colour] of [RED, GREEN, BLUE, RED].entries()) {
      const packets = camera.shoot(colour, i === 0 || i === 2);
      const [frame, ...others] = frames(packets, depacketizer);
      expect(others).toEqual([]);
      const keyFrame = i === 0 || i === 2;
      expect(frame).toMatchObject({
        keyFrame,
        rtpTimestamp: camera.rtpTimestamp,
        afterLoss: false,
        arrivalUs: 7,
      });
      expect(frame!.size).toEqual(keyFrame ? SIZE : undefined);
      const decoded = decoder.decode(frame!, 3000 * i);
      const { picture } = decoded as { picture: import('node-av/lib').Frame };
      expect(picture).toMatchObject({ ...SIZE, pts: BigInt(3000 * i) });
      expect(Math.abs(picture.data![0]![40 * picture.linesize[0]! + 40]! - colour.y)).toBeLessThan(6);
      giveFrame(picture);
    }
    decoder.close();
    camera.close();
  });

  test('a picture of many packets, of which one is lost, is left out, and the next one says so', () => {
    const camera = new NewerCamera(codec, { width: 640, height: 360 }, 16);
    const [one, other, third] = [RED, GREEN, BLUE].map((colour) => camera.shoot(colour, true));
    camera.close();
    expect(other!.length).toBeGreaterThan(2);
    expect(frames(one!.slice(0, -1))).toEqual([]);
    const depacketizer = make[codec]();
    depacketizer.lost();
    expect(frames(other!.slice(1), depacketizer)).toEqual([]);
    expect(frames(third!, depacketizer)).toMatchObject([{ afterLoss: true, keyFrame: true }]);
    const another = make[codec]();
    expect(frames([...one!.slice(0, -1), ...other!], another)).toMatchObject([{ afterLoss: true }]);
  });

  test('a picture over the limit is refused by the decoder, too', () => {
    const camera = new NewerCamera(codec, { width: 640, height: 360 });
    const decoder = new VideoDecoder(codec, 320 * 180);
    const [frame] = frames(camera.shoot(RED));
    const decoded = decoder.decode(frame!, 0);
    expect(decoded === null || 'error' in decoded).toBe(true);
    decoder.close();
    camera.close();
  });

  test.each([1, 20_261_120])('20,000 mutated packets never throw, decoded or not (seed %i)', (seed) => {
    const random = new Random(seed);
    const camera = new NewerCamera(codec, SIZE);
    const originals = Array.from({ length: 8 }, (_, i) => camera.shoot(RED, i % 2 === 0)).flat();
    camera.close();
    const depacketizer = make[codec]();
    const decoder = new VideoDecoder(codec, 640 * 360);
    let pictures = 0;
    for (let i = 0; i < 20_000; i++) {
      const bytes = originals[i % originals.length]!;
      const packet = parseRtp(random.chance(0.4) ? random.mutated(bytes) : bytes, i);
      if (random.chance(0.02)) depacketizer.lost();
      const frame: CodedFrame | null = packet && depacketizer.push(packet);
      if (!frame) continue;
      pictures++;
      expect(frame.data.length).toBeGreaterThan(0);
      if (frame.size) expect(Number.isInteger(frame.size.width * frame.size.height)).toBe(true);
      if (pictures % 10 > 0) continue;
      const decoded = decoder.decode(frame, i);
      if (decoded !== null && 'picture' in decoded) giveFrame(decoded.picture);
    }
    decoder.close();
    expect(pictures).toBeGreaterThan(100);
  });

  test('random payloads never throw, and pictures without end are given up', () => {
    const random = new Random(5);
    const depacketizer = make[codec]();
    for (let i = 0; i < 20_000; i++) {
      const payload = random.bytes(random.below(24));
      depacketizer.push(parsed({ sequence: i, rtpTimestamp: i >> 2, marker: random.chance(0.3), payload }));
    }
    // A middle part, and one more OBU.
    const endless = codec === 'vp9' ? Buffer.from([0x00, 0xaa]) : Buffer.from([0x10, 0x30, 0xaa]);
    const start = codec === 'vp9' ? Buffer.from([0x08, 0x82]) : endless;
    depacketizer.push(parsed({ sequence: 0, rtpTimestamp: 1, payload: start }));
    for (let i = 1; i < 10_000; i++)
      depacketizer.push(parsed({ sequence: i, rtpTimestamp: 1, payload: endless }));
    const last = parsed({ sequence: 9, rtpTimestamp: 1, marker: true, payload: endless });
    expect(depacketizer.push(last)).toBeNull();
  });
});

describe('the VP9 payload descriptor (RFC 9628 4.2)', () => {
  test.each([
    ['nothing but the flags', [0x0c, 1], 1],
    ['a short picture id', [0x8c, 0x05, 1], 2],
    ['a long picture id', [0x8c, 0x85, 0x05, 1], 3],
    ['layers and TL0PICIDX', [0x2c, 0x00, 0x07, 1], 3],
    ['layers in flexible mode', [0x3c, 0x00, 1], 2],
    ['three references', [0x5c, 0x03, 0x03, 0x02, 1], 4],
    ['a scalability structure', [0x0e, 0x38, 1, 64, 0, 180, 2, 128, 1, 104, 1, 0x04, 0x01, 1], 13],
  ])('%s', (_, bytes, length) => {
    expect(vp9Descriptor(Buffer.from(bytes))).toMatchObject({ length, begins: true, ends: true });
  });

  test('cut short is none', () => {
    for (const bytes of [[0x8c], [0x8c, 0x85, 0x05], [0x0e, 0xf8, 1, 64], [0x0e, 0x08, 255, 0xff, 1]])
      expect(vp9Descriptor(Buffer.from(bytes))).toBeNull();
  });

  test('the largest layer is the size', () => {
    const structure = [0x0e, 0x30, 1, 64, 0, 180, 2, 128, 1, 104, 1];
    expect(vp9Descriptor(Buffer.from(structure))!.size).toEqual({ width: 640, height: 360 });
  });
});

test('spatial layers of VP9 are decoded in turn, and the last one is the picture', () => {
  // Two key frames of different sizes stand for two layers: what a decoder does with them is the same.
  const [low, high] = [
    { width: 160, height: 90 },
    { width: 320, height: 180 },
  ].map((size) => {
    const camera = new NewerCamera('vp9', size);
    const coded = camera.coded(size.width === 160 ? RED : GREEN);
    camera.close();
    return coded;
  }) as [Buffer, Buffer];
  const depacketizer = new Vp9Depacketizer();
  const payloads = cutVp9([low, high], 200);
  const given = payloads.map((payload, i) =>
    depacketizer.push(parsed({ sequence: i, rtpTimestamp: 1, marker: i === payloads.length - 1, payload })),
  );
  const frame = given.at(-1)!;
  expect(frame).toMatchObject({ keyFrame: true, layers: [low, high] });
  const decoder = new VideoDecoder('vp9', 1e6);
  const decoded = decoder.decode(frame, 5) as { picture: import('node-av/lib').Frame };
  expect(decoded.picture).toMatchObject({ width: 320, height: 180, pts: 5n });
  giveFrame(decoded.picture);
  decoder.close();
});

describe('AV1', () => {
  test('numbers of variable length', () => {
    for (const value of [0, 1, 127, 128, 300, 2 ** 28, 2 ** 32 - 1]) {
      const bytes = writeLeb128(value);
      expect(readLeb128(bytes, 0)).toEqual({ value, length: bytes.length });
    }
    expect(readLeb128(Buffer.from([0x80, 0x80]), 0)).toBeNull();
    expect(readLeb128(Buffer.alloc(9, 0xff), 0)).toBeNull();
  });

  test('elements with and without a count', () => {
    const of = (...bytes: number[]) => av1Elements(Buffer.from(bytes))?.map(({ bytes: each }) => [...each]);
    expect(of(0x00, 1, 10, 2, 20, 21)).toEqual([[10], [20, 21]]);
    expect(of(0x20, 1, 10, 20, 21)).toEqual([[10], [20, 21]]);
    expect(of(0x10, 20, 21)).toEqual([[20, 21]]);
    expect(of(0x00, 9, 10)).toBeUndefined();
    expect(of(0x30, 1, 10)).toBeUndefined();
    expect(av1Elements(Buffer.from([0xd0, 1]))).toMatchObject([{ continues: true, isContinued: true }]);
  });
});
