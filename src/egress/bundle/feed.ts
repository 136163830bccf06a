import type { ProgramChunk } from '../recording/timeline.ts';

/** One track of a speaker from the moment it is on stage until it leaves; coming back is another one. */
export interface TrackStream {
  participant: string;
  /** Of the person. */
  name: string;
  kind: 'camera' | 'screen' | 'media';
  media: 'audio' | 'video';
  codec: 'vp8' | 'h264' | 'vp9' | 'av1' | 'opus';
  /** Asks the speaker for a key frame. */
  keyFrame(): void;
}

/** A frame as the speaker coded it, at its moment of capture. */
export interface TrackChunk extends ProgramChunk {
  /** Of the picture; 0 for sound. */
  width: number;
  height: number;
}

/** What a room shows and who is in it, as it is kept: plain JSON, compared as text. */
export interface Moment {
  title: string;
  live: boolean;
  layout: string;
  spotlight: string | null;
  /** As the mixer is told it: tiles in fractions of the canvas, and the slate. */
  scene: unknown;
  participants: { id: string; name: string; role: string }[];
}

/** What a recording with tracks takes of a room beside its program. */
export interface RoomFeed {
  /** All speakers who are heard or seen, those included who come later. */
  tracks(each: (stream: TrackStream, chunk: TrackChunk) => void): { close(): void };
  /** At once, and whenever it has changed. */
  moments(each: (moment: Moment) => void): { close(): void };
  /** Ids of those who speak, whenever that has changed. */
  floor(each: (speaking: string[]) => void): { close(): void };
}
