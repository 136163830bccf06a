/**
 * Odd sources that really have to be decoded, each beside a speaker who must not notice: the largest picture that is
 * taken, at the usual rate and at more than any mixer can decode, and the largest and the smallest by turns.
 */
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { type CodedOddity, code, OddHouse } from '../harness/scripted/oddHouse.ts';
import { Reel, type Shot } from '../harness/scripted/reel.ts';
import { RED } from '../mixer/harness/camera.ts';

jest.setTimeout(180_000);

/** Pictures of the program for which each is watched once it is seen: five seconds. */
const WATCHED = 150;
const LONGEST_STILL_MS = 500;

const largest: Shot = { width: 3840, height: 2160, colour: RED };
const smallest: Shot = { width: 16, height: 16, colour: RED };

const moving = (fps: number): CodedOddity => ({
  ...{ codec: 'vp8', fps, shots: [largest] },
  reel: Reel.ofStripes('vp8', largest, 30),
});

let house: OddHouse;
let oddities: Record<string, CodedOddity>;

beforeAll(async () => {
  oddities = {
    '3840×2160 at 30 fps': moving(30),
    '3840×2160 at 120 fps': moving(120),
    'the largest and the smallest by turns': code({ codec: 'vp8', fps: 60, shots: [largest, smallest] }),
  };
  house = await OddHouse.open();
});

afterAll(async () => {
  await house?.close();
});

test.each(['3840×2160 at 30 fps', '3840×2160 at 120 fps', 'the largest and the smallest by turns'])(
  '%s: nobody else notices',
  async (name) => {
    house.watch();
    const odd = await house.enter(oddities[name]!);
    await house.untilSeen([RED]);
    await house.forPictures(WATCHED);
    const latenessMs = await house.tickLatenessMs();
    await house.leave(odd);
    const { longestStillMs } = house.onlooker;
    console.log(JSON.stringify({ name, longestStillMs, latenessMs, told: odd.notices.all }));
    expect(longestStillMs).toBeLessThan(LONGEST_STILL_MS);
  },
);
