import { randomBytes } from 'node:crypto';
import type { Engine, Playing } from '../engine/engine.ts';
import { RostrumError } from '../errors.ts';
import type { LibraryFile } from '../library/library.ts';
import type { Occupant } from '../rooms/room.ts';
import type * as material from './material.ts';

/** Each is decoded all the time. */
const MOST = 4;

/** Of a file that begins or ends, so that nothing clicks; in ms. */
const FADE_MS = 200;

export interface MediaParts {
  engine: Pick<Engine, 'gain' | 'forgetGain' | 'play' | 'stopPlay'>;
  /** @throws RostrumError invalid-request | no-such-file | file-refused */
  find(name: string): LibraryFile & { path: string };
  unixMs(): number;
  /** Tiles, or what is said of a file, have changed. */
  changed(): void;
  /** A file cannot be played, which hosts should know. */
  failed(view: material.MediaView): void;
}

interface Played {
  view: material.MediaView;
  file: LibraryFile & { path: string };
  /** As last reported, which the view is not told of until something changes. */
  positionMs: number;
  reportedAtMs: number;
}

/** Files that a room plays as sources. */
export class Media implements material.MediaSources {
  readonly #parts: MediaParts;
  readonly #played = new Map<string, Played>();

  constructor(parts: MediaParts) {
    this.#parts = parts;
  }

  list(): material.MediaView[] {
    return [...this.#played.values()].map(({ view }) => view);
  }

  /** Those that are seen, in the order they were started; what has ended makes room for people. */
  occupants(): Occupant[] {
    return [...this.#played.values()].filter(isSeen).map(({ view, file }) => ({
      ...{ participant: view.id, kind: 'media', role: 'viewer', name: file.name, title: '' },
      ...{ micOff: false, state: 'live' },
    }));
  }

  start({ file: name, loop = false }: material.MediaSpec): material.MediaView {
    const { find, unixMs, changed } = this.#parts;
    if (this.#played.size >= MOST) {
      throw new RostrumError('too-many-media', `a room plays ${MOST} files at a time; remove one`);
    }
    const file = find(name);
    const id = `media-${randomBytes(6).toString('hex')}`;
    const atMs = unixMs();
    const view: material.MediaView = {
      ...{ id, kind: 'media', file: name, type: file.type, loop, state: 'playing' },
      ...{ positionMs: 0, atMs, durationMs: null, volumeDb: 0 },
    };
    const played = { view, file, positionMs: 0, reportedAtMs: atMs };
    this.#played.set(id, played);
    this.#tell(played, 0);
    changed();
    return view;
  }

  change(id: string, patch: material.MediaPatch): material.MediaView {
    const played = this.#get(id);
    const { state, loop, volumeDb } = played.view;
    const over = state === 'ended' || state === 'failed';
    const again = over && (patch.state === 'playing' || patch.positionMs !== undefined);
    // What has ended begins anew when it is played again.
    const positionMs = patch.positionMs ?? (again ? 0 : null);
    played.view = {
      ...played.view,
      state: over && !again ? state : (patch.state ?? (again ? 'playing' : state)),
      loop: patch.loop ?? loop,
      volumeDb: patch.volumeDb ?? volumeDb,
      positionMs: positionMs ?? this.#positionMs(played),
      atMs: this.#parts.unixMs(),
      error: again ? undefined : played.view.error,
    };
    this.#reported(played, played.view.positionMs);
    if (!over || again) this.#tell(played, positionMs);
    this.#parts.changed();
    return played.view;
  }

  remove(id: string): void {
    this.#get(id);
    this.#played.delete(id);
    this.#parts.engine.stopPlay(id);
    this.#parts.engine.forgetGain(id, 'media');
    this.#parts.changed();
  }

  /** The mixer says how a file is doing. */
  playing({ participant, state, positionMs, durationMs, detail }: Playing): void {
    const played = this.#played.get(participant);
    if (!played) return;
    this.#reported(played, positionMs);
    const { view } = played;
    if (view.state === state && view.durationMs === durationMs) return;
    const error = state === 'failed' ? detail : undefined;
    played.view = { ...view, state, positionMs, durationMs, error, atMs: this.#parts.unixMs() };
    this.#parts.changed();
    if (state === 'failed') this.#parts.failed(played.view);
  }

  #tell({ view, file }: Played, positionMs: number | null): void {
    const { engine } = this.#parts;
    const { id: participant, loop, volumeDb } = view;
    const state = view.state === 'paused' ? 'paused' : 'playing';
    engine.gain({ participant, kind: 'media', muted: false, volumeDb });
    engine.play({ participant, path: file.path, loop, state, positionMs, fadeMs: FADE_MS });
  }

  #reported(played: Played, positionMs: number): void {
    played.positionMs = positionMs;
    played.reportedAtMs = this.#parts.unixMs();
  }

  /** Where it is now, by what was last heard of it. */
  #positionMs({ view, positionMs, reportedAtMs }: Played): number {
    if (view.state !== 'playing') return positionMs;
    const now = positionMs + this.#parts.unixMs() - reportedAtMs;
    return Math.min(now, view.durationMs ?? now);
  }

  #get(id: string): Played {
    const played = this.#played.get(id);
    if (played) return played;
    throw new RostrumError(
      'no-such-media',
      `the room plays nothing called ${JSON.stringify(id.slice(0, 80))}; it may have been ended`,
    );
  }
}

const isSeen = ({ view, file }: Played): boolean =>
  file.kind !== 'sound' && (view.state === 'playing' || view.state === 'paused');
