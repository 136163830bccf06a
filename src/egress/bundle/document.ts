import type { JournalEntry } from '../recording/journal.ts';
import type { Chapter } from './chapters.ts';
import type { TrackNote } from './trackRecorder.ts';

/** One track as the document lists it: where the file begins in the recording, and how long it lasts. */
export type BundleTrack = Omit<TrackNote, 'startUs' | 'name'> & {
  file: string;
  startMs: number;
  durationMs: number;
};

/** `bundle.json`: what was recorded beside the program. Times are ms from the recording's beginning. */
export interface BundleDocument {
  version: 1;
  id: string;
  room: string;
  title: string;
  startedAt: string;
  durationMs: number;
  /** Of the program; kbps of its picture. */
  video: { width: number; height: number; fps: number; kbps: number };
  /** Files with the program, and its poster; null where none could be made. */
  program: string[];
  poster: string | null;
  tracks: BundleTrack[];
  participants: { id: string; name: string; role: string }[];
  chapters: Chapter[];
  /** What the room showed, from each moment until the next. */
  timeline: { atMs: number; live: boolean; layout: string; spotlight: string | null; scene: unknown }[];
  /** Who spoke, from each moment until the next. */
  floor: { atMs: number; speaking: string[] }[];
}

type Entry<E extends JournalEntry['event']> = Extract<JournalEntry, { event: E }>;

const ofEvent = <E extends JournalEntry['event']>(journal: readonly JournalEntry[], event: E): Entry<E>[] =>
  journal.filter((entry): entry is Entry<E> => entry.event === event);

/** In the order of their times. */
export const chaptersOf = (journal: readonly JournalEntry[]): Chapter[] =>
  ofEvent(journal, 'chapter').map(({ atMs, title }) => ({ atMs, title }));

export const tracksOf = (journal: readonly JournalEntry[]): TrackNote[] =>
  ofEvent(journal, 'track').map(({ event: _, ...note }) => note);

/** What the journal of a recording says, as one document; null when it has no tracks to keep. */
export function documentOf(
  journal: readonly JournalEntry[],
  made: Pick<BundleDocument, 'program' | 'poster' | 'tracks' | 'durationMs'>,
): BundleDocument | null {
  const [started] = ofEvent(journal, 'started');
  if (!started?.bundle) return null;
  const moments = ofEvent(journal, 'moment');
  const people = new Map(
    moments.flatMap(({ participants }) => participants.map((one) => [one.id, one] as const)),
  );
  return {
    ...{ version: 1, id: started.id, room: started.room, title: moments.at(-1)?.title ?? started.room },
    ...{ startedAt: started.startedAt, video: started.bundle, ...made },
    participants: [...people.values()],
    chapters: chaptersOf(journal),
    timeline: moments.map(({ atUs, live, layout, spotlight, scene }) => ({
      ...{ atMs: inMs(atUs), live, layout, spotlight, scene },
    })),
    floor: ofEvent(journal, 'floor').map(({ atUs, speaking }) => ({ atMs: inMs(atUs), speaking })),
  };
}

export const inMs = (us: number): number => Math.round(us / 100) / 10;
