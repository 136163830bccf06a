import { afterEach, expect, test } from '@jest/globals';
import { silentLog } from '../../../src/engine/log.ts';
import { MixerPool } from '../../../src/engine/mixerPool.ts';
import { Bench, child, lives, settings } from './harness.ts';

let closing: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of closing) await each.close();
  closing = [];
});

function pool(changes: Parameters<typeof settings>[0]): MixerPool {
  const made = new MixerPool(settings(changes), silentLog);
  closing.push(made);
  return made;
}

test('can mix once a mixer has become ready, without leaving one behind', async () => {
  const mixers = pool({});
  expect(await mixers.canMix()).toBe(true);
  expect(mixers.sparePid).toBeUndefined();
});

test('cannot mix when the program ends at once, or never becomes ready', async () => {
  expect(await pool({ program: child('dead') }).canMix()).toBe(false);
  expect(await pool({ program: child('mute'), startTimeoutMs: 200 }).canMix()).toBe(false);
  expect(await pool({ program: '/nowhere/main.js' }).canMix()).toBe(false);
});

test('a room takes the spare, and closing ends the spare', async () => {
  const mixers = pool({ spare: true });
  const spare = mixers.sparePid!;
  const taken = mixers.take('lab');
  closing.unshift(taken);
  expect(taken.pid).toBe(spare);
  expect(await taken.ready).toBe(true);
  const other = pool({ spare: true });
  const left = other.sparePid!;
  await other.close();
  expect(lives(left)).toBe(false);
});

test('a mixer that cannot start is called failing, with ever longer pauses between the tries', async () => {
  const bench = new Bench({ program: child('dead') });
  closing.push(bench);
  bench.engine.demand(true);
  await bench.next('restarted');
  expect(bench.engine.failing).toBe(false);
  await bench.next('restarted');
  const startMs = performance.now();
  await bench.next('restarted');
  expect(performance.now() - startMs).toBeGreaterThan(400);
  expect(bench.engine.failing).toBe(true);
});
