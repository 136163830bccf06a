import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { nowUs } from '../../mixer/clock.ts';
import type { SceneTile, ToMixer } from '../../mixer/protocol/control.ts';
import { frameHead } from '../../mixer/protocol/framing.ts';
import type { Picture } from '../../mixer/protocol/picture.ts';
import { H264Depacketizer } from '../../mixer/rtp/h264.ts';
import { parseRtp } from '../../mixer/rtp/packet.ts';
import { Vp8Depacketizer } from '../../mixer/rtp/vp8.ts';
import { VideoDecoder } from '../../mixer/video/decoder.ts';
import { giveFrame } from '../../mixer/video/framePool.ts';
import { toYuv } from '../../mixer/video/overlay.ts';
import { Camera, GREEN, RED } from './harness/camera.ts';
import { Microphone } from './harness/microphone.ts';
import { MixerChild } from './harness/mixerChild.ts';
import { Random } from './harness/random.ts';
import { tile } from './harness/stage.ts';

const CANVAS = { width: 320, height: 180, fps: 30 };
const SLATE = toYuv(0x14, 0x17, 0x1d);

let mixer: MixerChild;
beforeEach(() => {
  mixer = new MixerChild();
});
afterEach(async () => {
  mixer.channel.destroy();
  await mixer.exited;
});

const video = (encoder: number, codec: 'vp8' | 'h264' = 'vp8'): ToMixer => ({
  type: 'start-encoder',
  encoder,
  media: 'video',
  codec,
  ...CANVAS,
  kbps: 500,
});
const scene = (...tiles: SceneTile[]): ToMixer => ({
  type: 'scene',
  scene: { tiles, slate: { title: 'Rostrum', text: 'Waiting' } },
});
const camera = (track: number): ToMixer => ({
  type: 'add-track',
  track,
  participant: 'ada',
  kind: 'camera',
  codec: 'vp8',
  clockRate: 90_000,
});

/** A tone of amplitude 0.5, a packet each 20 ms, until what is given back is called. */
function talk(track: number): () => void {
  const microphone = new Microphone({ hz: 500 });
  const timer = setInterval(() => mixer.rtp(track, [microphone.record().packet]), 20);
  return () => {
    clearInterval(timer);
    microphone.close();
  };
}

async function start(...messages: ToMixer[]): Promise<void> {
  const ready = mixer.next('ready');
  mixer.send({ type: 'configure', canvas: CANVAS, maxPixels: 640 * 360 }, ...messages);
  await ready;
}

/** Luma in the upper part of the last of these pictures, decoded from its packets. */
function lumaOf(pictures: Picture[], codec: 'vp8' | 'h264' = 'vp8'): number {
  const depacketizer = codec === 'vp8' ? new Vp8Depacketizer() : new H264Depacketizer();
  const decoder = new VideoDecoder(codec, 1e6);
  let luma = -1;
  for (const packet of pictures.flatMap(({ packets }) => packets)) {
    const frame = depacketizer.push(parseRtp(packet, 0)!);
    const decoded = frame && decoder.decode(frame, 0);
    if (!decoded || 'error' in decoded) continue;
    luma = decoded.picture.data![0]![20 * decoded.picture.linesize[0]! + 40]!;
    giveFrame(decoded.picture);
  }
  decoder.close();
  return luma;
}

test('says that it is ready, and with which FFmpeg', async () => {
  const startedMs = performance.now();
  const { ffmpeg } = await mixer.next('ready');
  expect(ffmpeg).toMatch(/\d/);
  expect(performance.now() - startedMs).toBeLessThan(3000);
});

describe.each(['vp8', 'h264'] as const)('an empty stage in %s', (codec) => {
  test('is the slate, from a key frame on, evenly and without a gap', async () => {
    const pictures = mixer.media(7, 40);
    // Recorded: else a canvas that stands still would be encoded less often.
    await start(scene(), video(7, codec), { type: 'tap', encoder: 7, on: true });
    const got = await pictures;
    expect(got.map(({ keyFrame }) => keyFrame)).toEqual([true, ...Array(39).fill(false)]);
    expect(Math.abs(lumaOf(got, codec) - SLATE.y)).toBeLessThan(4);
    const sequences = got.flatMap(({ packets }) => packets.map((packet) => parseRtp(packet, 0)!.sequence));
    expect(sequences).toEqual(sequences.map((_, i) => i));
    const late = got.slice(1).map(({ ptsUs }, i) => (ptsUs - got[i]!.ptsUs) / (1e6 / 30));
    // Even steps; on a busy machine one may be left out.
    for (const steps of late) expect(Math.abs(steps - Math.round(steps))).toBeLessThan(0.001);
    expect(late.filter((steps) => steps > 1.5).length).toBeLessThan(10);
  });
});

test('key frames come when asked for, many requests being one', async () => {
  const first = mixer.media(7, 15);
  await start(scene(), video(7));
  await first;
  const next = mixer.media(7, 20);
  for (let i = 0; i < 20; i++) mixer.send({ type: 'key-frame', encoder: 7 });
  expect((await next).filter(({ keyFrame }) => keyFrame)).toHaveLength(1);
});

