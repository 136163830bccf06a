import { randomBytes } from 'node:crypto';
import type { HlsStream } from '../hls/stream.ts';
import type { Output, OutputView } from './view.ts';

const KEY_BYTES = 18;

export interface HlsOutputParts {
  id: string;
  room: string;
  access: 'public' | 'token';
  stream: HlsStream;
  startedAt: string;
  /** It is the stream's user no longer. */
  ended(): void;
}

/** A way to a room's HLS stream: open to everybody, or to those who know its path. */
export class HlsOutput implements Output {
  readonly id: string;
  readonly access: 'public' | 'token';
  /** Stands in the path; null for a public one. */
  readonly key: string | null;
  readonly #parts: HlsOutputParts;
  #ended = false;

  constructor(parts: HlsOutputParts) {
    this.id = parts.id;
    this.access = parts.access;
    this.key = parts.access === 'token' ? randomBytes(KEY_BYTES).toString('base64url') : null;
    this.#parts = parts;
  }

  view(): OutputView {
    const { room, access, stream, startedAt } = this.#parts;
    const running = stream.isPlayable ? 'running' : 'starting';
    const folder = [room, this.key].filter((part) => part !== null).join('/');
    return {
      ...{ id: this.id, type: 'hls', state: this.#ended ? 'stopped' : running },
      ...{ url: `/hls/${folder}/index.m3u8`, access, startedAt },
    };
  }

  async end(): Promise<void> {
    if (this.#ended) return;
    this.#ended = true;
    this.#parts.ended();
  }
}
