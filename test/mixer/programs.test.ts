import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { createCanvas } from '@napi-rs/canvas';
import type { ProgramName, Scene, SceneTile, ToMixer } from '../../mixer/protocol/control.ts';
import type { Picture } from '../../mixer/protocol/picture.ts';
import { parseRtp } from '../../mixer/rtp/packet.ts';
import { Vp8Depacketizer } from '../../mixer/rtp/vp8.ts';
import { VideoDecoder } from '../../mixer/video/decoder.ts';
import { giveFrame } from '../../mixer/video/framePool.ts';
import { toYuv } from '../../mixer/video/overlay.ts';
import { Camera, GREEN, RED } from './harness/camera.ts';
import { MixerChild } from './harness/mixerChild.ts';
import { tile } from './harness/stage.ts';

// Some wait for a hundred pictures at their real pace.
jest.setTimeout(20_000);

const CANVAS = { width: 320, height: 180, fps: 30 };
const SLATE = toYuv(0x14, 0x17, 0x1d);

let mixer: MixerChild;
let ada: Camera;
beforeEach(async () => {
  mixer = new MixerChild();
  ada = new Camera({ codec: 'vp8', width: 320, height: 180 });
  const ready = mixer.next('ready');
  mixer.send({ type: 'configure', canvas: CANVAS, maxPixels: 640 * 360 });
  await ready;
});
afterEach(async () => {
  ada.close();
  mixer.channel.destroy();
  await mixer.exited;
});

const encoder = (
  number: number,
  changes: { width?: number; height?: number; program?: ProgramName } = {},
): ToMixer => ({
  type: 'start-encoder',
  encoder: number,
  media: 'video',
  codec: 'vp8',
  ...CANVAS,
  kbps: 300,
  ...changes,
});
const scene = (tiles: SceneTile[], program?: ProgramName, more: Partial<Scene> = {}): ToMixer => ({
  type: 'scene',
  scene: { tiles, slate: { title: '', text: '' }, ...more },
  ...(program && { program }),
});
const camera: ToMixer = {
  type: 'add-track',
  track: 1,
  participant: 'ada',
  kind: 'camera',
  codec: 'vp8',
  clockRate: 90_000,
};

/** Size, and luma in the upper part, of the last of these pictures. */
function look(pictures: Picture[]): { width: number; height: number; luma: number } {
  const depacketizer = new Vp8Depacketizer();
  const decoder = new VideoDecoder('vp8', 1e6);
  let seen = { width: 0, height: 0, luma: -1 };
  for (const packet of pictures.flatMap(({ packets }) => packets)) {
    const frame = depacketizer.push(parseRtp(packet, 0)!);
    const decoded = frame && decoder.decode(frame, 0);
    if (!decoded || 'error' in decoded) continue;
    const { width, height, data, linesize } = decoded.picture;
    seen = { width, height, luma: data![0]![(height >> 3) * linesize[0]! + (width >> 3)]! };
    giveFrame(decoded.picture);
  }
  decoder.close();
  return seen;
}

test('each rendition is the same picture in its own size', async () => {
  const [large, small] = [mixer.media(1, 12), mixer.media(2, 12)];
  mixer.send(camera, scene([tile('ada')]), encoder(1), encoder(2, { width: 160, height: 90 }));
  const placed = mixer.next('placed', ({ tiles }) => tiles[0]?.picture !== null);
  mixer.rtp(1, ada.shoot(RED));
  await placed;
  const [one, two] = [look(await large), look(await small)];
  expect(one).toMatchObject({ width: 320, height: 180 });
  expect(two).toMatchObject({ width: 160, height: 90 });
  expect(Math.abs(one.luma - RED.y)).toBeLessThan(6);
  expect(Math.abs(two.luma - RED.y)).toBeLessThan(6);
});

describe('what cannot be encoded', () => {
  test('is told, and the program goes on', async () => {
    const failed = mixer.next('encoder-failed');
    mixer.send(encoder(5, { width: 40_000, height: 2 }), encoder(6));
    expect(await failed).toMatchObject({
      encoder: 5,
      detail: expect.stringMatching(/encoder does not open/),
    });
    expect(await mixer.media(6, 3)).toHaveLength(3);
  });
});

