import { afterEach, expect, test } from '@jest/globals';
import { nowUs } from '../../mixer/clock.ts';
import { Ticker } from '../../mixer/ticker.ts';

let ticker: Ticker | undefined;
afterEach(() => {
  ticker?.stop();
  ticker = undefined;
});

/** Runs a ticker of `periodUs` until `count` ticks were told; gives the moments they were due. */
function ticks(periodUs: number, count: number, each: (index: number) => void = () => {}): Promise<number[]> {
  return new Promise((resolve) => {
    const due: number[] = [];
    ticker = new Ticker(periodUs, (dueUs) => {
      due.push(dueUs);
      each(due.length);
      if (due.length === count) {
        ticker!.stop();
        resolve(due);
      }
    });
  });
}
const steps = (due: number[]) => due.slice(1).map((us, i) => us - due[i]!);

/** Keeps the process busy, as a slow decoder or a starved machine does. */
function block(ms: number): void {
  const endUs = nowUs() + ms * 1000;
  while (nowUs() < endUs);
}

test('the schedule is even and absolute, whatever the timers do', async () => {
  const startedUs = nowUs();
  const due = await ticks(3000, 60);
  for (const step of steps(due)) expect(step).toBeCloseTo(3000, 6);
  expect(due[0]! - startedUs).toBeLessThan(100_000);
  expect(nowUs()).toBeGreaterThanOrEqual(due[59]!);
  expect(nowUs() - due[59]!).toBeLessThan(100_000);
});

test('periods that are no whole number of microseconds do not drift', async () => {
  const due = await ticks(1e6 / 333, 90);
  expect(due[89]! - due[0]!).toBeCloseTo((89 * 1e6) / 333, 3);
});

test('a tick may move all that follow', async () => {
  const due = await ticks(3000, 20, (index) => {
    if (index === 5 || index === 12) ticker!.shift(index === 5 ? 400 : -150);
  });
  expect(steps(due).map((step) => Math.round(step))).toEqual(
    Array.from({ length: 19 }, (_, at) => (at === 4 ? 3400 : at === 11 ? 2850 : 3000)),
  );
});

test('a short delay is caught up: no tick is left out', async () => {
  const due = await ticks(2000, 60, (index) => {
    if (index === 10) block(50);
  });
  for (const step of steps(due)) expect(step).toBeCloseTo(2000, 6);
  expect(ticker!.takeLatenessP99Ms()).toBeGreaterThan(40);
});

test('a long stall is not made up for: the schedule begins anew, once', async () => {
  const due = await ticks(5000, 20, (index) => {
    if (index === 5) block(600);
  });
  const jumps = steps(due).filter((step) => step > 5001);
  expect(jumps).toHaveLength(1);
  expect(jumps[0]).toBeGreaterThan(500_000);
});

test('ticks that take longer than their period leave the event loop its turn', async () => {
  let turns = 0;
  const turn = setInterval(() => turns++, 0);
  await ticks(1000, 60, () => block(3));
  clearInterval(turn);
  expect(turns).toBeGreaterThan(2);
});

test('lateness is told once, and counts ticks', async () => {
  await ticks(1000, 30);
  expect(ticker!.ticks).toBe(30);
  expect(ticker!.takeLatenessP99Ms()).toBeGreaterThanOrEqual(0);
  expect(ticker!.takeLatenessP99Ms()).toBe(0);
});

test('stopped inside a tick it stays stopped; stopping twice is legal', async () => {
  let count = 0;
  const stopping = new Ticker(1000, () => {
    count++;
    block(5);
    stopping.stop();
    stopping.stop();
  });
  await ticks(2000, 10);
  expect(count).toBe(1);
});

test('somebody who keeps the thread lets what is due run in between, on the same schedule', async () => {
  const due: number[] = [];
  await new Promise<void>((resolve) => {
    const ticker = new Ticker(5000, (dueUs) => {
      due.push(dueUs);
      if (due.length < 12) return;
      ticker.stop();
      resolve();
    });
    for (let i = 0; i < 4; i++) {
      block(6);
      ticker.runDue();
    }
    expect(due.length).toBeGreaterThanOrEqual(4);
  });
  for (const step of steps(due)) expect(step).toBeCloseTo(5000, 6);
});

test('what prepares a tick runs before it, and the tick runs when it says so', async () => {
  const order: string[] = [];
  await new Promise<void>((resolve) => {
    const ticker = new Ticker(
      2000,
      () => {
        order.push('tick');
        ticker.stop();
        resolve();
      },
      (run) => {
        order.push('prepared');
        setImmediate(run);
      },
    );
  });
  expect(order).toEqual(['prepared', 'tick']);
});

test('all lateness is counted, each tick once', async () => {
  await ticks(2000, 40, (index) => {
    if (index === 20) block(30);
  });
  const { boundsMs, counts } = ticker!.latenessHistogram;
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(40);
  const over20 = counts.slice(boundsMs.indexOf(20) + 1).reduce((sum, count) => sum + count, 0);
  expect(over20).toBeGreaterThanOrEqual(1);
});
