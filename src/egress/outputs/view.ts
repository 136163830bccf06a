import type { PushType } from './target.ts';

export type OutputType = 'hls' | PushType;

/**
 * `starting` until it works or fails for the first time; `reconnecting` between attempts; `failed` when no
 * further attempt is of use.
 */
export type OutputState = 'starting' | 'running' | 'reconnecting' | 'failed' | 'stopped';

/** What is known of an output outside. */
export interface OutputView {
  id: string;
  type: OutputType;
  state: OutputState;
  /** The playlist's path, or where it is sent to, without keys. */
  url: string;
  /** Who may watch an HLS output: everybody, or those who know its path. */
  access?: 'public' | 'token';
  /** What went wrong last, and whose fault that is. */
  error?: string;
  startedAt: string;
}

export interface OutputSpec {
  type: OutputType;
  /** Of the target; HLS has none. */
  url?: string;
  /** For WHIP. */
  token?: string;
  /** For HLS. */
  access?: 'public' | 'token';
}

/** One of a room's outputs. */
export interface Output {
  readonly id: string;
  view(): OutputView;
  /** Ends it; resolves when nothing of it is left. Twice is the same as once. */
  end(): Promise<void>;
}
