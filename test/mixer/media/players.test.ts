import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { BLOCK_US } from '../../../mixer/audio/format.ts';
import { Players } from '../../../mixer/media/players.ts';
import type { FromMixer, Play } from '../../../mixer/protocol/control.ts';
import { Booth } from '../harness/booth.ts';
import { Clips } from '../harness/clips.ts';
import { InlineThreads } from '../harness/inlineThreads.ts';
import { amplitudeAt } from '../harness/sound.ts';

/** Files in a real desk of sound. */

const LOW_HZ = 400;
const HIGH_HZ = 1200;

const clips = new Clips();
let low: string;
let high: string;
beforeAll(async () => {
  const tone = (name: string, hz: number) =>
    clips.make(name, '-f', 'lavfi', '-i', `sine=${hz}:r=48000:d=20,volume=2`);
  [low, high] = await Promise.all([tone('low.mp3', LOW_HZ), tone('high.mp3', HIGH_HZ)]);
});
afterAll(() => clips.close());

let booth: Booth;
let threads: InlineThreads;
let players: Players;
let listener: number;
let tracks: Set<string>;
let said: FromMixer[];
beforeEach(() => {
  booth = new Booth();
  threads = new InlineThreads();
  tracks = new Set();
  said = [];
  players = new Players({
    openThread: threads.open,
    canvas: { width: 320, height: 180 },
    maxPixels: 1e6,
    nowUs: () => booth.nowUs,
    picture: { setTrack: (key) => void tracks.add(key), dropTrack: (key) => void tracks.delete(key) },
    sound: booth.desk,
    send: (message) => said.push(message),
  });
  listener = booth.listen();
});
afterEach(() => {
  players.close();
  booth.close();
});

const play = (path: string, changes: Partial<Play> = {}) =>
  players.play({
    ...{ type: 'play', participant: 'dj', path, loop: false, state: 'playing', positionMs: 0, ...changes },
  });

async function run(ms: number): Promise<Float32Array> {
  booth.take(listener);
  for (let at = 0; at < ms; at += BLOCK_US / 1000) {
    threads.work();
    await Promise.resolve();
    threads.work();
    booth.run(BLOCK_US / 1000);
    await Promise.resolve();
  }
  return booth.take(listener);
}

const levels = (sound: Float32Array) => [LOW_HZ, HIGH_HZ].map((hz) => amplitudeAt(sound.subarray(-9600), hz));
const heard = (sound: Float32Array) => levels(sound).map((level) => level > 0.05);

test('a file is heard until it is stopped; it fades, and then nothing is left of it', async () => {
  play(low, { fadeMs: 400 });
  expect(heard(await run(800))).toEqual([true, false]);
  expect(booth.desk.takeLevels(booth.nowUs)).toMatchObject([{ participant: 'dj', kind: 'media' }]);
  players.stop('dj');
  expect(heard(await run(200))).toEqual([true, false]);
  expect(threads.size).toBe(1);
  expect(Math.max(...levels(await run(600)))).toBeLessThan(0.001);
  expect(threads.size).toBe(0);
  expect(booth.desk.takeLevels(booth.nowUs)).toEqual([]);
  players.stop('dj');
});

test('another file takes the place of one that plays, or that fades still', async () => {
  play(low);
  await run(400);
  play(high, { fadeMs: 1000 });
  expect(heard(await run(1200))).toEqual([false, true]);
  expect(threads.size).toBe(1);
  players.stop('dj');
  await run(100);
  play(low);
  expect(heard(await run(400))).toEqual([true, false]);
  expect(threads.size).toBe(1);
  players.stop('dj');
  await run(200);
  expect(threads.size).toBe(0);
});

test('gain, and who is heard in a program, work as with everybody', async () => {
  play(low);
  const loud = levels(await run(800))[0]!;
  booth.desk.setGain({ participant: 'dj', kind: 'media' }, 0.25);
  expect(levels(await run(800))[0]! / loud).toBeCloseTo(0.25, 1);
  booth.desk.setGain({ participant: 'dj', kind: 'media' }, 1);
  booth.desk.hear('program', []);
  expect(levels(await run(800))[0]).toBeLessThan(0.001);
  booth.desk.hear('program', [{ participant: 'dj', kind: 'media' }]);
  expect(heard(await run(800))).toEqual([true, false]);
});

test('it gives way while somebody speaks', async () => {
  booth.desk.set({ duckingDb: 12, automaticGain: false, panning: false });
  play(low);
  const alone = levels(await run(800))[0]!;
  booth.speak('ada', HIGH_HZ);
  const under = levels(await run(1500))[0]!;
  expect(under / alone).toBeGreaterThan(0.15);
  expect(under / alone).toBeLessThan(0.4);
});

test('its state is told when it changes, and where it is each time it is asked', async () => {
  play(low, { positionMs: 5000 });
  await run(1000);
  players.tick();
  const playing = said.filter((message) => message.type === 'playing');
  expect(playing[0]).toMatchObject({
    participant: 'dj',
    state: 'playing',
    positionMs: 5000,
    durationMs: null,
  });
  expect(playing.at(-1)!.positionMs).toBeGreaterThan(5900);
  expect(playing.at(-1)!.positionMs).toBeLessThan(6100);
  expect(playing.at(-1)!.durationMs).toBeCloseTo(20_000, -2);
  play(low, { state: 'paused', positionMs: null });
  expect(said.at(-1)).toMatchObject({ state: 'paused' });
});

test('after a failure the same file is tried anew', async () => {
  play(clips.path('later.mp3'));
  await run(100);
  expect(said.at(-1)).toMatchObject({ state: 'failed' });
  await clips.make('later.mp3', '-i', low, '-c', 'copy');
  play(clips.path('later.mp3'));
  expect(heard(await run(600))).toEqual([true, false]);
  expect(tracks.size).toBe(0);
});
