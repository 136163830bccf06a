import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { Rgb } from '../harness/reports.ts';
import { ServerProcess } from '../harness/server.ts';
import { mediaOf, Stage } from '../harness/stage.ts';
import { Studio } from '../harness/studio.ts';
import { until } from '../harness/until.ts';

jest.setTimeout(60_000);

const RED: Rgb = [200, 48, 40];
const BLUE: Rgb = [40, 72, 200];
const RED_HZ = 820;
const BLUE_HZ = 1310;
/** A tone that nobody makes. */
const NOBODY_HZ = 2130;

let server: ServerProcess;
let studio: Studio;

beforeAll(async () => {
  server = await ServerProcess.start();
  studio = await Studio.open();
});

afterAll(async () => {
  await studio?.close();
  await server?.stop();
});

const encoders = () => server.rest.metric('rostrum_video_encoders');

describe('one speaker', () => {
  test('is seen where the room says and heard, and has a tile as long as they publish', async () => {
    const stage = await Stage.open(server, studio);
    const red = await stage.speak('Red', { colour: RED, toneHz: RED_HZ, codec: 'vp8' });
    expect(await stage.tileOf(red)).toBeDefined();
    const { viewer, answer } = await stage.watch();
    expect(mediaOf(answer).sort()).toEqual(['audio', 'video']);
    await stage.untilSeen(viewer, red, RED);
    await stage.untilHeard(
      viewer,
      [RED_HZ, BLUE_HZ, NOBODY_HZ],
      ([own, ...others]) => own! > -60 && others.every((level) => level < own! - 40),
    );
    expect(await studio.call('stopSpeaking', red.speaker)).toBe(200);
    expect(await stage.tiles()).toEqual([]);
    await stage.untilHeard(viewer, [RED_HZ], ([level]) => level! < -80);
    await studio.call('stopWatching', viewer);
    expect(studio.pageErrors).toEqual([]);
  });

  test("a viewer gets the room's codec wherever their offer names it, and only who cannot gets another", async () => {
    const stage = await Stage.open(server, studio, { video: { codec: 'vp8' } });
    await until('encoders of the last room have ended', async () => (await encoders()) === 0);
    const red = await stage.speak('Red', { colour: RED });
    const last = await stage.watch({ codecs: ['h264', 'vp8'] });
    const decodes = (viewer: number, mimeType: string) =>
      stage.untilStats(
        viewer,
        `${mimeType} is decoded`,
        (stats) => stats.mimeType === mimeType && stats.framesDecoded > 10,
      );
    await decodes(last.viewer, 'video/VP8');
    expect(await encoders()).toBe(1);
    const only = await stage.watch({ codecs: ['h264'] });
    await decodes(only.viewer, 'video/H264');
    expect(await encoders()).toBe(2);
    await stage.untilSeen(only.viewer, red, RED);
    for (const { viewer } of [last, only]) await studio.call('stopWatching', viewer);
    await studio.call('stopSpeaking', red.speaker);
  });
});

describe('two speakers', () => {
  test('hear each other and not themselves; who leaves, leaves no gap', async () => {
    const stage = await Stage.open(server, studio);
    const { viewer, answer } = await stage.watch();
    const red = await stage.speak('Red', { colour: RED, toneHz: RED_HZ, codec: 'vp8' });
    await stage.untilSeen(viewer, red, RED);
    await studio.call('startLook', viewer, []);
    const blue = await stage.speak('Blue', { colour: BLUE, toneHz: BLUE_HZ, codec: 'h264' });
    expect(mediaOf(answer).sort()).toEqual(['audio', 'video']);

    await stage.untilSeen(viewer, blue, BLUE);
    await stage.untilSeen(viewer, red, RED);
    await stage.untilHeard(
      viewer,
      [RED_HZ, BLUE_HZ, NOBODY_HZ],
      ([one, other, none]) => one! > -60 && other! > -60 && none! < -80,
    );

    const redEars = await stage.watch({ token: red.token });
    const blueEars = await stage.watch({ token: blue.token });
    const apart = ([own, other]: number[]) => other! > -60 && own! < other! - 40;
    await stage.untilHeard(redEars.viewer, [RED_HZ, BLUE_HZ], apart);
    await stage.untilHeard(blueEars.viewer, [BLUE_HZ, RED_HZ], apart);

    const half = await stage.pictureOf(red);
    expect(await studio.call('stopSpeaking', blue.speaker)).toBe(200);
    expect((await stage.tiles()).map((tile) => tile.participant)).toEqual([red.id]);
    const whole = await until('the one who stays fills the picture', async () => {
      const area = await stage.pictureOf(red);
      return area.w > half.w * 1.2 && area;
    });
    expect(whole.h).toBeGreaterThan(0.9);
    await stage.untilSeen(viewer, red, RED);
    await stage.untilHeard(viewer, [RED_HZ, BLUE_HZ], ([stays, gone]) => stays! > -60 && gone! < -80);

    const { longestGapMs, pictures, seconds } = await studio.call('look', viewer);
    expect(longestGapMs).toBeLessThanOrEqual(200);
    expect(pictures / seconds).toBeGreaterThan(20);
    for (const each of [viewer, redEars.viewer, blueEars.viewer]) await studio.call('stopWatching', each);
    await studio.call('stopSpeaking', red.speaker);
    expect(studio.pageErrors).toEqual([]);
  });
});
