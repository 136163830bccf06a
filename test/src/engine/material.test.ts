import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { ToMixer } from '../../../mixer/protocol/control.ts';
import { until } from '../../harness/until.ts';
import { Bench, child, scene } from './harness.ts';

/** What a mixer shows and plays beside what people send. */

let bench: Bench;
beforeEach(() => {
  bench = new Bench();
  bench.engine.demand(true);
});
afterEach(() => bench.close());

const clip = { participant: 'clip', path: '/media/clip.mp4', loop: false, state: 'playing' } as const;

const told = async (...types: ToMixer['type'][]) =>
  (await bench.told()).filter(({ type }) => types.includes(type));

async function loseMixer(): Promise<void> {
  const restarted = bench.next('restarted');
  process.kill(bench.engine.pid!, 'SIGKILL');
  await restarted;
}

test('images are told once, and again to another mixer unless they are forgotten', async () => {
  bench.engine.asset('logo', '/media/logo.png');
  bench.engine.asset('logo', '/media/logo.png');
  bench.engine.asset('gone', '/media/gone.png');
  bench.engine.asset('gone', null);
  const kept = { type: 'asset', asset: 'logo', path: '/media/logo.png' };
  expect(await told('asset')).toEqual([
    kept,
    { type: 'asset', asset: 'gone', path: '/media/gone.png' },
    { type: 'asset', asset: 'gone', path: null },
  ]);
  await loseMixer();
  expect(await told('asset')).toEqual([kept]);
});

test('an image that is none is told to the room', async () => {
  const refused = bench.next('asset');
  bench.engine.asset('fine', '/media/fine.png');
  bench.engine.asset('logo', '/media/broken.png');
  await refused;
  expect(bench.refusedAssets).toEqual(['logo: not an image']);
});

test('an image of which mixers die is not told to a third one; the room hears of it, the others stay', async () => {
  bench.engine.asset('fine', '/media/fine.png');
  bench.engine.scene(scene('fine'));
  for (let i = 0; i < 3; i++) await bench.next('stats');
  const refused = bench.next('asset');
  bench.engine.asset('logo', '/media/deadly.png');
  await refused;
  expect(bench.refusedAssets).toEqual(['logo: mixer after mixer died while it was shown']);
  expect(bench.engine.restarts).toBe(2);
  const fine = { type: 'asset', asset: 'fine', path: '/media/fine.png' };
  expect(await told('asset')).toEqual([fine]);
  await bench.next('stats');
  const again = bench.next('restarted');
  bench.engine.asset('logo', '/media/deadly.png');
  await again;
  expect(bench.engine.restarts).toBe(3);
});

test('an image with which a mixer has lived outlasts any number of mixers', async () => {
  bench.engine.asset('logo', '/media/fine.png');
  for (let deaths = 0; deaths < 3; deaths++) {
    for (let i = 0; i < 3; i++) await bench.next('stats');
    await loseMixer();
  }
  expect(await told('asset')).toEqual([{ type: 'asset', asset: 'logo', path: '/media/fine.png' }]);
  expect(bench.refusedAssets).toEqual([]);
});

test('mixers that cannot start are not blamed on what they were to show and play', async () => {
  await bench.close();
  bench = new Bench({ program: child('dead') });
  bench.engine.asset('logo', '/media/fine.png');
  bench.engine.play({ ...clip, positionMs: 0 });
  bench.engine.demand(true);
  for (let i = 0; i < 4; i++) await bench.next('restarted');
  expect([bench.refusedAssets, bench.playing]).toEqual([[], []]);
});

test('mixers that end since nobody needs them are not held against an image', async () => {
  await bench.close();
  bench = new Bench({ lingerMs: 0 });
  bench.engine.asset('logo', '/media/slow.png');
  for (let i = 0; i < 4; i++) {
    bench.engine.demand(true);
    expect(await told('asset')).toHaveLength(1);
    bench.engine.demand(false);
    await until('it ends', () => bench.engine.pid === null);
  }
  expect(bench.refusedAssets).toEqual([]);
});

test('another mixer goes on with a file where the one before had come to', async () => {
  const playing = bench.next('playing');
  bench.engine.play({ ...clip, positionMs: null });
  await playing;
  expect(bench.playing).toEqual([
    { participant: 'clip', state: 'playing', positionMs: 700, durationMs: 5000, detail: '' },
  ]);
  bench.engine.play({ ...clip, positionMs: null });
  await loseMixer();
  expect(await told('play')).toEqual([{ type: 'play', ...clip, positionMs: 700 }]);
});

test('what has failed, or was stopped, is not begun again', async () => {
  bench.engine.play({ ...clip, path: '/media/broken.mp4', positionMs: null });
  await bench.next('playing');
  expect(bench.playing[0]).toMatchObject({ state: 'failed', detail: 'no media' });
  bench.engine.play({ ...clip, participant: 'other', positionMs: 0 });
  bench.engine.stopPlay('other');
  bench.engine.stopPlay('other');
  expect(await told('stop-play')).toEqual([{ type: 'stop-play', participant: 'other' }]);
  await loseMixer();
  expect(await told('play', 'stop-play')).toEqual([]);
});

test('a file with which one mixer after the other dies is given up, and can be tried again', async () => {
  bench.engine.play({ ...clip, positionMs: 0 });
  for (let deaths = 1; deaths <= 3; deaths++) {
    await loseMixer();
    expect(await told('play')).toHaveLength(1);
  }
  await loseMixer();
  expect(await told('play')).toEqual([]);
  expect(bench.playing.at(-1)).toMatchObject({
    ...{ participant: 'clip', state: 'failed' },
    detail: 'mixer after mixer died while it played',
  });
  bench.engine.play({ ...clip, positionMs: 0 });
  expect(await told('play')).toHaveLength(1);
});

test('what has ended or failed is stopped like anything else: the mixer kept it until then', async () => {
  for (const participant of ['one', 'two']) {
    const playing = bench.next('playing');
    bench.engine.play({ ...clip, participant, path: '/media/broken.mp4', positionMs: 0 });
    await playing;
  }
  bench.engine.stopPlay('one');
  expect(await told('stop-play')).toEqual([{ type: 'stop-play', participant: 'one' }]);
});

test('each program has its scene, and sound its settings', async () => {
  const sound = { duckingDb: 12, automaticGain: true, panning: false };
  for (let i = 0; i < 2; i++) {
    bench.engine.scene(scene('all'));
    bench.engine.scene(scene('backstage'), 'stage');
    bench.engine.sound(sound);
  }
  const expected = [
    { type: 'scene', scene: scene('all') },
    { type: 'scene', scene: scene('backstage'), program: 'stage' },
  ];
  expect(await told('scene')).toEqual(expected);
  await loseMixer();
  expect(await told('scene', 'sound')).toEqual([{ type: 'sound', ...sound }, ...expected]);
});

test("an encoder's rate outlives its mixer, not the encoder", async () => {
  const spec = { media: 'video', codec: 'vp8', width: 640, height: 360, fps: 30, kbps: 600 } as const;
  const [kept, gone] = [1, 2].map(() => bench.engine.startEncoder(spec, { media() {} }));
  for (const encoder of [kept!, kept!, gone!, 999]) bench.engine.encoderRate(encoder, 400);
  bench.engine.stopEncoder(gone!);
  await loseMixer();
  expect(await told('encoder-rate')).toEqual([{ type: 'encoder-rate', encoder: kept, kbps: 400 }]);
});