describe('a second program', () => {
  test('shows its own scene of the same source, decoded once', async () => {
    mixer.send(
      camera,
      scene([]),
      scene([tile('ada')], 'stage'),
      encoder(1),
      encoder(2, { program: 'stage' }),
    );
    const placed = mixer.next(
      'placed',
      ({ program, tiles }) => program === 'stage' && tiles[0]?.picture !== null,
    );
    mixer.rtp(1, ada.shoot(GREEN));
    await placed;
    const [program, stage] = [mixer.media(1, 8), mixer.media(2, 8)];
    mixer.send({ type: 'key-frame', encoder: 1 }, { type: 'key-frame', encoder: 2 });
    const fromKey = (pictures: Picture[]) =>
      look(pictures.slice(pictures.findIndex(({ keyFrame }) => keyFrame)));
    expect(Math.abs(fromKey(await program).luma - SLATE.y)).toBeLessThan(6);
    expect(Math.abs(fromKey(await stage).luma - GREEN.y)).toBeLessThan(6);
    const { sources } = await mixer.next('stats', ({ sources: each }) => (each[0]?.decodedFrames ?? 0) > 0);
    expect(sources).toHaveLength(1);
    expect(sources[0]!.decodedFrames).toBe(1);
  });

  test('costs nothing while nobody watches it, and begins with its last scene', async () => {
    const stageTiles: number[] = [];
    void mixer
      .next('placed', ({ program, tiles }) => program === 'stage' && stageTiles.push(tiles.length) < 0)
      .catch(() => {});
    mixer.send(scene([tile('bob')], 'stage'), encoder(1));
    await mixer.media(1, 10);
    expect(stageTiles).toEqual([]);
    mixer.send(encoder(2, { program: 'stage' }));
    expect(await mixer.media(2, 3)).toHaveLength(3);
    expect(stageTiles).toEqual([1]);
    mixer.send({ type: 'stop-encoder', encoder: 2 });
    const { encoders } = await mixer.next('stats', ({ encoders: each }) => each.length === 1);
    expect(encoders[0]!.encoder).toBe(1);
    mixer.send(encoder(3, { program: 'stage' }));
    expect((await mixer.media(3, 1))[0]!.keyFrame).toBe(true);
    expect(stageTiles).toEqual([1, 1]);
  });
});

describe('a canvas that stands still', () => {
  const gaps = (pictures: Picture[]) =>
    pictures.slice(1).map(({ ptsUs }, i) => Math.round(((ptsUs - pictures[i]!.ptsUs) * 30) / 1e6));

  test('is encoded less often, never below 7.5 a second, until something changes', async () => {
    mixer.send(camera, scene([tile('ada')]), encoder(1));
    await mixer.media(1, 60);
    const slow = gaps(await mixer.media(1, 8));
    expect(slow.filter((gap) => gap === 4).length).toBeGreaterThanOrEqual(5);
    mixer.rtp(1, ada.shoot(RED));
    await mixer.next('placed', ({ tiles }) => tiles[0]?.picture !== null);
    const quick = gaps(await mixer.media(1, 20));
    expect(quick.filter((gap) => gap <= 1).length).toBeGreaterThan(8);
  });

  test('is encoded at the whole rate while it is recorded', async () => {
    mixer.send(scene([]), encoder(1), { type: 'tap', encoder: 1, on: true });
    await mixer.media(1, 120);
    const quick = gaps(await mixer.media(1, 20));
    expect(quick.filter((gap) => gap <= 1).length).toBeGreaterThan(8);
  });

  test('gives a key frame at once to whoever asks for one', async () => {
    mixer.send(scene([]), encoder(1));
    await mixer.media(1, 60);
    mixer.send({ type: 'key-frame', encoder: 1 });
    const pictures = await mixer.media(1, 4);
    expect(pictures.slice(0, 2).some(({ keyFrame }) => keyFrame)).toBe(true);
  });
});

test('an image is told and drawn; a file that is none is told', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'rostrum-programs-'));
  const context = createCanvas(64, 36).getContext('2d');
  context.fillStyle = '#ffffff';
  context.fillRect(0, 0, 64, 36);
  await writeFile(join(folder, 'white.png'), context.canvas.toBuffer('image/png'));
  await writeFile(join(folder, 'text.png'), 'hello');
  mixer.send(scene([], undefined, { slate: { title: '', text: '', image: 'wall' } }), encoder(1));
  const told = mixer.next('asset', ({ asset }) => asset === 'wall');
  const refused = mixer.next('asset', ({ asset }) => asset === 'text');
  mixer.send({ type: 'asset', asset: 'wall', path: join(folder, 'white.png') });
  mixer.send({ type: 'asset', asset: 'text', path: join(folder, 'text.png') });
  expect(await told).toMatchObject({ ok: true, width: 64, height: 36 });
  expect(await refused).toMatchObject({ ok: false, detail: expect.stringMatching(/neither PNG/) });
  mixer.send({ type: 'key-frame', encoder: 1 });
  let pictures: Picture[] = [];
  while (!pictures.some(({ keyFrame }) => keyFrame)) pictures = await mixer.media(1, 8);
  const from = pictures.findIndex(({ keyFrame }) => keyFrame);
  expect(look(pictures.slice(from)).luma).toBeGreaterThan(225);
  await rm(folder, { recursive: true });
});

test('the way of a picture through the mixer is measured', async () => {
  mixer.send(camera, scene([tile('ada')]), encoder(1));
  for (let i = 0; i < 10; i++) {
    mixer.rtp(1, ada.shoot(RED));
    await mixer.media(1, 2);
  }
  const { pictureLatency } = await mixer.next('stats');
  const count = pictureLatency!.counts.reduce((a, b) => a + b);
  expect(count).toBeGreaterThanOrEqual(5);
  expect(pictureLatency!.sumMs / count).toBeLessThan(150);
});
