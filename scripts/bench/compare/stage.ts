import { randomInt } from 'node:crypto';
import type { VideoCodec } from '../../../mixer/protocol/control.ts';
import { type LoadClips, type LoadSize, loadPictures, refreshEvery } from '../clips/loadClips.ts';
import type { ClipFiles } from '../load/clip.ts';
import type { PublisherProcess } from '../load/generator.ts';
import type { Place, SpeakerClock } from '../load/glass.ts';
import { clip, program } from '../program.ts';
import type { ServerApi } from '../server/api.ts';
import type { BenchMode } from './result.ts';
import { sleep } from './sleep.ts';

const LIVE_MS = 15_000;
const ASK_MS = 50;
const whole: Place = { x: 0, y: 0, w: 1, h: 1 };

/** What a mode makes speakers send. */
export const sizeOf = (mode: BenchMode): LoadSize => (mode === 'sfu-fit' ? 'fit' : 'full');

/** A room with its speakers on stage, before anybody watches. */
export interface Stage {
  room: string;
  /** Pairs of sound and pictures that a viewer receives. */
  pairs: number;
  speakers: SpeakerClock[];
  /** Where each speaker is in the first stream of pictures a viewer has. */
  places: Place[];
}

/**
 * Makes a room, lets its speakers in and waits until each is seen.
 * @throws Error when the server refuses, or a speaker is not live within 15 s
 */
export async function openStage(
  api: ServerApi,
  publishers: PublisherProcess,
  clips: LoadClips,
  order: { mode: BenchMode; speakers: number; codec: VideoCodec },
): Promise<Stage> {
  const { mode, codec } = order;
  const { width, height, fps, videoKbps: kbps } = program;
  const id = `bench-${randomInt(2 ** 32).toString(36)}`;
  const video = { width, height, fps, codec, kbps };
  const { id: room } = await api.createRoom({ id, mode: mode === 'mcu' ? 'mcu' : 'sfu', video });
  try {
    const speakers: SpeakerClock[] = [];
    for (let speaker = 0; speaker < order.speakers; speaker++) {
      speakers.push(
        await letIn(api, publishers, room, speaker, order.speakers, clips.files(speaker, sizeOf(mode))),
      );
    }
    const tiles = await untilLive(api, room, order.speakers);
    const places = mode === 'mcu' ? tiles.flatMap(({ picture }) => picture ?? []) : [whole];
    return { room, pairs: mode === 'mcu' ? 1 : order.speakers, speakers, places };
  } catch (error) {
    await publishers.call('stop', undefined).catch(() => {});
    await api.deleteRoom(room).catch(() => {});
    throw error;
  }
}

async function letIn(
  api: ServerApi,
  publishers: PublisherProcess,
  room: string,
  speaker: number,
  speakers: number,
  files: ClipFiles,
): Promise<SpeakerClock> {
  const firstPicture = firstPictureOf(speaker, speakers);
  const published = await publishers.call('publish', {
    endpoint: api.whip(room),
    token: await api.token(room, 'panelist', `Speaker ${speaker + 1}`),
    files,
    firstPicture,
    // Cameras do not tick together.
    phaseUs: (speaker * 1e6) / clip.fps / speakers,
  });
  return { ...published, firstPicture, fps: clip.fps };
}

/** Far enough apart that the number in a picture tells whose it is, and that key frames do not coincide. */
function firstPictureOf(speaker: number, speakers: number): number {
  const apart = speakers <= 10 ? 3 * refreshEvery : refreshEvery;
  return (speaker * apart) % loadPictures;
}

async function untilLive(api: ServerApi, room: string, speakers: number) {
  for (const deadline = Date.now() + LIVE_MS; ; await sleep(ASK_MS)) {
    const { tiles } = (await api.room(room)).layout;
    if (tiles.length >= speakers && tiles.every(({ state }) => state === 'live')) return tiles;
    if (Date.now() > deadline) {
      throw new Error(
        `${tiles.length} of ${speakers} speakers are on stage, not all of them live, after 15 s`,
      );
    }
  }
}
