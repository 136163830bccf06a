import { afterEach, expect, jest, test } from '@jest/globals';
import { readPicture } from '../../../mixer/protocol/picture.ts';
import type { EncoderSpec } from '../../../src/engine/engine.ts';
import { Bench, child, lives, scene } from './harness.ts';

jest.setTimeout(30_000);

const vp8: EncoderSpec = { media: 'video', codec: 'vp8', width: 320, height: 180, fps: 30, kbps: 300 };
const opus: EncoderSpec = { media: 'audio', codec: 'opus', kbps: 64 };

let bench: Bench;
afterEach(() => bench.close());

test('an encoder that hangs inside libav while sound goes on is noticed, and its mixer replaced', async () => {
  bench = new Bench({ program: child('hanging') });
  bench.engine.scene(scene('on the air'));
  bench.engine.demand(true);
  let pictures = 0;
  let last = performance.now();
  let longestMs = 0;
  let wasKeyFrame = false;
  const encoder = bench.engine.startEncoder(vp8, {
    media(picture) {
      pictures++;
      const now = performance.now();
      if (now - last > longestMs) {
        longestMs = now - last;
        wasKeyFrame = readPicture(picture).keyFrame;
      }
      last = now;
    },
  });
  // A recorded encoder gets every picture, though nothing moves.
  bench.engine.tap(encoder, true);
  let sounds = 0;
  let soundsWithoutPictures = 0;
  bench.engine.startEncoder(opus, {
    media() {
      sounds++;
      if (performance.now() - last > 2000) soundsWithoutPictures++;
    },
  });
  const restarted = bench.next('restarted');
  await bench.next('stats');
  const first = bench.engine.pid!;
  await restarted;
  // Pictures of the first mixer, and then of the second.
  expect(pictures).toBe(29);
  expect(sounds).toBeGreaterThan(150);
  expect(soundsWithoutPictures).toBeGreaterThan(25);
  while (pictures < 45) await bench.next('stats');
  expect(longestMs).toBeGreaterThan(2500);
  expect(longestMs).toBeLessThan(6000);
  expect(wasKeyFrame).toBe(true);
  expect(bench.engine.restarts).toBe(1);
  expect(lives(first)).toBe(false);
});
