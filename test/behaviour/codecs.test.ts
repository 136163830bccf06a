import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { Rgb } from '../harness/reports.ts';
import { ServerProcess } from '../harness/server.ts';
import { Stage } from '../harness/stage.ts';
import { Studio } from '../harness/studio.ts';

/** Speakers whose browser offers nothing but VP9 or AV1. */

jest.setTimeout(60_000);

const RED: Rgb = [200, 48, 40];
const BLUE: Rgb = [40, 72, 200];
const GREEN: Rgb = [40, 160, 70];

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

test('are in the mix with their colours and tones, with layers too', async () => {
  const stage = await Stage.open(server, studio);
  const { viewer } = await stage.watch();
  const size = { width: 640, height: 360 };
  const red = await stage.speak('Red', { ...size, colour: RED, toneHz: 820, codec: 'vp9' });
  await stage.untilSeen(viewer, red, RED, 10_000);
  const blue = await stage.speak('Blue', { ...size, colour: BLUE, toneHz: 1310, codec: 'av1' });
  await stage.untilSeen(viewer, blue, BLUE, 10_000);
  await stage.untilSeen(viewer, red, RED);
  const layers = { codec: 'vp9', scalabilityMode: 'L3T3_KEY', toneHz: null } as const;
  const green = await stage.speak('Green', { ...size, ...layers, colour: GREEN });
  await stage.untilSeen(viewer, green, GREEN, 10_000);
  await stage.untilSeen(viewer, blue, BLUE);
  await stage.untilHeard(viewer, [820, 1310], (levels) => levels.every((level) => level > -60));
  for (const [{ speaker }, name] of [
    [red, 'VP9'],
    [blue, 'AV1'],
  ] as const)
    expect(await studio.call('speakerAnswer', speaker)).toMatch(new RegExp(`a=rtpmap:\\d+ ${name}/90000`));
  for (const { speaker } of [red, blue, green]) await studio.call('stopSpeaking', speaker);
  await studio.call('stopWatching', viewer);
  expect(studio.pageErrors).toEqual([]);
});
