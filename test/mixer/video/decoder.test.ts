import { afterEach, describe, expect, test } from '@jest/globals';
import type { CodedFrame } from '../../../mixer/rtp/frame.ts';
import { VideoDecoder } from '../../../mixer/video/decoder.ts';
import { giveFrame } from '../../../mixer/video/framePool.ts';
import { Camera, RED } from '../harness/camera.ts';
import { Random } from '../harness/random.ts';
import { sps } from '../harness/sps.ts';
import { encodeH264 } from '../harness/x264.ts';

const coded = (data: Buffer): CodedFrame => ({
  rtpTimestamp: 0,
  keyFrame: true,
  data,
  arrivalUs: 0,
  size: undefined,
  afterLoss: false,
});

let decoder: VideoDecoder;
afterEach(() => {
  decoder.close();
});

/** Size and middle luma of what was decoded. */
function decode(data: Buffer, ticks = 0) {
  const decoded = decoder.decode(coded(data), ticks);
  if (decoded === null || 'error' in decoded) return decoded;
  const { picture } = decoded;
  const luma = picture.data![0]![(picture.height >> 1) * picture.linesize[0]! + (picture.width >> 1)]!;
  const shape = { width: picture.width, height: picture.height, luma, pts: picture.pts };
  giveFrame(picture);
  return shape;
}

describe.each(['vp8', 'h264'] as const)('%s', (codec) => {
  test('each picture comes out at once, with its time', () => {
    decoder = new VideoDecoder(codec, 1e6);
    const camera = new Camera({ codec, width: 638, height: 358 });
    for (let i = 0; i < 5; i++) {
      const picture = decode(camera.coded(RED), 3000 * i);
      expect(picture).toMatchObject({ width: 638, height: 358, pts: BigInt(3000 * i) });
      expect(Math.abs((picture as { luma: number }).luma - RED.y)).toBeLessThan(4);
    }
    camera.close();
  });

  test('a picture over the limit is an error, and the next within it is decoded', () => {
    decoder = new VideoDecoder(codec, 640 * 360);
    const large = new Camera({ codec, width: 1280, height: 720 });
    const small = new Camera({ codec, width: 640, height: 360 });
    expect(decode(large.coded(RED))).toHaveProperty('error');
    expect(decode(small.coded(RED))).toMatchObject({ width: 640 });
    large.close();
    small.close();
  });

  test('sizes may change at key frames', () => {
    decoder = new VideoDecoder(codec, 1e6);
    for (const [width, height] of [
      [320, 180],
      [640, 360],
      [180, 320],
    ] as const) {
      const camera = new Camera({ codec, width, height });
      expect(decode(camera.coded(RED))).toMatchObject({ width, height });
      expect(decode(camera.coded(RED))).toMatchObject({ width, height });
      camera.close();
    }
  });

  test('mutated pictures are errors or pictures, never exceptions, and memory does not grow', () => {
    const random = new Random(codec === 'vp8' ? 21 : 22);
    decoder = new VideoDecoder(codec, 640 * 360);
    const camera = new Camera({ codec, width: 160, height: 96 });
    const originals = Array.from({ length: 10 }, (_, i) => camera.coded(RED, i % 5 === 0));
    for (let i = 0; i < 500; i++) decode(random.mutated(originals[i % 10]!), i);
    const before = process.memoryUsage().rss;
    let decoded = 0;
    for (let i = 0; i < 3000; i++) {
      const result = decode(random.mutated(originals[i % 10]!), i);
      if (result !== null && 'width' in result) decoded++;
    }
    expect(decoded).toBeGreaterThan(100);
    expect(process.memoryUsage().rss - before).toBeLessThan(60e6);
    camera.close();
  });

  test('after closing nothing is decoded; closing twice is legal', () => {
    decoder = new VideoDecoder(codec, 1e6);
    decoder.close();
    decoder.close();
    expect(decode(Buffer.from([0]))).toBeNull();
  });
});

describe('resolution bombs are refused before memory is taken', () => {
  const grownBy = (act: () => void) => {
    const before = process.memoryUsage().rss;
    act();
    return process.memoryUsage().rss - before;
  };

  test('a VP8 key frame of 16383×16383', () => {
    decoder = new VideoDecoder('vp8', 1920 * 1080);
    const bomb = Buffer.concat([
      Buffer.from([0x10, 0x02, 0, 0x9d, 0x01, 0x2a, 0xff, 0x3f, 0xff, 0x3f]),
      new Random(1).bytes(1000),
    ]);
    const grown = grownBy(() => {
      for (let i = 0; i < 20; i++) expect(decode(bomb)).toHaveProperty('error');
    });
    // One such picture alone would be 100 MB.
    expect(grown).toBeLessThan(90e6);
  });

  test('an H.264 sequence parameter set of 8192×8192 behind one that is allowed', () => {
    decoder = new VideoDecoder('h264', 1920 * 1080);
    const honest = encodeH264({ width: 640, height: 360, profile: 'baseline' });
    const bomb = Buffer.concat([Buffer.from([0, 0, 0, 1]), sps({ widthMbs: 512, heightMbs: 512 })]);
    const idr = honest.subarray(honest.indexOf(Buffer.from([0, 0, 1, 0x65])) - 1);
    const pps = honest.subarray(honest.indexOf(Buffer.from([0, 0, 1, 0x68])) - 1);
    decode(honest);
    const grown = grownBy(() => {
      for (let i = 0; i < 20; i++) {
        expect(decode(Buffer.concat([bomb, pps]))).not.toHaveProperty('width');
        expect(decode(Buffer.concat([honest, bomb, idr]))).not.toMatchObject({ width: 8192 });
      }
    });
    // One such picture alone would be 100 MB.
    expect(grown).toBeLessThan(90e6);
    expect(decode(honest)).toMatchObject({ width: 640, height: 360 });
  });
});
