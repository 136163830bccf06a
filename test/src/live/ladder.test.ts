import { expect, test } from '@jest/globals';
import { ladder } from '../../../src/live/ladder.ts';

const video = { width: 1280, height: 720, fps: 30, codec: 'vp8', kbps: 2000 } as const;

test('the program itself comes first, then the steps below it, in its shape and with its rate', () => {
  expect(ladder(video)).toEqual([
    { width: 1280, height: 720, fps: 30, kbps: 2000 },
    { width: 640, height: 360, fps: 30, kbps: 600 },
    { width: 320, height: 180, fps: 30, kbps: 180 },
  ]);
});

test('a portrait program keeps its shape, with even sides', () => {
  const [, below] = ladder({ ...video, width: 722, height: 1280, ladder: [{ height: 360, kbps: 600 }] });
  expect(below).toMatchObject({ width: 204, height: 360 });
});

test('steps are sorted, and those that are no step down are left out', () => {
  const steps = [
    { height: 90, kbps: 80 },
    { height: 720, kbps: 100 },
    { height: 360, kbps: 2500 },
    { height: 180, kbps: 180 },
    { height: 120, kbps: 180 },
  ];
  expect(ladder({ ...video, ladder: steps }).map(({ height }) => height)).toEqual([720, 180, 90]);
  expect(ladder({ ...video, ladder: [] })).toHaveLength(1);
});
