import type { ChildProcess } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import fluentFfmpeg from 'fluent-ffmpeg';
import { childEnvironment } from './environment.ts';
import type { Ffmpeg } from './ffmpeg.ts';

export interface FfmpegOrder {
  /** Stands in the command line behind the word egress, so that a person sees whose process it is. */
  label: string;
  /** `options` stand before `-i`, one word of the command line each. `pipe:0` is `stdin` of the run. */
  inputs: { source: string; options: string[] }[];
  /** `pipe:1` is `stdout` of the run. */
  outputs: { target: string; options: string[] }[];
  /** Hands out what it writes to its standard output; else that is closed. */
  stdout?: boolean;
  /** Hears what it complains about, line by line. */
  line?(line: string): void;
}

export interface FfmpegEnd {
  ok: boolean;
  /** `ffmpeg exited with code 1`, or that it could not be started; empty when all went well. */
  reason: string;
  /** The last it said: what a person looking for the cause wants to read. */
  said: string;
}

const LAST_LINES = 20;

/**
 * One run of ffmpeg, started at once.
 *  - It ends by itself when the server is gone, because its standard input closes then.
 *  - It stays in the server's process group: a signal to the group makes it finish its files.
 *  - Whatever happens, `ended` resolves, once the process is gone.
 */
export class FfmpegRun {
  readonly ended: Promise<FfmpegEnd>;
  #child: ChildProcess | undefined;
  #over = false;

  constructor(ffmpeg: Ffmpeg, order: FfmpegOrder) {
    this.ended = new Promise((resolve) => {
      const end = (error: Error | null | undefined, said: string) => {
        this.#over = true;
        resolve({ ok: !error, reason: error?.message ?? '', said });
      };
      try {
        this.#start(ffmpeg, order, end);
      } catch (error) {
        end(error as Error, '');
      }
    });
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  get over(): boolean {
    return this.#over;
  }

  /** Null when it could not be started. Its errors are heard: the end says what was wrong. */
  get stdin(): Writable | null {
    return this.#child?.stdin ?? null;
  }

  get stdout(): Readable | null {
    return this.#child?.stdout ?? null;
  }

  /** Bytes written that it has not taken yet. */
  get waitingBytes(): number {
    return this.#child?.stdin?.writableLength ?? 0;
  }

  /** Dropped when it is over. */
  write(bytes: Buffer): void {
    const stdin = this.#child?.stdin;
    if (stdin?.writable) stdin.write(bytes);
  }

  /**
   * Closes its input, so that it finishes its files and ends; killed when that takes too long.
   * @param killAfterMs null waits for ever
   */
  finish(killAfterMs: number | null): Promise<FfmpegEnd> {
    this.#child?.stdin?.end();
    if (killAfterMs !== null && !this.#over) {
      const timer = setTimeout(() => this.kill(), killAfterMs);
      void this.ended.then(() => clearTimeout(timer));
    }
    return this.ended;
  }

  kill(signal: NodeJS.Signals = 'SIGKILL'): void {
    if (!this.#over) this.#child?.kill(signal);
  }

  /**
   * fluent-ffmpeg writes the command line and watches the process. Its own `run` is left out: it would
   * ask ffmpeg for its abilities again, keeps one path for all, and hands our environment on.
   */
  #start(ffmpeg: Ffmpeg, order: FfmpegOrder, end: (error: Error | null | undefined, said: string) => void) {
    const command = fluentFfmpeg();
    command._getFfmpegPath = (callback) => callback(null, ffmpeg.path);
    // Given one by one, since those of an array are split at their spaces.
    for (const { source, options } of order.inputs) {
      command.input(source);
      if (options.length > 0) command.inputOptions(...options);
    }
    for (const { target, options } of order.outputs) {
      command.output(target);
      if (options.length > 0) command.outputOptions(...options);
    }
    const args = ['-hide_banner', '-loglevel', 'warning', '-nostats', ...command._getArguments()];
    const options = {
      argv0: `ffmpeg egress ${order.label}`,
      env: childEnvironment(process.env),
      stdio: ['pipe', order.stdout ? 'pipe' : 'ignore', 'pipe'] as ('pipe' | 'ignore')[],
      stdoutLines: LAST_LINES,
    };
    command._spawnFfmpeg(
      args,
      options,
      (child, _stdout, stderr) => {
        this.#child = child;
        for (const stream of [child.stdin, child.stdout, child.stderr]) stream?.on('error', () => {});
        if (order.line) stderr.callback(order.line);
      },
      (error, _stdout, stderr) => end(error, stderr?.get() ?? ''),
    );
  }
}
