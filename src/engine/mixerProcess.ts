import type { FromMixer, ToMixer } from '../../mixer/protocol/control.ts';
import type { Chunk, TrackFrame } from '../../mixer/protocol/framing.ts';
import { Channel } from './channel.ts';
import { Child } from './child.ts';
import type { Log } from './log.ts';
import type { EngineSettings } from './settings.ts';
import { Watchdog } from './watchdog.ts';

/** What the owner of a mixer process hears. */
export interface MixerListener {
  control(message: FromMixer): void;
  media(encoder: number, picture: Buffer): void;
  chunk(chunk: Chunk): void;
  trackFrame(frame: TrackFrame): void;
  /** It is of no use any more, and not because it was closed. Told once, never during a call. */
  died(reason: string): void;
}

/**
 * One mixer process.
 *  - It can be written to from the start; what it is told waits until it listens.
 *  - Exit, a broken channel, a late start or silence all end in one `died`, and the process is killed.
 *  - `close()` and `died` both leave no process behind; `exited` says when it is gone.
 */
export class MixerProcess {
  readonly startedMs = performance.now();
  /** Resolves to true once the mixer has said that it is ready, to false when it never will. */
  readonly ready: Promise<boolean>;
  listener: MixerListener | undefined;
  readonly #child: Child;
  readonly #channel: Channel | undefined;
  readonly #watchdog: Watchdog;
  readonly #settings: EngineSettings;
  #settleReady: (ready: boolean) => void = () => {};
  #isReady = false;
  #over = false;
  #failed = false;

  constructor(command: readonly string[], settings: EngineSettings, log: Log) {
    this.#settings = settings;
    this.ready = new Promise((resolve) => {
      this.#settleReady = resolve;
    });
    this.#child = new Child(command, log);
    this.#watchdog = new Watchdog((reason) => this.#die(reason));
    this.#watchdog.expect(settings.startTimeoutMs, 'it did not start in time');
    if (this.#child.channel) this.#channel = this.#open(this.#child.channel);
    void this.#child.exited.then((reason) => {
      log.debug({ pid: this.pid, reason }, 'mixer process ended');
      this.#die(reason);
    });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Closed or dead. */
  get over(): boolean {
    return this.#over;
  }

  /** Dead, and not because it was closed. */
  get failed(): boolean {
    return this.#failed;
  }

  /** It was ready once: since then it reads what it is told. */
  get begun(): boolean {
    return this.#isReady;
  }

  get droppedPackets(): number {
    return this.#channel?.droppedPackets ?? 0;
  }

  get badFrames(): number {
    return this.#channel?.badFrames ?? 0;
  }

  send(message: ToMixer): void {
    this.#channel?.send(message);
  }

  /** Like `send`, for what is worth nothing when late: dropped while the mixer does not keep up. */
  sendUnlessClogged(message: ToMixer): void {
    if (this.#channel && !this.#channel.clogged) this.#channel.send(message);
  }

  rtp(track: number, arrivalUs: number, packet: Buffer): void {
    this.#channel?.rtp(track, arrivalUs, packet);
  }

  /** From now on it should tick, so silence means that it hangs. */
  async superviseTicks(): Promise<void> {
    const ready = await this.ready;
    if (ready && !this.#over) this.#watchdog.expect(this.#settings.hangAfterMs, 'it hangs');
  }

  /** Ends the process by closing its channel; kills it when that does not help. */
  async close(): Promise<void> {
    if (!this.#over) {
      this.#end();
      const kill = setTimeout(() => this.#child.kill(), this.#settings.killAfterMs);
      void this.#child.exited.then(() => clearTimeout(kill));
    }
    await this.#child.exited;
  }

  #open(socket: NonNullable<Child['channel']>): Channel {
    return new Channel(socket, {
      alive: () => this.#watchdog.fed(),
      broken: (reason) => this.#die(reason),
      control: (message) => this.#control(message),
      media: (encoder, picture) => this.listener?.media(encoder, picture),
      chunk: (chunk) => this.listener?.chunk(chunk),
      trackFrame: (frame) => this.listener?.trackFrame(frame),
    });
  }

  #control(message: FromMixer): void {
    if (message.type === 'stuck') {
      this.#die(message.detail);
      return;
    }
    if (message.type === 'ready' && !this.#isReady) {
      this.#isReady = true;
      this.#watchdog.rest();
      this.#settleReady(true);
    }
    this.listener?.control(message);
  }

  #die(reason: string): void {
    if (this.#over) return;
    this.#failed = true;
    this.#end();
    this.#child.kill();
    this.listener?.died(reason);
  }

  #end(): void {
    this.#over = true;
    this.#watchdog.rest();
    this.#settleReady(false);
    this.#channel?.close();
  }
}
