import { readFileSync } from 'node:fs';
import { appendFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Log } from '../log.ts';
import type { RecordedFile } from './view.ts';

const recordedFile: z.ZodType<RecordedFile> = z.object({
  name: z.string().regex(/^[\w-]+\.(mp4|webm|mkv|json|jpg)$/),
  bytes: z.number(),
  type: z.string(),
  sha256: z.string().nullable(),
});

const entry = z.discriminatedUnion('event', [
  z.object({
    event: z.literal('started'),
    id: z.string(),
    room: z.string(),
    format: z.enum(['mp4', 'webm']),
    startedAt: z.string(),
    /** What is kept beside the program, if anything: its size, as a new mix needs it. */
    bundle: z
      .object({ width: z.number(), height: z.number(), fps: z.number(), kbps: z.number() })
      .nullable()
      .optional(),
  }),
  z.object({
    event: z.literal('part'),
    name: z.string().regex(/^part-\d+\.(mp4|webm)$/),
    startUs: z.number(),
  }),
  z.object({
    event: z.literal('track'),
    name: z.string().regex(/^track-\d+-\w+-\w+\.(webm|mkv)$/),
    participant: z.string(),
    person: z.string(),
    kind: z.enum(['camera', 'screen', 'media']),
    media: z.enum(['audio', 'video']),
    codec: z.enum(['vp8', 'h264', 'vp9', 'av1', 'opus']),
    width: z.number(),
    height: z.number(),
    startUs: z.number(),
  }),
  z.object({
    event: z.literal('moment'),
    atUs: z.number(),
    title: z.string(),
    live: z.boolean(),
    layout: z.string(),
    spotlight: z.string().nullable(),
    scene: z.unknown(),
    participants: z.array(z.object({ id: z.string(), name: z.string(), role: z.string() })),
  }),
  z.object({ event: z.literal('floor'), atUs: z.number(), speaking: z.array(z.string()) }),
  z.object({ event: z.literal('chapter'), atMs: z.number(), title: z.string() }),
  z.object({
    event: z.literal('over'),
    state: z.enum(['finished', 'failed']),
    reason: z.string().nullable(),
    durationMs: z.number(),
    endedAt: z.string(),
    files: z.array(recordedFile),
  }),
]);

export type JournalEntry = z.infer<typeof entry>;

const NAME = 'journal.jsonl';

/** What a bundle notes of the room; apart, since it is long and nobody needs it to list recordings. */
export const ROOM_JOURNAL = 'room.jsonl';

/**
 * What happened to one recording, a line each, beside its files. A line that a dying server left half
 * written is skipped; a disk that takes none costs the journal, never the recording.
 */
export class Journal {
  readonly #folder: string;
  readonly #name: string;
  readonly #log: Log;
  #last: Promise<void>;

  constructor(folder: string, log: Log, name = NAME) {
    this.#folder = folder;
    this.#name = name;
    this.#log = log;
    this.#last = mkdir(folder, { recursive: true }).then(
      () => {},
      (error) => this.#complain(error),
    );
  }

  /** Resolves when it is written, or cannot be. */
  append(line: JournalEntry): Promise<void> {
    const text = `${JSON.stringify(line)}\n`;
    this.#last = this.#last
      .then(() => appendFile(join(this.#folder, this.#name), text))
      .catch((error) => this.#complain(error));
    return this.#last;
  }

  #complain(error: unknown): void {
    this.#log.error(
      { folder: this.#folder, error: String(error) },
      'the journal of a recording is not written',
    );
  }
}

/** Empty when there is none. */
export function readJournal(folder: string, name = NAME): JournalEntry[] {
  let text: string;
  try {
    text = readFileSync(join(folder, name), 'utf8');
  } catch {
    return [];
  }
  return text.split('\n').flatMap((line) => {
    const parsed = entry.safeParse(parseJson(line));
    return parsed.success ? [parsed.data] : [];
  });
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
