import { describe, expect, test } from '@jest/globals';
import { splitAnnexB } from '../../../mixer/rtp/h264.ts';
import { spsSize } from '../../../mixer/rtp/h264Sps.ts';
import { Random } from '../harness/random.ts';
import { sps } from '../harness/sps.ts';
import { encodeH264 } from '../harness/x264.ts';

const setOf = (coded: Buffer) => splitAnnexB(coded).find((nal) => (nal[0]! & 0x1f) === 7)!;

describe('size in what x264 writes', () => {
  test.each([
    [16, 16],
    [64, 48],
    [320, 180],
    [638, 358],
    [642, 362],
    [1280, 720],
    [1366, 768],
    [1920, 1080],
    [360, 640],
  ])('%i×%i, baseline and high profile', (width, height) => {
    for (const profile of ['baseline', 'high'] as const) {
      expect(spsSize(setOf(encodeH264({ width, height, profile })))).toEqual({ width, height });
    }
  });

  test('4:4:4 and 4:2:2, where cropping counts in other steps', () => {
    for (const chroma of ['yuv444p', 'yuv422p'] as const) {
      expect(spsSize(setOf(encodeH264({ width: 322, height: 182, chroma })))).toEqual({
        width: 322,
        height: 182,
      });
    }
  });

  test('interlaced, where rows count twice', () => {
    expect(spsSize(setOf(encodeH264({ width: 1920, height: 1080, interlaced: true })))).toEqual({
      width: 1920,
      height: 1080,
    });
  });
});

describe('forged sets', () => {
  test('8192×8192 is read as what it is', () => {
    expect(spsSize(sps({ widthMbs: 512, heightMbs: 512 }))).toEqual({ width: 8192, height: 8192 });
  });

  test('the largest codes are read without overflow', () => {
    const size = spsSize(sps({ widthMbs: 2 ** 31, heightMbs: 2 ** 31 }))!;
    expect(size.width * size.height).toBeGreaterThan(1e20);
  });

  test('cropping more than there is gives no positive size', () => {
    expect(spsSize(sps({ widthMbs: 4, heightMbs: 4, cropRight: 40 }))!.width).toBeLessThan(2);
  });

  test('one that ends too early has no size', () => {
    const set = sps({ widthMbs: 40, heightMbs: 30 });
    for (let length = 0; length < 6; length++) expect(spsSize(set.subarray(0, length))).toBeUndefined();
  });

  test('a set as long as a picture is not searched to its end', () => {
    const set = Buffer.concat([Buffer.from([0x67, 100, 0, 31]), Buffer.alloc(4_000_000, 0xff)]);
    const startedMs = performance.now();
    for (let round = 0; round < 50; round++) spsSize(set);
    expect(performance.now() - startedMs).toBeLessThan(500);
  });

  test('20,000 mutated sets never throw', () => {
    const random = new Random(7);
    const sets = [
      sps({ widthMbs: 40, heightMbs: 30 }),
      setOf(encodeH264({ width: 638, height: 358, profile: 'high' })),
    ];
    let read = 0;
    for (let round = 0; round < 20_000; round++) {
      const size = spsSize(random.mutated(random.pick(sets)));
      if (size !== undefined) {
        read++;
        expect(Number.isInteger(size.width) && Number.isInteger(size.height)).toBe(true);
      }
    }
    expect(read).toBeGreaterThan(1000);
  });
});
