import { expect, test } from '@jest/globals';
import { AV_PIX_FMT_YUV420P } from 'node-av/constants';
import { giveFrame, takeFrame } from '../../../mixer/video/framePool.ts';

test('a frame that was given back comes again, without its picture', () => {
  const frame = takeFrame();
  frame.width = 64;
  frame.height = 48;
  frame.format = AV_PIX_FMT_YUV420P;
  frame.getBuffer(0);
  giveFrame(frame);
  const again = takeFrame();
  expect(again).toBe(frame);
  expect([again.width, again.height]).toEqual([0, 0]);
  expect(again.data?.length ?? 0).toBe(0);
  giveFrame(again);
});

test('two takers never share a frame', () => {
  const frames = Array.from({ length: 200 }, () => takeFrame());
  expect(new Set(frames).size).toBe(200);
  for (const frame of frames) giveFrame(frame);
});
