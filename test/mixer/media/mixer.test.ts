import { writeFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, expect, jest, test } from '@jest/globals';
import { OpusDecoder } from '../../../mixer/audio/opusDecoder.ts';
import type { Play, SceneTile, ToMixer } from '../../../mixer/protocol/control.ts';
import type { Picture } from '../../../mixer/protocol/picture.ts';
import { parseRtp } from '../../../mixer/rtp/packet.ts';
import { Vp8Depacketizer } from '../../../mixer/rtp/vp8.ts';
import { VideoDecoder } from '../../../mixer/video/decoder.ts';
import { giveFrame } from '../../../mixer/video/framePool.ts';
import { Clips, PARTS } from '../harness/clips.ts';
import { MixerChild } from '../harness/mixerChild.ts';
import { amplitudeAt, joined, peak } from '../harness/sound.ts';
import { tile } from '../harness/stage.ts';

/** Files through the real mixer program. */

jest.setTimeout(40_000);

const CANVAS = { width: 320, height: 180, fps: 30 };
const [RED, GREEN, BLUE] = PARTS;
const clips = new Clips();
let mixer: MixerChild;
let file: string;
/** Ten seconds of the first part. */
let red: string;
beforeAll(async () => {
  file = await clips.parts('parts.mp4');
  const sources = [`color=red:s=320x180:r=30:d=10`, `sine=${RED.hz}:r=48000:d=10`];
  const inputs = sources.flatMap((source) => ['-f', 'lavfi', '-i', source]);
  red = await clips.make('red.mp4', ...inputs, '-af', 'volume=2', '-pix_fmt', 'yuv420p');
});
beforeEach(async () => {
  mixer = new MixerChild();
  const ready = mixer.next('ready');
  mixer.send({ type: 'configure', canvas: CANVAS, maxPixels: 640 * 360 });
  await ready;
});
afterEach(async () => {
  mixer.channel.destroy();
  await mixer.exited;
});
afterAll(() => clips.close());

const VIDEO = 7;
const SOUND = 9;
const encoders: ToMixer[] = [
  { type: 'start-encoder', encoder: VIDEO, media: 'video', codec: 'vp8', ...CANVAS, kbps: 800 },
  { type: 'start-encoder', encoder: SOUND, media: 'audio', codec: 'opus', kbps: 96 },
];
const shows = (...tiles: SceneTile[]): ToMixer => ({
  type: 'scene',
  scene: { tiles, slate: { title: 'Rostrum', text: 'Waiting' } },
});
const clip = tile('clip', { kind: 'media', nameShown: false });
const play = (changes: Partial<Play> = {}): Play => ({
  ...{ type: 'play', participant: 'clip', path: file, loop: false, state: 'playing', positionMs: 0 },
  ...changes,
});

/** Luma in the middle of the last of these pictures. */
function lumaOf(pictures: Picture[]): number {
  const depacketizer = new Vp8Depacketizer();
  const decoder = new VideoDecoder('vp8', 1e6);
  let luma = -1;
  for (const packet of pictures.flatMap(({ packets }) => packets)) {
    const frame = depacketizer.push(parseRtp(packet, 0)!);
    const decoded = frame && decoder.decode(frame, 0);
    if (!decoded || 'error' in decoded) continue;
    luma = decoded.picture.data![0]![90 * decoded.picture.linesize[0]! + 160]!;
    giveFrame(decoded.picture);
  }
  decoder.close();
  return luma;
}

function soundOf(pictures: Picture[]): Float32Array {
  const decoder = new OpusDecoder();
  const blocks = pictures.flatMap(({ packets }) =>
    packets.map((packet) => Float32Array.from(decoder.decode(parseRtp(packet, 0)!.payload)!)),
  );
  decoder.close();
  return joined(blocks);
}

const playing = (state: string) => mixer.next('playing', (said) => said.state === state);

