import type { Scene, VideoCodec } from '../../mixer/protocol/control.ts';

/** The job both sides do: four 720p30 speakers as 2×2 tiles in one 720p30 program, four sounds as one. */
export const program = { width: 1280, height: 720, fps: 30, videoKbps: 2000, audioKbps: 64 } as const;

/** What each speaker sends. */
export const clip = {
  width: 1280,
  height: 720,
  fps: 30,
  seconds: 10,
  videoKbps: 1500,
  audioKbps: 32,
} as const;

export const clipFrames = clip.fps * clip.seconds;

/** In which size and at which rate clips are coded. */
export interface ClipForm {
  width: number;
  height: number;
  fps: number;
  videoKbps: number;
}

/** `full`: what a camera gives; `economy`: what a speaker sends who is told that the tile is this large. */
export const clipForms = {
  full: clip,
  economy: { width: 640, height: 360, fps: 30, videoKbps: 600 },
} as const satisfies Record<string, ClipForm>;

export type ClipSize = keyof typeof clipForms;

/** Length of one Opus packet, in microseconds and in samples at 48 kHz. */
export const opusPacket = { durationUs: 20_000, samples: 960 } as const;

export const codecs: readonly VideoCodec[] = ['vp8', 'h264'];

export const speakers = [0, 1, 2, 3] as const;

export const tile = { width: program.width / 2, height: program.height / 2 } as const;

/** Top left corner of a speaker's tile on the canvas, in pixels. */
export function tileOrigin(speaker: number): { x: number; y: number } {
  return { x: (speaker % 2) * tile.width, y: Math.floor(speaker / 2) * tile.height };
}

/** The scene as the mixer is told it: no gaps, so that every tile is exactly half the canvas each way. */
export const benchScene = (): Scene => gridScene(speakers.length);

/** So many speakers in as many columns as rows, without gaps. */
export function gridScene(count: number): Scene {
  const side = Math.ceil(Math.sqrt(count));
  return {
    tiles: Array.from({ length: count }, (_, speaker) => ({
      participant: participantOf(speaker),
      kind: 'camera',
      x: (speaker % side) / side,
      y: Math.floor(speaker / side) / side,
      w: 1 / side,
      h: 1 / side,
      fit: 'cover',
      name: `Speaker ${speaker + 1}`,
      state: 'live',
    })),
    slate: { title: '', text: '' },
  };
}

/** A slide at four fifths of the canvas, the first speaker beside it. */
export function slideScene(): Scene {
  const [speaker] = gridScene(1).tiles;
  return {
    tiles: [
      { ...speaker!, kind: 'screen', x: 0, y: 0.1, w: 0.8, h: 0.8, fit: 'contain', name: '' },
      { ...speaker!, x: 0.8, y: 0.1, w: 0.2, h: 0.2 },
    ],
    slate: { title: '', text: '' },
  };
}

export function participantOf(speaker: number): string {
  return `speaker-${speaker + 1}`;
}
