import type { RecordingFormat } from './format.ts';
import type { RecordedFile } from './journal.ts';

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
  /** Empty until it is over. */
  files: RecordedFile[];
}