test('a file is in the picture and in the sound, until it is stopped', async () => {
  const begun = mixer.next('playing', ({ positionMs }) => positionMs > 500);
  const level = mixer.next('levels', ({ sources }) => (sources[0]?.levelDb ?? -127) > -40);
  mixer.send(...encoders, shows(clip), play({ path: red }));
  expect(await begun).toMatchObject({ participant: 'clip', state: 'playing', durationMs: 10_000 });
  expect((await level).sources).toMatchObject([{ participant: 'clip', kind: 'media' }]);
  const pictures = mixer.media(VIDEO, 20);
  const sound = mixer.media(SOUND, 30);
  mixer.send({ type: 'key-frame', encoder: VIDEO });
  const shown = await pictures;
  const decodable = shown.slice(shown.findIndex(({ keyFrame }) => keyFrame));
  expect(Math.abs(lumaOf(decodable) - RED.luma)).toBeLessThan(8);
  expect(amplitudeAt(soundOf(await sound).subarray(-19_200), RED.hz)).toBeGreaterThan(0.05);
  // Latency is that of speakers.
  const { pictureLatency } = await mixer.next('stats');
  expect(Math.max(...pictureLatency!.counts)).toBe(0);
  const gone = mixer.next('placed', ({ tiles }) => tiles[0]!.picture === null);
  mixer.send({ type: 'stop-play', participant: 'clip' });
  await gone;
  await mixer.media(SOUND, 10);
  expect(peak(soundOf(await mixer.media(SOUND, 20)).subarray(-9600))).toBeLessThan(0.001);
});

test('it ends, and its last picture stays', async () => {
  const ended = playing('ended');
  mixer.send(...encoders, shows(clip), play({ positionMs: 2000 }));
  expect(await ended).toMatchObject({ positionMs: 3000 });
  const picture = mixer.next('media', (heard) => heard.encoder === VIDEO && heard.picture.keyFrame);
  mixer.send({ type: 'key-frame', encoder: VIDEO });
  expect(Math.abs(lumaOf([(await picture).picture]) - BLUE.luma)).toBeLessThan(8);
});

test('it is paused, sought, told of once a second, and taken back', async () => {
  const begun = mixer.next('playing', ({ positionMs }) => positionMs > 500);
  mixer.send(...encoders, shows(clip), play({ loop: true }));
  await begun;
  mixer.send(play({ state: 'paused', positionMs: 1500, loop: true }));
  expect(await playing('paused')).toMatchObject({ positionMs: 1500 });
  await mixer.media(SOUND, 10);
  const sound = mixer.media(SOUND, 20);
  mixer.send({ type: 'key-frame', encoder: VIDEO });
  const first = await mixer.next('media', ({ encoder, picture }) => encoder === VIDEO && picture.keyFrame);
  expect(Math.abs(lumaOf([first.picture]) - GREEN.luma)).toBeLessThan(8);
  expect(peak(soundOf(await sound).subarray(-9600))).toBeLessThan(0.001);
  expect(await playing('paused')).toMatchObject({ positionMs: 1500 });
});

test('what cannot be played harms nobody else', async () => {
  const bad = clips.path('bad.mp4');
  writeFileSync(bad, 'nothing of the kind');
  const failed = mixer.next(
    'playing',
    ({ participant, state }) => participant === 'bad' && state === 'failed',
  );
  const begun = mixer.next('playing', (said) => said.participant === 'clip' && said.positionMs > 500);
  mixer.send(...encoders, shows(clip), play({ path: red }), play({ participant: 'bad', path: bad }));
  expect((await failed).detail).toMatch(/neither MP4/);
  await begun;
  const sound = await mixer.media(SOUND, 30);
  expect(amplitudeAt(soundOf(sound).subarray(-19_200), RED.hz)).toBeGreaterThan(0.05);
});

