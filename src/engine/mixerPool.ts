import { Jail } from './jail.ts';
import type { Log } from './log.ts';
import { MixerProcess } from './mixerProcess.ts';
import { mixerProgram } from './program.ts';
import { RestartPace } from './restartPace.ts';
import type { EngineSettings } from './settings.ts';

/** The next spare waits this long, so that it does not take the processor from the room just begun. */
const SPARE_AFTER_MS = 1_000;
/** A start that failed is not tried again for the same question before that. */
const PROBE_AGAIN_MS = 2_000;

/**
 * Where mixer processes come from. One spare is kept started and ready, so that a room's first mixer
 * and the replacement of a dead one work at once.
 */
export class MixerPool {
  readonly #settings: EngineSettings;
  readonly #log: Log;
  readonly #program: string;
  readonly #pace = new RestartPace();
  #jail: Jail | undefined;
  /** A mixer has become ready in it. */
  #isJailProven = false;
  #spare: MixerProcess | undefined;
  #probe: MixerProcess | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** How the last start went, and when that was known. */
  #last: { ready: boolean; atMs: number } | undefined;
  #closed = false;

  constructor(settings: EngineSettings, log: Log) {
    this.#settings = settings;
    this.#log = log;
    this.#program = settings.program ?? mixerProgram();
    if (settings.spare) this.#startSpare();
  }

  get sparePid(): number | undefined {
    return this.#spare?.pid;
  }

  /** A mixer for `room`: the spare if there is one, else a new one. The caller closes it. */
  take(room: string): MixerProcess {
    const spare = this.#spare;
    if (!spare || spare.over) return this.#start(room);
    this.#spare = undefined;
    spare.listener = undefined;
    this.#spareAfter(SPARE_AFTER_MS);
    this.#log.info({ room, pid: spare.pid }, 'room takes the spare mixer');
    return spare;
  }

  /** True when the last mixer that was started became ready; starts one when none has been. */
  async canMix(): Promise<boolean> {
    if (this.#closed) return false;
    if (this.#last?.ready) return true;
    if (this.#last && performance.now() - this.#last.atMs < PROBE_AGAIN_MS) return false;
    if (this.#spare) return this.#spare.ready;
    this.#probe ??= this.#start('probe');
    const probe = this.#probe;
    const ready = await probe.ready;
    await probe.close();
    if (this.#probe === probe) this.#probe = undefined;
    return ready;
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    const ours = [this.#spare, this.#probe];
    this.#spare = undefined;
    await Promise.all(ours.map((mixer) => mixer?.close()));
  }

  #start(label: string): MixerProcess {
    // The label is there for people who look at the command line.
    const command = this.#walls().around([process.execPath, this.#program, 'mixer', label]);
    const mixer = new MixerProcess(command, this.#settings, this.#log);
    this.#log.info({ room: label, pid: mixer.pid }, 'mixer process started');
    void mixer.ready.then((ready) => {
      // A mixer that was closed before it was ready tells nothing about the next one.
      if (ready || mixer.failed) this.#last = { ready, atMs: performance.now() };
      this.#judgeJail(ready, mixer.failed);
    });
    return mixer;
  }

  /** What never let a mixer start is given up; what did is tried anew, since it may not be had any more. */
  #judgeJail(ready: boolean, failed: boolean): void {
    if (ready) this.#isJailProven = true;
    else if (failed && this.#isJailProven) this.#jail = undefined;
    else if (failed) this.#jail?.raze();
  }

  #walls(): Jail {
    const { jail: mode, reads } = this.#settings;
    this.#jail ??= new Jail({ mode, reads: [this.#program, ...reads], log: this.#log });
    return this.#jail;
  }

  #startSpare(): void {
    const spare = this.#start('spare');
    this.#spare = spare;
    const ignore = () => {};
    const died = (reason: string) => {
      this.#log.warn({ pid: spare.pid, reason }, 'the spare mixer died');
      this.#spare = undefined;
      const pauseMs = this.#pace.pauseMs(performance.now() - spare.startedMs);
      this.#spareAfter(Math.max(SPARE_AFTER_MS, pauseMs));
    };
    spare.listener = { control: ignore, media: ignore, chunk: ignore, trackFrame: ignore, died };
  }

  #spareAfter(pauseMs: number): void {
    if (!this.#settings.spare || this.#closed) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      if (!this.#spare && !this.#closed) this.#startSpare();
    }, pauseMs);
    this.#timer.unref();
  }
}
