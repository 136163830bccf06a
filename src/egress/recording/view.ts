import type { Chapter } from '../bundle/chapters.ts';
import type { RecordingFormat } from './format.ts';

/** One file of a recording that is over. */
export interface RecordedFile {
  name: string;
  bytes: number;
  type: string;
  /** Hexadecimal; null when the disk could not be read. */
  sha256: string | null;
}

/** A recording as everybody sees it. */
export interface RecordingView {
  id: string;
  room: string;
  format: RecordingFormat;
  state: 'recording' | 'paused' | 'finished' | 'failed';
  /** Why it failed, else null. */
  reason: string | null;
  startedAt: string;
  /** Length of what was recorded, pauses left out. */
  durationMs: number;
  /** On the disk by now. */
  bytes: number;
  /** Whether each speaker's own tracks are kept, too. */
  tracks: boolean;
  /** In the order of their times. */
  chapters: Chapter[];
  /** Empty until it is over. The program comes first. */
  files: RecordedFile[];
}