test('a picture covers a slate of its own tile, and nine files are one too many', async () => {
  const still = await clips.make('still.png', '-f', 'lavfi', '-i', 'color=blue:s=64x36', '-frames:v', '1');
  const pictures = mixer.media(VIDEO, 25);
  mixer.send(...encoders, shows(clip), play({ path: still }));
  expect(Math.abs(lumaOf(await pictures) - 41)).toBeLessThan(8);
  const refused = playing('failed');
  for (let i = 0; i < 8; i++) mixer.send(play({ participant: `more-${i}`, path: still }));
  expect(await refused).toMatchObject({ participant: 'more-7', detail: /no more than 8/ });
});

test('flash and beep of a file leave the mixer together: within 40 ms', async () => {
  const flash = "geq=lum='if(between(mod(T,1),0.5,0.7),235,16)':cb=128:cr=128";
  const pictures = `color=black:s=320x180:r=30:d=10,format=yuv420p,${flash}`;
  const beep = "aevalsrc='if(between(mod(t,1),0.5,0.7),0.5*sin(2*PI*1000*t),0)':s=48000:d=10";
  const clap = await clips.make('clap.mp4', '-f', 'lavfi', '-i', pictures, '-f', 'lavfi', '-i', beep);
  const begun = mixer.next('playing', ({ positionMs }) => positionMs > 500);
  mixer.send(...encoders, shows(clip), play({ path: clap }));
  await begun;
  const taken = [mixer.media(VIDEO, 150), mixer.media(SOUND, 250)] as const;
  mixer.send({ type: 'key-frame', encoder: VIDEO });
  const [seen, heard] = [await taken[0], await taken[1]];
  const flashes = rising(brightness(seen), 128);
  const beeps = rising(loudness(heard), 0.2);
  const offsets = flashes.flatMap((flashUs) =>
    beeps.map((beepUs) => (beepUs - flashUs) / 1000).filter((ms) => Math.abs(ms) < 400),
  );
  expect(offsets.length).toBeGreaterThanOrEqual(3);
  expect(Math.abs(offsets.reduce((sum, ms) => sum + ms, 0) / offsets.length)).toBeLessThanOrEqual(40);
  // On a busy machine a picture may come a tick late (ITU-R BT.1359).
  for (const ms of offsets) expect(ms > -45 && ms < 125).toBe(true);
});

type Point = { ptsUs: number; value: number };

/** When a value crosses a bound upwards. */
const rising = (points: Point[], bound: number) =>
  points
    .filter(({ value }, i) => i > 0 && value > bound && points[i - 1]!.value <= bound)
    .map(({ ptsUs }) => ptsUs);

/** Luma in the middle of each picture, from the first key frame on. */
function brightness(pictures: Picture[]): Point[] {
  const depacketizer = new Vp8Depacketizer();
  const decoder = new VideoDecoder('vp8', 1e6);
  const points: Point[] = [];
  for (const { packets, ptsUs } of pictures.slice(pictures.findIndex(({ keyFrame }) => keyFrame))) {
    for (const packet of packets) {
      const frame = depacketizer.push(parseRtp(packet, 0)!);
      const decoded = frame && decoder.decode(frame, 0);
      if (!decoded || 'error' in decoded) continue;
      points.push({ ptsUs, value: decoded.picture.data![0]![90 * decoded.picture.linesize[0]! + 160]! });
      giveFrame(decoded.picture);
    }
  }
  decoder.close();
  return points;
}

/** The peak of each millisecond. */
function loudness(blocks: Picture[]): Point[] {
  const decoder = new OpusDecoder();
  const points = blocks.flatMap(({ packets: [packet], ptsUs }) => {
    const samples = decoder.decode(parseRtp(packet!, 0)!.payload)!;
    return Array.from({ length: 20 }, (_, ms) => ({
      ptsUs: ptsUs + ms * 1000,
      value: peak(samples.subarray(ms * 96, (ms + 1) * 96)),
    }));
  });
  decoder.close();
  return points;
}
