/** What somebody who waits wants to know: a bar with the time left on a terminal, a line for each point elsewhere. */

const WIDTH = 24;
const CLEAR_LINE = '\r\x1b[K';

export interface Progress {
  /** `done` points of `all` are through; `next` is what is measured now. */
  step(done: number, all: number, next: string): void;
  /** A line that stays. */
  say(line: string): void;
  end(): void;
}

export function createProgress(out: NodeJS.WriteStream): Progress {
  const isTerminal = out.isTTY === true;
  let beganMs: number | undefined;
  let bar = '';
  return {
    step(done, all, next) {
      // From the first point on: what is made once before it says nothing about the others.
      beganMs ??= performance.now();
      const elapsedS = (performance.now() - beganMs) / 1000;
      bar = `${barOf(done, all)} ${leftOf(done, all, elapsedS)} · ${next}`;
      if (isTerminal) out.write(`${CLEAR_LINE}${bar.slice(0, (out.columns ?? 80) - 1)}`);
      else out.write(`${done}/${all} ${leftOf(done, all, elapsedS)} · ${next}\n`);
    },
    say(line) {
      out.write(isTerminal ? `${CLEAR_LINE}${line}\n${bar}` : `${line}\n`);
    },
    end() {
      if (isTerminal) out.write(CLEAR_LINE);
    },
  };
}

export function barOf(done: number, all: number): string {
  const full = Math.round((WIDTH * done) / Math.max(1, all));
  return `[${'#'.repeat(full)}${'.'.repeat(WIDTH - full)}]`;
}

/** From what has been taken so far. */
export function leftOf(done: number, all: number, elapsedS: number): string {
  if (done === 0) return 'time left unknown';
  const leftS = Math.round((elapsedS / done) * (all - done));
  return leftS < 90 ? `${leftS} s left` : `${Math.round(leftS / 60)} min left`;
}
