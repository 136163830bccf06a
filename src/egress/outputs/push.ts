import type { Ffmpeg } from '../ffmpeg/ffmpeg.ts';
import type { Log } from '../log.ts';
import type { PrivateHosts } from './addresses.ts';
import type { OutputFeed } from './feed.ts';
import type { Target } from './target.ts';

export interface PushParts {
  /** Names the output in the command line. */
  label: string;
  target: Target;
  /** Where `target.host` leads, looked up and checked. */
  address: string;
  /** Sent to the target as a Bearer token, where it takes one. */
  token: string | null;
  feed: OutputFeed;
  ffmpeg: Ffmpeg | null;
  soundKbps: number;
  privateHosts: PrivateHosts;
  log: Log;
  /** The target takes the program. */
  running(): void;
}

/** One attempt to send a program somewhere, from its connection to its end. */
export interface Push {
  readonly pid: number | undefined;
  /** A sentence on why it ended; resolves once its process is gone. */
  readonly ended: Promise<string>;
  /** Ends it; `ended` tells when. */
  stop(): void;
}

/** Something about this server keeps it from being tried at all. */
export class CannotPush extends Error {}

/**
 * @throws CannotPush when it is no use trying again
 * @throws Error with a sentence when this attempt failed
 */
export type OpenPush = (parts: PushParts) => Promise<Push>;
