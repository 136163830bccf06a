import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { BLUE, GREEN, RED } from '../harness/camera.ts';
import { expectColour, pixelAt } from '../harness/canvas.ts';
import { Stage, sideBySide, tile } from '../harness/stage.ts';

const TICK_MS = 1000 / 30;
const transition = { transitionMs: 250 };

let stage: Stage;
beforeEach(() => {
  stage = new Stage();
  for (const [participant, colour] of [
    ['ada', RED],
    ['bob', GREEN],
  ] as const) {
    stage.join(participant);
    stage.film(participant, colour);
  }
});
afterEach(() => stage.close());

const plain = { nameShown: false };

/** Ticks until the transition is over; `each` looks at every picture on the way. */
function run(each: () => void, ticks = 10): void {
  for (let i = 0; i < ticks; i++) {
    stage.tick(i === 0 ? 0 : TICK_MS);
    each();
  }
}

/** Where red ends in the middle row. */
const redUntil = () => {
  let x = 0;
  while (x < 640 && Math.abs(pixelAt(stage.canvas, x, 100).v - RED.v) < 8) x++;
  return x;
};

test('tiles move: never back, never in odd steps, slow at both ends, and arrive', () => {
  stage.scene([tile('ada', plain)]);
  stage.tick();
  stage.scene([tile('ada', { ...plain, w: 0.5 })], undefined, transition);
  const ends: number[] = [];
  run(() => ends.push(redUntil()));
  expect(ends[0]).toBe(640);
  expect(ends.at(-1)).toBe(320);
  const steps = ends.slice(1).map((end, i) => ends[i]! - end);
  expect(steps.every((step) => step >= 0 && step % 2 === 0)).toBe(true);
  expect(Math.max(...steps.slice(2, 6))).toBeGreaterThan(2 * steps[0]!);
  expect(stage.tick()).toBe(false);
});

test('tiles arrive in their time, and who goes is gone by then, when scene follows scene meanwhile', () => {
  stage.scene([tile('ada', plain), tile('bob', { ...plain, x: 0.5, w: 0.5, z: 1 })]);
  stage.tick();
  for (let i = 0; i < 10; i++) {
    stage.scene([tile('ada', { ...plain, w: 0.5, title: `take ${i}` })], undefined, transition);
    stage.tick(i === 0 ? 0 : TICK_MS);
  }
  expect(redUntil()).toBe(320);
  // The usual background.
  expectColour(stage.at(0.75, 0.9), { y: 27, u: 130, v: 127 });
});

test('without a time for it, the scene is there at once', () => {
  stage.scene([tile('ada', plain)]);
  stage.tick();
  stage.scene([tile('ada', { ...plain, w: 0.5 })]);
  stage.tick();
  expect(redUntil()).toBe(320);
});

test('who comes fades in, who goes fades out with the last picture', () => {
  stage.scene([tile('ada', plain)]);
  stage.tick();
  stage.leave('ada');
  stage.scene([tile('bob', plain)], undefined, transition);
  const seen: number[] = [];
  run(() => seen.push(stage.at(0.5, 0.5).v));
  expectColour({ ...RED, v: seen[0]! }, RED, 12);
  expect(seen.at(-1)).toBe(pixelAt(stage.canvas, 10, 10).v);
  expectColour(stage.at(0.5, 0.5), GREEN);
  for (let i = 1; i < seen.length; i++) expect(seen[i]!).toBeLessThanOrEqual(seen[i - 1]! + 2);
  expect(seen.filter((v) => v > GREEN.v + 20 && v < RED.v - 20).length).toBeGreaterThan(2);
});

test('no picture on the way is black, green where nothing is, or lost', () => {
  stage.scene(sideBySide(tile('ada', plain), tile('bob', plain)));
  stage.tick();
  const scenes = [
    [tile('bob', plain)],
    sideBySide(tile('bob', plain), tile('ada', plain)),
    [
      tile('ada', { ...plain, x: 0.2, y: 0.2, w: 0.6, h: 0.6 }),
      tile('bob', { ...plain, w: 0.2, h: 0.2, z: 1 }),
    ],
    [tile('ada', { ...plain, fit: 'contain' })],
    sideBySide(tile('ada', plain), tile('bob', plain)),
  ];
  for (const [round, tiles] of [...scenes, ...scenes].entries()) {
    stage.scene(tiles, undefined, transition);
    // Every other change comes in the middle of the one before.
    run(
      () => {
        for (let y = 4; y < 360; y += 32)
          for (let x = 4; x < 640; x += 32) {
            const { y: luma, u, v } = pixelAt(stage.canvas, x, y);
            expect(luma).toBeGreaterThan(24);
            if (u < 60) expectColour({ y: luma, u, v }, GREEN, 60);
          }
      },
      round % 2 === 0 ? 4 : 10,
    );
  }
  expectColour(stage.at(0.25, 0.5), RED);
  expectColour(stage.at(0.75, 0.5), GREEN);
});

test('new pictures are shown while the tile moves', () => {
  stage.scene([tile('ada', plain)]);
  stage.tick();
  stage.scene([tile('ada', { ...plain, x: 0.25, y: 0.25, w: 0.5, h: 0.5 })], undefined, transition);
  for (const colour of [GREEN, BLUE, RED, GREEN]) {
    stage.film('ada', colour);
    stage.tick();
    expectColour(stage.at(0.5, 0.5), colour);
  }
});

describe('the frame of the API', () => {
  test('a tile is told where it will stand from the first moment on', () => {
    stage.scene([tile('ada', plain)]);
    stage.tick();
    stage.compositor.takePlaced();
    stage.scene([tile('ada', { ...plain, w: 0.5, h: 0.5 })], undefined, transition);
    stage.tick();
    expect(stage.compositor.takePlaced()![0]!.picture!.w).toBeCloseTo(0.5, 2);
    run(() => expect(stage.compositor.takePlaced()).toBeNull());
  });

  test('who has left is in it no more', () => {
    stage.scene(sideBySide(tile('ada', plain), tile('bob', plain)));
    stage.tick();
    stage.compositor.takePlaced();
    stage.scene([tile('bob', plain)], undefined, transition);
    stage.tick();
    expect(stage.compositor.takePlaced()!.map(({ participant }) => participant)).toEqual(['bob']);
  });
});

test('an absurd time is bounded', () => {
  stage.scene([tile('ada', plain)]);
  stage.tick();
  stage.scene([tile('ada', { ...plain, w: 0.5 })], undefined, { transitionMs: 1e9 });
  stage.tick();
  stage.tick(2001);
  expect(redUntil()).toBe(320);
});
