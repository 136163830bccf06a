/** What cameras do not usually send, from one speaker, beside another who must not notice. */
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { Yuv } from '../../mixer/video/planes.ts';
import { type CodedOddity, code, type Odd, OddHouse, type Oddity } from '../harness/scripted/oddHouse.ts';
import type { Shot } from '../harness/scripted/reel.ts';
import { until } from '../harness/until.ts';
import { BLUE, RED } from '../mixer/harness/camera.ts';

jest.setTimeout(30_000);

/** Two cores are shared with the speakers, the viewer and whatever else runs. */
const LONGEST_STILL_MS = 400;
const LATEST_TICK_MS = 250;
/** Pictures of the program for which it is watched once it is seen. */
const WATCHED = 30;

const shot = (width: number, height: number, colour: Yuv = RED): Shot => ({ width, height, colour });
const vp8 = (fps: number, ...shots: Shot[]): Oddity => ({ codec: 'vp8', fps, shots });
const h264 = (fps: number, ...shots: Shot[]): Oddity => ({ codec: 'h264', fps, shots });

const everySize = [
  shot(16, 16),
  shot(320, 180),
  shot(1280, 720),
  shot(90, 160),
  shot(642, 362),
  shot(1920, 1080),
  shot(176, 144),
  shot(1000, 40),
];

const oddities = {
  '1 fps': vp8(1, shot(640, 360)),
  '120 fps': vp8(120, shot(640, 360), shot(640, 360, BLUE)),
  '16×16': vp8(30, shot(16, 16)),
  portrait: h264(30, shot(720, 1280)),
  'another size in every picture, VP8': vp8(30, ...everySize),
  'another size in every picture, H.264': h264(30, ...everySize),
  'too large': vp8(30, shot(4096, 2160)),
  'too large by turns': vp8(30, shot(4096, 2160), shot(640, 360)),
};
type Name = keyof typeof oddities;

let house: OddHouse;
let coded: Record<Name, CodedOddity>;

beforeAll(async () => {
  // Before anything runs: coding them stops this process.
  const entries = Object.entries(oddities).map(([name, oddity]) => [name, code(oddity)]);
  coded = Object.fromEntries(entries) as typeof coded;
  house = await OddHouse.open();
});

afterAll(async () => {
  await house?.close();
});

/** They come, are watched, and go; meanwhile nobody else may notice. */
async function visit(name: Name, meanwhile: (odd: Odd) => Promise<void>): Promise<Odd> {
  house.watch();
  const odd = await house.enter(coded[name]);
  await meanwhile(odd);
  await house.forPictures(WATCHED);
  await house.leave(odd);
  expect(house.onlooker.longestStillMs).toBeLessThan(LONGEST_STILL_MS);
  expect(await house.tickLatenessMs()).toBeLessThan(LATEST_TICK_MS);
  return odd;
}

test.each([
  '1 fps',
  '120 fps',
  '16×16',
  'portrait',
  'another size in every picture, VP8',
  'another size in every picture, H.264',
] as const)('%s is shown, and nobody else notices', async (name) => {
  const odd = await visit(name, () => house.untilSeen(oddities[name].shots.map(({ colour }) => colour)));
  expect(odd.notices.all).toEqual([]);
});

test('4096×2160 is refused with a reason to who sends it; nobody else notices', async () => {
  const odd = await visit('too large', async ({ notices }) => {
    await until('the reason is told', () => notices.all.length > 0);
    await house.untilAvatar();
  });
  expect(odd.notices.all).toEqual([
    { code: 'picture-too-large', detail: '4096×2160 is not within the limit of 8294400 pixels' },
  ]);
});

test('too large by turns is told now and then, not for each picture, and the others are shown', async () => {
  const odd = await visit('too large by turns', async ({ notices }) => {
    await until('the reason is told', () => notices.all.length > 0);
    await house.untilSeen([RED]);
  });
  expect(odd.notices.all.map(({ code }) => code)).toEqual(['picture-too-large', 'picture-accepted']);
});
