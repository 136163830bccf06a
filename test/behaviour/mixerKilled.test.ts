import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { descendants, isRunning } from '../harness/processes.ts';
import type { Rgb } from '../harness/reports.ts';
import { ServerProcess } from '../harness/server.ts';
import { Stage } from '../harness/stage.ts';
import { Studio } from '../harness/studio.ts';
import { until } from '../harness/until.ts';

jest.setTimeout(60_000);

const GREEN: Rgb = [40, 150, 60];
const TONE_HZ = 820;

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

/** The mixer of the only room that has one. */
async function mixerPid(): Promise<number> {
  const pid = await until('a mixer runs', () => server.rest.metric('rostrum_mixer_process_id'));
  const command = descendants(server.pid).find((child) => child.pid === pid)?.command;
  expect(command).toMatch(/mixer/);
  return pid;
}

test('a killed mixer is replaced: the picture is back in 1.5 s, everybody stays connected', async () => {
  const stage = await Stage.open(server, studio);
  const green = await stage.speak('Green', { colour: GREEN, toneHz: TONE_HZ });
  const { viewer } = await stage.watch();
  await stage.untilSeen(viewer, green, GREEN);
  const before = await mixerPid();

  const elsewhere = await Stage.open(server, studio);
  const other = await elsewhere.speak('Elsewhere', { colour: GREEN, toneHz: null });
  const bystander = await elsewhere.watch();
  await elsewhere.untilSeen(bystander.viewer, other, GREEN);

  await studio.call('startLook', bystander.viewer, []);
  await studio.call('startLook', viewer, []);
  process.kill(before, 'SIGKILL');
  await until('the mixer is gone', () => !isRunning(before));
  const { pictures } = await studio.call('look', viewer);
  await until(
    'pictures come again',
    async () => (await studio.call('look', viewer)).pictures > pictures + 15,
  );
  await stage.untilSeen(viewer, green, GREEN);
  await stage.untilHeard(viewer, [TONE_HZ], ([level]) => level! > -60);

  expect((await studio.call('look', viewer)).longestGapMs).toBeLessThanOrEqual(1500);
  expect((await studio.call('look', bystander.viewer)).longestGapMs).toBeLessThanOrEqual(250);
  expect((await studio.call('stats', viewer)).connectionState).toBe('connected');
  expect(await studio.call('speakerState', green.speaker)).toBe('connected');
  expect((await stage.tileOf(green))?.state).toBe('live');
  expect(await server.rest.metric('rostrum_mixer_restarts_total')).toBe(1);
  expect(studio.pageErrors).toEqual([]);
});
