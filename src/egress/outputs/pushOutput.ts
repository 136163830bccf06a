import { RostrumError } from '../../errors.ts';
import { Backoff } from '../backoff.ts';
import type { Ffmpeg } from '../ffmpeg/ffmpeg.ts';
import type { Log } from '../log.ts';
import { checkedAddress, LookupProblem, type PrivateHosts } from './addresses.ts';
import type { OutputFeed } from './feed.ts';
import { CannotPush, type OpenPush, type Push } from './push.ts';
import { TargetProblem } from './relay.ts';
import { openRtmp } from './rtmp.ts';
import { openSrt } from './srt.ts';
import { type PushType, shownUrl, type Target } from './target.ts';
import type { Output, OutputState, OutputView } from './view.ts';
import { openWhip } from './whip.ts';

export interface PushOutputParts {
  id: string;
  room: string;
  target: Target;
  token: string | null;
  feed: OutputFeed;
  ffmpeg: Ffmpeg | null;
  soundKbps: number;
  privateHosts: PrivateHosts;
  startedAt: string;
  log: Log;
  /** Its view is another one now. */
  changed(): void;
}

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;

const openers: Record<PushType, OpenPush> = { rtmp: openRtmp, srt: openSrt, whip: openWhip };

/** Sends the program to one target, over and over, until it is ended. */
export class PushOutput implements Output {
  readonly id: string;
  readonly #parts: PushOutputParts;
  readonly #backoff = new Backoff(FIRST_PAUSE_MS, LONGEST_PAUSE_MS);
  #state: OutputState = 'starting';
  #error: string | undefined;
  #push: Push | undefined;
  #runningSinceMs: number | null = null;
  #attempt: Promise<void>;
  #pause: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(parts: PushOutputParts) {
    this.id = parts.id;
    this.#parts = parts;
    this.#attempt = this.#try();
  }

  /** The process of the present attempt. */
  get pid(): number | undefined {
    return this.#push?.pid;
  }

  view(): OutputView {
    const { target, startedAt } = this.#parts;
    return {
      ...{ id: this.id, type: target.type, state: this.#state, url: shownUrl(target) },
      ...(this.#error === undefined ? {} : { error: this.#error }),
      startedAt,
    };
  }

  async end(): Promise<void> {
    this.#closed = true;
    this.#state = 'stopped';
    clearTimeout(this.#pause);
    this.#push?.stop();
    await this.#attempt;
  }

  async #try(): Promise<void> {
    this.#runningSinceMs = null;
    try {
      const reason = await this.#run();
      this.#again(reason);
    } catch (error) {
      if (error instanceof CannotPush) this.#fail(error.message);
      else if (error instanceof RostrumError) this.#fail(error.detail);
      else if (error instanceof TargetProblem || error instanceof LookupProblem) this.#again(error.message);
      else this.#unexpected(error);
    }
  }

  /** @returns why it ended */
  async #run(): Promise<string> {
    const { room, id, target, privateHosts } = this.#parts;
    const address = await checkedAddress(target.host, privateHosts);
    if (this.#closed) return '';
    const push = await openers[target.type]({
      ...this.#parts,
      ...{ address, label: `output/${room}/${id}` },
      running: () => this.#running(),
    });
    this.#push = push;
    if (this.#closed) push.stop();
    const reason = await push.ended;
    this.#push = undefined;
    return reason;
  }

  #running(): void {
    if (this.#closed) return;
    this.#runningSinceMs = performance.now();
    this.#become('running', this.#error);
  }

  #again(reason: string): void {
    if (this.#closed) return;
    const ranMs = this.#runningSinceMs === null ? 0 : performance.now() - this.#runningSinceMs;
    const pauseMs = this.#backoff.pauseMs(ranMs);
    const { log, room, target } = this.#parts;
    log.warn({ room, output: this.id, type: target.type, reason, pauseMs }, 'an output ended and is retried');
    this.#pause = setTimeout(() => {
      this.#attempt = this.#try();
    }, pauseMs);
    this.#pause.unref();
    this.#become('reconnecting', reason);
  }

  #fail(reason: string): void {
    if (this.#closed) return;
    const { log, room, target } = this.#parts;
    log.warn({ room, output: this.id, type: target.type, reason }, 'an output failed');
    this.#become('failed', reason);
  }

  #unexpected(error: unknown): void {
    const { log, room } = this.#parts;
    log.error({ room, output: this.id, err: error }, 'an output could not be started');
    this.#again('this server could not start it; its log has the cause');
  }

  #become(state: OutputState, error: string | undefined): void {
    this.#state = state;
    this.#error = error;
    this.#parts.changed();
  }
}
