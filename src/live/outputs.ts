import type { Egress } from '../egress/egress.ts';
import { RoomOutputs } from '../egress/outputs/roomOutputs.ts';
import type { VideoSettings } from './contract.ts';
import type { Program } from './program.ts';
import type { Renditions } from './renditions.ts';
import type { LiveSettings } from './settings.ts';

export interface OutputsParts {
  room: string;
  egress: Egress | null;
  program: Program;
  renditions: Renditions;
  video: VideoSettings;
  settings: LiveSettings;
  /** The mixer may be needed, or not any more. */
  demanded(): void;
  /** An output was made, has changed or is gone. */
  changed(): void;
}

/** Segments begin with key frames, and targets want them as often. */
const KEY_FRAME_US = 2_000_000;
const NOWHERE = { privateHosts: 'off', soundKbps: 128 } as const;

/** A room's outputs, fed with its program in H.264. */
export function createOutputs(parts: OutputsParts): RoomOutputs {
  const { room, egress, program, renditions, video, settings, demanded, changed } = parts;
  const { width, height, fps, kbps } = video;
  const tap = (...args: Parameters<Program['tap']>) => {
    const opened = program.tap(...args);
    demanded();
    return {
      keyFrame: opened.keyFrame,
      close: () => {
        opened.close();
        demanded();
      },
    };
  };
  return new RoomOutputs({
    ...(egress?.outputs ?? NOWHERE),
    room,
    feed: {
      ...{ width, height, fps, kbps },
      video: (each) => tap(renditions.picture('h264'), each, KEY_FRAME_US),
      audio: (each) => tap(renditions.sound(), each),
    },
    ffmpeg: () => egress?.ffmpeg() ?? Promise.reject(new Error('the server was started without egress')),
    wallOffsetMs: () => settings.clock.unixMs() - settings.clock.nowMs(),
    log: settings.log,
    changed,
  });
}
