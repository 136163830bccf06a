import type { ChunkTap } from '../recording/feed.ts';
import type { ProgramChunk } from '../recording/timeline.ts';

export type { ChunkTap, ProgramChunk };

/** Where outputs take a room's program from: H.264 with a key frame at each whole 2 s, and Opus. */
export interface OutputFeed {
  width: number;
  height: number;
  fps: number;
  /** Of the pictures. */
  kbps: number;
  video(each: (chunk: ProgramChunk) => void): ChunkTap;
  audio(each: (chunk: ProgramChunk) => void): ChunkTap;
}