test('an audio encoder sends 50 packets a second, silence too', async () => {
  const sound = mixer.media(9, 50);
  await start({ type: 'start-encoder', encoder: 9, media: 'audio', codec: 'opus', kbps: 64 });
  const got = await sound;
  expect(got.every(({ packets }) => packets.length === 1)).toBe(true);
  expect(got[49]!.ptsUs - got[0]!.ptsUs).toBeCloseTo(49 * 20_000, 0);
});

test('a tapped track gives what its speaker sent, whole and in time, until the tap is closed', async () => {
  await start(camera(1), { ...camera(2), codec: 'opus', clockRate: 48_000 } as ToMixer);
  const [red, tone] = [
    new Camera({ codec: 'vp8', width: 320, height: 180 }),
    new Microphone({ hz: 440, frameMs: 20 }),
  ];
  const tap = (on: boolean): ToMixer[] => [1, 2].map((track) => ({ type: 'tap-track', track, on }));
  mixer.send(...tap(true), { type: 'tap-track', track: 9, on: true });
  const [picture, sound] = [red.coded(RED), tone.record().packet];
  const seen = mixer.next('track-frame', ({ frame }) => frame.track === 1);
  const heard = mixer.next('track-frame', ({ frame }) => frame.track === 2);
  const beforeUs = nowUs();
  mixer.rtp(1, red.packets(picture));
  mixer.rtp(2, [sound]);
  const { frame } = await seen;
  expect(frame).toMatchObject({ keyFrame: true, width: 320, height: 180 });
  expect(frame.bytes.equals(picture)).toBe(true);
  expect(frame.ptsUs).toBeGreaterThanOrEqual(beforeUs);
  expect(frame.ptsUs).toBeLessThanOrEqual(nowUs());
  expect((await heard).frame).toMatchObject({ keyFrame: true, durationUs: 20_000, width: 0 });
  mixer.send(...tap(false));
  await mixer.next('stats');
  let later = 0;
  void mixer.next('track-frame', () => ++later > 0).catch(() => {});
  mixer.rtp(1, red.shoot(RED));
  await mixer.next('stats', ({ sources }) => sources[0]?.decodedFrames === 2);
  expect(later).toBe(0);
  red.close();
  tone.close();
});

test('a tapped encoder gives its coded chunks, until the tap is closed', async () => {
  await start(scene(), video(7), { type: 'tap', encoder: 7, on: true });
  const { chunk } = await mixer.next('chunk', ({ chunk: each }) => each.keyFrame);
  expect(chunk).toMatchObject({ encoder: 7, keyFrame: true, durationUs: 33_333 });
  mixer.send({ type: 'tap', encoder: 7, on: false });
  await mixer.media(7, 5);
  const { chunks } = mixer;
  await mixer.media(7, 10);
  expect(mixer.chunks).toBe(chunks);
});

