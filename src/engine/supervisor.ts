import type { FromMixer, ToMixer } from '../../mixer/protocol/control.ts';
import type { Chunk, TrackFrame } from '../../mixer/protocol/framing.ts';
import type { Log } from './log.ts';
import type { MixerPool } from './mixerPool.ts';
import type { MixerListener, MixerProcess } from './mixerProcess.ts';
import { RestartPace } from './restartPace.ts';

/** Starts that fail in a row before the mixer counts as not startable. */
const FAILING_AFTER = 3;

export interface Supervised {
  /** What a new process is told first. */
  brief(): Iterable<ToMixer>;
  /** A dead process was replaced and the new one is briefed. */
  restarted(): void;
  /** A process died before it could read what it was told. */
  unread(): void;
  /** The process ends, since it was not needed any more. */
  ended(): void;
  control(message: FromMixer): void;
  media(encoder: number, picture: Buffer): void;
  chunk(chunk: Chunk): void;
  trackFrame(frame: TrackFrame): void;
}

export interface SupervisorOptions {
  room: string;
  pool: MixerPool;
  /** A process ends this long after it was last needed, in ms. */
  lingerMs: number;
  log: Log;
}

/** Keeps one mixer process running while it is needed, and replaces it when it dies. */
export class Supervisor {
  restarts = 0;
  mixer: MixerProcess | undefined;
  readonly #options: SupervisorOptions;
  readonly #pace = new RestartPace();
  readonly #ending = new Set<Promise<void>>();
  #owner: Supervised | undefined;
  #needed = false;
  #failedStarts = 0;
  /** When the present process began to work for this room; it may be older. */
  #startedMs = 0;
  #linger: NodeJS.Timeout | undefined;
  #restart: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: SupervisorOptions) {
    this.#options = options;
  }

  /** Names whom the processes work for; before the first `demand`. */
  attach(owner: Supervised): void {
    this.#owner = owner;
  }

  /** True while starts keep failing and are still tried. */
  get failing(): boolean {
    return this.#failedStarts >= FAILING_AFTER;
  }

  demand(needed: boolean): void {
    if (this.#closed || needed === this.#needed) return;
    this.#needed = needed;
    clearTimeout(this.#linger);
    this.#linger = undefined;
    if (needed) {
      if (!this.mixer && !this.#restart) this.#start();
      return;
    }
    this.#linger = setTimeout(() => this.#stop(), this.#options.lingerMs);
    this.#linger.unref();
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#needed = false;
    clearTimeout(this.#linger);
    this.#stop();
    await Promise.all(this.#ending);
  }

  #start(): void {
    const mixer = this.#options.pool.take(this.#options.room);
    this.mixer = mixer;
    this.#startedMs = performance.now();
    mixer.listener = this.#listen(mixer);
    for (const message of this.#owner!.brief()) mixer.send(message);
    void mixer.superviseTicks();
    void mixer.ready.then((ready) => {
      if (ready) this.#failedStarts = 0;
      else if (mixer.failed) this.#failedStarts++;
    });
  }

  /** Events of a predecessor miss: each process has a listener of its own. */
  #listen(mixer: MixerProcess): MixerListener {
    const owner = this.#owner!;
    return {
      control: (message) => owner.control(message),
      media: (encoder, picture) => owner.media(encoder, picture),
      chunk: (chunk) => owner.chunk(chunk),
      trackFrame: (frame) => owner.trackFrame(frame),
      died: (reason) => this.#replace(mixer, reason),
    };
  }

  #replace(mixer: MixerProcess, reason: string): void {
    if (this.mixer !== mixer) return;
    this.mixer = undefined;
    this.#await(mixer);
    const { room, log } = this.#options;
    if (this.#closed) return;
    if (!mixer.begun) this.#owner!.unread();
    const pauseMs = this.#pace.pauseMs(performance.now() - this.#startedMs);
    log.warn({ room, pid: mixer.pid, reason, pauseMs }, 'the mixer died and is replaced');
    if (pauseMs === 0) this.#startAgain();
    else this.#restart = setTimeout(() => this.#startAgain(), pauseMs);
  }

  #startAgain(): void {
    this.#restart = undefined;
    if (!this.#needed && !this.#linger) return;
    this.restarts++;
    this.#start();
    this.#owner!.restarted();
  }

  #stop(): void {
    this.#linger = undefined;
    // Nobody tries any more, so the next who needs a mixer shall not be turned away unheard.
    this.#failedStarts = 0;
    clearTimeout(this.#restart);
    this.#restart = undefined;
    const mixer = this.mixer;
    this.mixer = undefined;
    if (!mixer) return;
    mixer.listener = undefined;
    this.#await(mixer);
    this.#owner?.ended();
    this.#options.log.info({ room: this.#options.room, pid: mixer.pid }, 'mixer is not needed any more');
  }

  #await(mixer: MixerProcess): void {
    const ended = mixer.close();
    this.#ending.add(ended);
    void ended.then(() => this.#ending.delete(ended));
  }
}
