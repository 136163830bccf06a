/** What a room shows and plays beside its people: part of `contract.ts`, in a file of its own. */

import type { Readable } from 'node:stream';
import type { SceneElement } from '../../mixer/protocol/control.ts';
import type { LibraryFile } from '../library/library.ts';

export type { LibraryFile, SceneElement };

/** An element as it is asked for: what counts down says either when it ends, or in how long. */
export type ElementSpec =
  | Exclude<SceneElement, { type: 'countdown' }>
  | { id: string; type: 'countdown'; title: string; untilMs?: number; durationMs?: number };

/** Graphics over the picture. */
export interface Elements {
  /** In the order they were set. */
  list(): SceneElement[];
  /** One with the same id is replaced. @throws RostrumError invalid-request | too-many-elements */
  set(element: ElementSpec): SceneElement;
  /** @throws RostrumError no-such-element */
  remove(id: string): void;
}

/** A file that is played, as a source of kind `media` beside cameras and screens. */
export interface MediaView {
  /** Stands for the participant in tiles and layouts. */
  id: string;
  kind: 'media';
  file: string;
  type: string;
  loop: boolean;
  state: 'playing' | 'paused' | 'ended' | 'failed';
  /** Where it was at `atMs`, in ms from its beginning. */
  positionMs: number;
  /** Wall clock, ms since 1970. */
  atMs: number;
  /** Null while unknown, and of images. */
  durationMs: number | null;
  volumeDb: number;
  /** Why it failed. */
  error?: string;
}

export interface MediaSpec {
  file: string;
  loop?: boolean;
}

export interface MediaPatch {
  state?: 'playing' | 'paused';
  positionMs?: number;
  loop?: boolean;
  /** −60..20. */
  volumeDb?: number;
}

export interface MediaSources {
  list(): MediaView[];
  /** @throws RostrumError invalid-request | no-such-file | file-refused | too-many-media */
  start(spec: MediaSpec): MediaView;
  /** @throws RostrumError no-such-media */
  change(id: string, patch: MediaPatch): MediaView;
  /** @throws RostrumError no-such-media */
  remove(id: string): void;
}

/** Images and media that are on the server. */
export interface Files {
  list(): LibraryFile[];
  /**
   * @throws RostrumError invalid-request | too-large | too-slow | file-refused | file-exists |
   * too-many-uploads | disk-full | full
   */
  take(name: string, source: Readable): Promise<LibraryFile>;
  /** @throws RostrumError invalid-request | no-such-file */
  remove(name: string): Promise<void>;
}