describe('a speaker', () => {
  let ada: Camera;
  beforeEach(() => {
    ada = new Camera({ codec: 'vp8', width: 320, height: 180 });
  });
  afterEach(() => {
    ada.close();
  });

  test('is in the picture, told where, counted, and gone again', async () => {
    await start(scene(tile('ada')), camera(3), video(7));
    const placed = mixer.next('placed', ({ tiles }) => tiles[0]?.picture !== null);
    mixer.rtp(3, ada.shoot(RED));
    expect((await placed).tiles).toEqual([
      { participant: 'ada', kind: 'camera', picture: { x: 0, y: 0, w: 1, h: 1 } },
    ]);
    mixer.send({ type: 'key-frame', encoder: 7 });
    const first = await mixer.next('media', ({ picture }) => picture.keyFrame);
    expect(Math.abs(lumaOf([first.picture]) - RED.y)).toBeLessThan(6);
    const { sources, encoders } = await mixer.next('stats', (stats) => stats.sources[0]?.decodedFrames === 1);
    expect(sources).toMatchObject([{ participant: 'ada', kind: 'camera', lostPackets: 0 }]);
    expect(encoders[0]).toMatchObject({ encoder: 7 });
    const gone = mixer.next('placed', ({ tiles }) => tiles[0]?.picture === null);
    mixer.send({ type: 'remove-track', track: 3 });
    await gone;
    expect((await mixer.next('stats')).sources).toEqual([]);
  });

  test('is asked for what is missing, and for a key frame when nothing else helps', async () => {
    await start(scene(tile('ada')), camera(3));
    mixer.rtp(3, ada.shoot(RED));
    const nack = mixer.next('nack');
    const lost = ada.shoot(GREEN, true).length;
    mixer.rtp(3, ada.shoot(GREEN));
    const { track, sequences } = await nack;
    expect(track).toBe(3);
    expect(sequences).toHaveLength(lost);
    await expect(mixer.next('key-frame-wanted')).resolves.toMatchObject({ track: 3 });
  });

  test('whose picture is over the limit is refused by name, and accepted when it is smaller', async () => {
    const large = new Camera({ codec: 'vp8', width: 1280, height: 720 });
    await start(scene(tile('ada')), camera(3));
    const refused = mixer.next('refused');
    mixer.rtp(3, large.shoot(RED));
    expect(await refused).toMatchObject({ track: 3, code: 'picture-too-large' });
    const accepted = mixer.next('accepted');
    ada.stream.sequence = large.stream.sequence;
    mixer.rtp(3, ada.shoot(RED));
    expect(await accepted).toMatchObject({ track: 3 });
    large.close();
  });

  test('is heard: the level is told, and that they speak', async () => {
    await start({ ...camera(4), codec: 'opus', clockRate: 48_000 } as ToMixer);
    const loud = mixer.next('levels', ({ sources }) => sources[0]?.speaking === true);
    const hush = talk(4);
    expect((await loud).sources[0]).toMatchObject({ participant: 'ada', kind: 'camera', speaking: true });
    hush();
  });

  test('who was muted before they came stays muted', async () => {
    const gain = { type: 'gain', participant: 'ada', kind: 'camera', muted: true, volumeDb: 0 } as const;
    await start(gain, { ...camera(4), codec: 'opus', clockRate: 48_000 } as ToMixer);
    const hush = talk(4);
    await mixer.next('stats', ({ sources }) => sources[0]!.audioDelayMs > 0);
    const silent = await mixer.next('levels');
    expect(silent.sources).toEqual([{ participant: 'ada', kind: 'camera', levelDb: -127, speaking: false }]);
    mixer.send({ ...gain, muted: false, volumeDb: -6 });
    const { sources } = await mixer.next('levels', ({ sources }) => sources[0]?.speaking === true);
    expect(sources[0]!.levelDb).toBeGreaterThan(-17);
    expect(sources[0]!.levelDb).toBeLessThan(-13);
    hush();
  });

  test('their sound is measured from arrival to departure', async () => {
    await start({ ...camera(4), codec: 'opus', clockRate: 48_000 } as ToMixer, {
      type: 'start-encoder',
      encoder: 9,
      media: 'audio',
      codec: 'opus',
      kbps: 64,
    });
    const hush = talk(4);
    const count = (counts: number[]) => counts.reduce((sum, each) => sum + each, 0);
    const { soundLatency } = await mixer.next('stats', (stats) => count(stats.soundLatency!.counts) >= 50);
    expect(soundLatency!.sumMs / count(soundLatency!.counts)).toBeGreaterThan(1);
    // How long exactly is told by the long test from mouth to ear; here the machine may be busy.
    expect(soundLatency!.sumMs / count(soundLatency!.counts)).toBeLessThan(200);
    hush();
  });

  test('who sends rubbish harms nobody: the program goes on, and so does the speaker', async () => {
    const random = new Random(1);
    await start(
      scene(tile('ada')),
      camera(3),
      { ...camera(4), codec: 'opus', clockRate: 48_000 } as ToMixer,
      video(7),
    );
    for (let i = 0; i < 3000; i++) {
      const packets = [random.mutated(ada.shoot(RED)[0]!), random.bytes(random.below(200))];
      mixer.rtp(random.pick([3, 4, 99]), packets);
    }
    expect(await mixer.media(7, 10)).toHaveLength(10);
    const placed = mixer.next('placed', ({ tiles }) => tiles[0]?.picture !== null);
    const other = new Camera({ codec: 'vp8', width: 320, height: 180, ssrc: 5 });
    for (let i = 0; i < 4; i++) mixer.rtp(3, other.shoot(GREEN, true));
    await placed;
    other.close();
  });
});

describe('its end', () => {
  test('does not come with SIGINT or SIGTERM, which Ctrl-C and systemd send to everybody', async () => {
    const first = mixer.media(7, 3);
    await start(scene(), video(7));
    await first;
    mixer.signal('SIGINT');
    mixer.signal('SIGTERM');
    mixer.signal('SIGTERM');
    expect(await mixer.media(7, 20)).toHaveLength(20);
  });

  test('comes within a second after its channel closed, in the middle of its work', async () => {
    const first = mixer.media(7, 3);
    await start(scene(), video(7), video(8, 'h264'));
    await first;
    const closedMs = performance.now();
    mixer.channel.destroy();
    expect(await mixer.exited).toEqual({ code: null, signal: 'SIGKILL' });
    expect(performance.now() - closedMs).toBeLessThan(1000);
  });

  test('comes even when a thread never does', async () => {
    const stuck = new MixerChild(join(import.meta.dirname, 'harness', 'stuckMixer.mjs'));
    await stuck.next('ready');
    const closedMs = performance.now();
    stuck.channel.destroy();
    // So that nothing is left however this ends.
    const tooLate = setTimeout(() => stuck.signal('SIGKILL'), 3000);
    await stuck.exited;
    clearTimeout(tooLate);
    expect(performance.now() - closedMs).toBeLessThan(1000);
  });

  test('comes at once when the channel cannot be followed any more', async () => {
    await start(scene());
    mixer.channel.write(frameHead(1, 0x7fff_ffff));
    const { code, signal } = await mixer.exited;
    expect(code !== 0 || signal !== null).toBe(true);
  });
});
