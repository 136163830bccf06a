import type { Log } from '../log.ts';
import { Journal, type JournalEntry, ROOM_JOURNAL } from '../recording/journal.ts';
import type { Timeline } from '../recording/timeline.ts';
import type { RoomFeed } from './feed.ts';
import { TrackRecorder } from './trackRecorder.ts';

export interface BundleParts {
  folder: string;
  feed: RoomFeed;
  journal: Journal;
  timeline: Timeline;
  nowUs(): number;
  log: Log;
}

/** A speaker's frame is captured at most this long before it is here. */
const MAX_AWAY_US = 10_000_000;

/**
 * What a recording keeps beside the program, while it runs: speakers' tracks in files, and what the room
 * shows and who speaks in the journal. Everything in it stands at the recording's own time.
 */
export class Bundle {
  readonly #parts: BundleParts;
  readonly #tracks: TrackRecorder;
  readonly #room: Journal;
  #taps: { close(): void }[] = [];

  constructor(parts: BundleParts) {
    this.#parts = parts;
    const { folder, journal, log } = parts;
    this.#room = new Journal(folder, log, ROOM_JOURNAL);
    this.#tracks = new TrackRecorder({
      ...{ folder, log, timeOf: (ptsUs) => this.#timeOf(ptsUs) },
      begun: (note) => void journal.append({ event: 'track', ...note }),
    });
  }

  /** The recording runs, for the first time or after a pause. */
  open(): void {
    if (this.#taps.length > 0) return;
    const { feed } = this.#parts;
    const note = (entry: JournalEntry) => void this.#room.append(entry);
    this.#taps = [
      feed.moments((moment) => note({ event: 'moment', atUs: this.#nowUs(), ...moment })),
      feed.floor((speaking) => note({ event: 'floor', atUs: this.#nowUs(), speaking })),
      feed.tracks((stream, chunk) => this.#tracks.push(stream, chunk)),
    ];
  }

  /** It pauses or ends: nothing is listened to any more. Resolves when all is written. */
  async cut(): Promise<void> {
    for (const tap of this.#taps) tap.close();
    this.#taps = [];
    await this.#tracks.close();
  }

  /** What claims to be of another time than now comes of a clock that jumped, and has no place. */
  #timeOf(ptsUs: number): number | null {
    const { timeline, nowUs } = this.#parts;
    return Math.abs(ptsUs - nowUs()) < MAX_AWAY_US ? timeline.timeOf(ptsUs) : null;
  }

  #nowUs(): number {
    return Math.round(this.#parts.timeline.durationUs(this.#parts.nowUs()));
  }
}
