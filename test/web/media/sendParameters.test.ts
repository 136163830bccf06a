import { describe, expect, test } from '@jest/globals';
import { sendingOf } from '../../../web/src/media/sendParameters.ts';

const MOST = 1_700_000;
const hd = { width: 1280, height: 720 };
const need = { active: true, width: 640, height: 360, fps: 30, kbps: 800 };

describe('what is sent of a picture', () => {
  test('is all of it as long as nothing was said', () => {
    expect(sendingOf(null, hd, MOST)).toEqual({ active: true, maxBitrate: MOST });
  });

  test('is what the tile needs', () => {
    expect(sendingOf(need, hd, MOST)).toEqual({
      ...{ active: true, maxBitrate: 800_000, maxFramerate: 30, scaleResolutionDownBy: 2 },
    });
  });

  test('is never enlarged, nor more than this kind of picture is worth', () => {
    const large = { ...need, width: 1920, height: 1080, kbps: 4500 };
    expect(sendingOf(large, hd, MOST)).toMatchObject({ scaleResolutionDownBy: 1, maxBitrate: MOST });
  });

  test.each([
    ['a portrait picture keeps the width of the tile', { width: 720, height: 1280 }, 1.125],
    ['a wide one keeps the height', { width: 2160, height: 720 }, 2],
    ['a slightly larger one is left alone', { width: 660, height: 371 }, 1],
    ['one of unknown size is left alone', null, 1],
  ])('%s', (_what, size, scale) => {
    expect(sendingOf(need, size, MOST).scaleResolutionDownBy).toBe(scale);
  });

  test('is nothing off the stage', () => {
    const none = { active: false, width: 0, height: 0, fps: 0, kbps: 0 };
    expect(sendingOf(none, hd, MOST)).toEqual({ active: false, maxBitrate: MOST });
  });
});
