import { type ChildProcess, spawn } from 'node:child_process';
import type { Duplex } from 'node:stream';
import { eachLine } from './lines.ts';
import type { Log } from './log.ts';
import { mixerEnvironment } from './program.ts';

/** The system process of a mixer: starting it, seeing it end, ending it. */
export class Child {
  readonly pid: number | undefined;
  /** Its end of the channel; undefined when the process could not be started. */
  readonly channel: Duplex | undefined;
  /** Resolves with the reason when it has ended, or could not be started; never rejects. */
  readonly exited: Promise<string>;
  readonly #process: ChildProcess | undefined;

  /** @param command what is started, in the root folder, since another user may not be in ours */
  constructor([program, ...words]: readonly string[], log: Log) {
    let failure = '';
    try {
      this.#process = spawn(program!, words, {
        stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
        cwd: '/',
        env: mixerEnvironment(process.env),
      });
    } catch (error) {
      failure = String(error);
    }
    this.pid = this.#process?.pid;
    this.channel = this.#process?.stdio?.[3] as Duplex | undefined;
    this.exited = this.#process ? ended(this.#process) : Promise.resolve(failure);
    for (const text of [this.#process?.stdout, this.#process?.stderr]) {
      if (text) eachLine(text, (line) => log.info({ pid: this.pid, line }, 'mixer says'));
    }
  }

  kill(): void {
    this.#process?.kill('SIGKILL');
  }
}

function ended(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    // An error without a process is a failed start; with one, only the exit ends it.
    child.on('error', (error) => child.pid === undefined && resolve(error.message));
    child.once('exit', (code, signal) => resolve(signal ? `ended by ${signal}` : `ended with code ${code}`));
  });
}
