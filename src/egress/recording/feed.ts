import type { ProgramChunk } from './timeline.ts';

/** Coded chunks of one stream of the program, until it is closed. */
export interface ChunkTap {
  keyFrame(): void;
  close(): void;
}

/** Where a recording takes a room's program from. */
export interface ProgramFeed {
  width: number;
  height: number;
  fps: number;
  kbps: number;
  video(codec: 'vp8' | 'h264', each: (chunk: ProgramChunk) => void): ChunkTap;
  audio(each: (chunk: ProgramChunk) => void): ChunkTap;
}
