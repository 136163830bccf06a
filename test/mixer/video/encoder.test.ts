import { afterEach, describe, expect, test } from '@jest/globals';
import { splitAnnexB } from '../../../mixer/rtp/h264.ts';
import { spsSize } from '../../../mixer/rtp/h264Sps.ts';
import { vp8Size } from '../../../mixer/rtp/vp8.ts';
import { CanvasFrames } from '../../../mixer/video/canvasFrames.ts';
import { VideoDecoder } from '../../../mixer/video/decoder.ts';
import { type CodedPicture, VideoEncoder } from '../../../mixer/video/encoder.ts';
import { giveFrame } from '../../../mixer/video/framePool.ts';
import { fill, type Planes } from '../../../mixer/video/planes.ts';
import { BLUE, GREEN, RED, solid, WHITE } from '../harness/camera.ts';
import '../harness/quiet.ts';
import { Random } from '../harness/random.ts';

const SIZE = { width: 320, height: 180 };

let encoder: VideoEncoder;
afterEach(() => {
  encoder.close();
});

function open(codec: 'vp8' | 'h264', size = SIZE, kbps = 500): void {
  encoder = new VideoEncoder({ codec, ...size, fps: 30, kbps });
}

/** As the encoder thread does it: the canvas in the encoder's size. */
function encode(canvas: Planes, keyFrame: boolean): CodedPicture[] {
  const frames = new CanvasFrames(canvas);
  try {
    return encoder.encode(frames.take(canvas), keyFrame);
  } finally {
    frames.close();
  }
}

/** A picture that moves, so that there is something to code. */
function moving(step: number): Planes {
  const planes = solid(SIZE, GREEN);
  fill(planes, { x: (step * 6) % 260, y: (step * 4) % 120, width: 60, height: 60 }, RED);
  return planes;
}

describe.each(['vp8', 'h264'] as const)('%s', (codec) => {
  test('gives one picture for each, key frames exactly where asked for', () => {
    open(codec);
    const wanted = new Set([0, 7, 8, 40]);
    for (let i = 0; i < 60; i++) {
      const coded = encode(moving(i), wanted.has(i));
      expect(coded).toHaveLength(1);
      expect(coded[0]!.keyFrame).toBe(wanted.has(i));
    }
  });

  test('a change of everything makes no key frame of its own', () => {
    open(codec);
    encode(solid(SIZE, RED), true);
    for (let i = 0; i < 90; i++) {
      const colour = [RED, GREEN, BLUE, WHITE][i % 4]!;
      expect(encode(solid(SIZE, colour), false)[0]!.keyFrame).toBe(false);
    }
  });

  test('what it codes decodes to the canvas it was given, pixel for pixel but for little', () => {
    open(codec, SIZE, 3000);
    const decoder = new VideoDecoder(codec, 1e6);
    for (let i = 0; i < 10; i++) {
      const canvas = moving(i);
      const [coded] = encode(canvas, i === 0);
      const frame = { rtpTimestamp: 0, keyFrame: false, arrivalUs: 0, size: undefined, afterLoss: false };
      const decoded = decoder.decode({ ...frame, data: coded!.data }, i);
      if (decoded === null || 'error' in decoded) throw new Error('not decoded');
      expect(meanError(decoded.picture.data![0]!, decoded.picture.linesize[0]!, canvas)).toBeLessThan(3);
      giveFrame(decoded.picture);
    }
    decoder.close();
  });

  test('keeps to its rate when there is always something new', () => {
    open(codec, SIZE, 1000);
    const random = new Random(1);
    let bytes = 0;
    for (let i = 0; i < 150; i++) {
      const canvas = moving(i);
      for (let at = 0; at < canvas.y.length; at += 3) canvas.y[at]! += random.below(40);
      const [coded] = encode(canvas, i === 0);
      if (i >= 60) bytes += coded?.data.length ?? 0;
    }
    expect((bytes * 8) / 3).toBeLessThan(1_000_000 * 1.3);
    expect((bytes * 8) / 3).toBeGreaterThan(1_000_000 * 0.7);
  });

  test('takes sizes whose rows need padding', () => {
    open(codec, { width: 362, height: 202 });
    const [coded] = encode(solid({ width: 362, height: 202 }, BLUE), true);
    expect(sizeOf(codec, coded!)).toEqual({ width: 362, height: 202 });
  });

  test('closed it gives nothing; closing twice is legal; settings it cannot take are refused', () => {
    open(codec);
    encoder.close();
    encoder.close();
    expect(encode(solid(SIZE, RED), true)).toEqual([]);
    expect(() => new VideoEncoder({ codec, width: 0, height: 0, fps: 30, kbps: 500 })).toThrow(/encoder/);
  });
});

function sizeOf(codec: 'vp8' | 'h264', { data }: CodedPicture) {
  if (codec === 'vp8') return vp8Size(data);
  return spsSize(splitAnnexB(data).find((nal) => (nal[0]! & 0x1f) === 7)!);
}

function meanError(luma: Buffer, stride: number, canvas: Planes): number {
  let sum = 0;
  for (let y = 0; y < canvas.height; y++) {
    for (let x = 0; x < canvas.width; x++)
      sum += Math.abs(luma[y * stride + x]! - canvas.y[y * canvas.width + x]!);
  }
  return sum / canvas.y.length;
}

describe('H.264 as browsers want it', () => {
  const types = (data: Buffer) => splitAnnexB(data).map((nal) => nal[0]! & 0x1f);

  test('constrained baseline, with its parameter sets before every key frame and nowhere else', () => {
    open('h264');
    for (let i = 0; i < 12; i++) {
      const [coded] = encode(moving(i), i % 4 === 0);
      const found = types(coded!.data);
      if (i % 4 === 0) {
        expect(found.filter((type) => type === 7 || type === 8 || type === 5)).toEqual([7, 8, 5]);
        const sps = splitAnnexB(coded!.data).find((nal) => (nal[0]! & 0x1f) === 7)!;
        expect(sps[1]).toBe(66);
        expect(sps[2]! & 0x40).toBe(0x40);
      } else {
        expect(found).toEqual([1]);
      }
    }
  });
});
