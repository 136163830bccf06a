/** Calls from a benchmark to the processes of its load generator, over the channel that `fork` makes. */

import { type ChildProcess, fork } from 'node:child_process';

/** Names of calls, what they take and what they answer; everything is JSON. */
export type CallTable<T> = { [N in keyof T]: (argument: never) => unknown };

type Argument<F> = F extends (argument: infer A) => unknown ? A : never;
type Answer<F> = F extends (argument: never) => infer R ? Awaited<R> : never;

interface Question {
  number: number;
  name: string;
  argument: unknown;
}

type Reply = { number: number; answer: unknown } | { number: number; error: string };

const END_MS = 2_000;

/** The child's side: answers calls until the channel closes, then cleans up and ends. */
export function answerCalls<T extends CallTable<T>>(calls: T, cleanUp: () => Promise<void> | void): void {
  // Ctrl-C reaches the whole group; the parent decides when this process ends.
  process.on('SIGINT', () => {});
  process.on('message', ({ number, name, argument }: Question) => {
    const call = calls[name as keyof T] as unknown as (argument: unknown) => unknown;
    Promise.resolve()
      .then(() => call(argument))
      .then(
        (answer) => reply({ number, answer }),
        (error: Error) => reply({ number, error: error.message }),
      );
  });
  process.on('disconnect', () => {
    const give = setTimeout(() => process.exit(1), END_MS);
    void Promise.resolve(cleanUp()).finally(() => {
      clearTimeout(give);
      process.exit(0);
    });
  });
}

function reply(message: Reply): void {
  if (process.connected) process.send!(message);
}

/** The parent's side: one child process that answers calls. */
export class CalledProcess<T extends CallTable<T>> {
  readonly #child: ChildProcess;
  readonly #open = new Map<number, { resolve: (answer: never) => void; reject: (error: Error) => void }>();
  readonly #ended: Promise<void>;
  #number = 0;
  #over: Error | undefined;

  /** @param program path of the built module that calls `answerCalls` */
  constructor(program: string, args: string[] = [], execArgv: string[] = []) {
    this.#child = fork(program, args, { execArgv, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    this.#child.on('message', (message) => this.#hear(message as Reply));
    this.#child.on('error', () => {});
    this.#ended = new Promise((resolve) => {
      this.#child.once('exit', (code, signal) => {
        this.#over = new Error(`a process of the load generator ended with ${signal ?? code}`);
        for (const { reject } of this.#open.values()) reject(this.#over);
        this.#open.clear();
        resolve();
      });
    });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** @throws Error as the call did, or when the process has ended */
  call<N extends keyof T & string>(name: N, argument: Argument<T[N]>): Promise<Answer<T[N]>> {
    if (this.#over !== undefined) return Promise.reject(this.#over);
    const number = ++this.#number;
    return new Promise((resolve, reject) => {
      this.#open.set(number, { resolve, reject });
      this.#child.send({ number, name, argument } satisfies Question, (error) => error && reject(error));
    });
  }

  /** Lets it clean up and end. */
  async close(): Promise<void> {
    if (this.#over !== undefined) return;
    if (this.#child.connected) this.#child.disconnect();
    const kill = setTimeout(() => this.#child.kill('SIGKILL'), 2 * END_MS);
    await this.#ended;
    clearTimeout(kill);
  }

  #hear(message: Reply): void {
    const open = this.#open.get(message.number);
    this.#open.delete(message.number);
    if (open === undefined) return;
    if ('error' in message) open.reject(new Error(message.error));
    else open.resolve(message.answer as never);
  }
}
