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
export function benchScene(): Scene {
  return {
    tiles: speakers.map((speaker) => ({
      participant: participantOf(speaker),
      kind: 'camera',
      x: (speaker % 2) / 2,
      y: Math.floor(speaker / 2) / 2,
      w: 0.5,
      h: 0.5,
      fit: 'cover',
      name: `Speaker ${speaker + 1}`,
      state: 'live',
    })),
    slate: { title: '', text: '' },
  };
}

export function participantOf(speaker: number): string {
  return `speaker-${speaker + 1}`;
}
