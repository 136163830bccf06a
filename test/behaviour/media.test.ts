import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { Rgb } from '../harness/reports.ts';
import { ServerProcess } from '../harness/server.ts';
import { isColour, Stage } from '../harness/stage.ts';
import { Studio } from '../harness/studio.ts';
import { until } from '../harness/until.ts';
import { Clips } from '../mixer/harness/clips.ts';

/** Files that a room plays, as a viewer sees and hears them. */

jest.setTimeout(60_000);

const CLIP: Rgb = [255, 0, 0];
const BLUE: Rgb = [40, 72, 200];
const CLIP_HZ = 820;
const MUSIC_HZ = 1310;

const clips = new Clips();
let server: ServerProcess;
let studio: Studio;
let clip: Buffer;
let music: Buffer;
beforeAll(async () => {
  const sine = (hz: number) => ['-f', 'lavfi', '-i', `sine=${hz}:r=48000:d=20,volume=2`];
  const red = ['-f', 'lavfi', '-i', 'color=red:s=640x360:r=25:d=20'];
  clip = readFileSync(await clips.make('clip.mp4', ...red, ...sine(CLIP_HZ), '-pix_fmt', 'yuv420p'));
  music = readFileSync(await clips.make('music.mp3', ...sine(MUSIC_HZ)));
  server = await ServerProcess.start();
  studio = await Studio.open();
});
afterAll(async () => {
  await studio?.close();
  await server?.stop();
  clips.close();
});

test('a clip is a tile with sound: it plays beside a speaker, stands still, and goes', async () => {
  const stage = await Stage.open(server, studio, { layout: 'grid' });
  const { viewer } = await stage.watch();
  const blue = await stage.speak('Blue', { colour: BLUE, toneHz: null });
  await stage.untilSeen(viewer, blue, BLUE);
  await server.rest.upload(stage.room, 'clip.mp4', clip);
  const { id } = await server.rest.startMedia(stage.room, { file: 'clip.mp4', loop: true });
  const played = { id, token: '' };
  await stage.untilSeen(viewer, played, CLIP, 10_000);
  await stage.untilSeen(viewer, blue, BLUE);
  await stage.untilHeard(viewer, [CLIP_HZ], ([level]) => level! > -50);
  const view = () => server.rest.media(stage.room, id);
  expect(await until('its length is known', async () => (await view()).durationMs)).toBeCloseTo(20_000, -2);

  expect(await server.rest.changeMedia(stage.room, id, { state: 'paused' })).toMatchObject({
    state: 'paused',
  });
  await stage.untilHeard(viewer, [CLIP_HZ], ([level]) => level! < -80);
  await stage.untilSeen(viewer, played, CLIP);
  await server.rest.changeMedia(stage.room, id, { state: 'playing', positionMs: 15_000 });
  await stage.untilHeard(viewer, [CLIP_HZ], ([level]) => level! > -50);
  expect((await view()).positionMs).toBeGreaterThanOrEqual(15_000);

  await server.rest.removeMedia(stage.room, id);
  await stage.untilHeard(viewer, [CLIP_HZ], ([level]) => level! < -80);
  await until('its colour is gone', async () => {
    const { tiles } = (await server.rest.room(stage.room)).layout;
    return tiles.length === 1 && !isColour(await studio.call('pixel', viewer, 0.75, 0.5), CLIP);
  });
  await studio.call('stopWatching', viewer);
  await studio.call('stopSpeaking', blue.speaker);
});

test('music is heard until the room is live, and fades then', async () => {
  const stage = await Stage.open(server, studio, { live: false });
  await server.rest.upload(stage.room, 'music.mp3', music);
  await server.rest.patchRoom(stage.room, { slate: { music: 'music.mp3' } });
  const { viewer } = await stage.watch();
  await stage.untilHeard(viewer, [MUSIC_HZ], ([level]) => level! > -50, 10_000);
  await server.rest.patchRoom(stage.room, { live: true });
  await stage.untilHeard(viewer, [MUSIC_HZ], ([level]) => level! < -80);
  await studio.call('stopWatching', viewer);
  expect(studio.pageErrors).toEqual([]);
});
