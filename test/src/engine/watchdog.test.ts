import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { Watchdog } from '../../../src/engine/watchdog.ts';

function watch(): { dog: Watchdog; barks: string[]; barked: Promise<void> } {
  const barks: string[] = [];
  let heard = () => {};
  const barked = new Promise<void>((resolve) => {
    heard = resolve;
  });
  const dog = new Watchdog((reason) => {
    barks.push(reason);
    heard();
  });
  return { dog, barks, barked };
}

test('barks once when nothing is fed for the period', async () => {
  const { dog, barks, barked } = watch();
  dog.expect(60, 'silence');
  await barked;
  await sleep(150);
  expect(barks).toEqual(['silence']);
});

test('does not take a stall of its own process for silence of the other', async () => {
  const { dog, barks } = watch();
  dog.expect(120, 'silence');
  const untilMs = performance.now() + 400;
  while (performance.now() < untilMs);
  // What arrived during the stall is read right after the timers.
  await new Promise((resolve) => setImmediate(resolve));
  dog.fed();
  await sleep(40);
  expect(barks).toEqual([]);
  dog.rest();
});

test('rests when told to', async () => {
  const { dog, barks } = watch();
  dog.expect(30, 'silence');
  dog.rest();
  await sleep(100);
  expect(barks).toEqual([]);
});
