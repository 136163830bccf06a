import { expect, jest, test } from '@jest/globals';
import { Snapshots } from '../../../src/engine/snapshots.ts';

test('answers find their question; those without one are dropped', async () => {
  const snapshots = new Snapshots();
  const asked: number[] = [];
  const [first, second] = [1, 2].map(() => snapshots.request((request) => asked.push(request)));
  expect([...snapshots.unanswered]).toEqual(asked);
  snapshots.answered(asked[1]!, Buffer.from([2]));
  snapshots.answered(asked[0]!, Buffer.from([1]));
  snapshots.answered(99, Buffer.from([9]));
  expect([(await first!)[0], (await second!)[0]]).toEqual([1, 2]);
  expect([...snapshots.unanswered]).toEqual([]);
});

test('nobody waits for ever, nor beyond the end', async () => {
  jest.useFakeTimers();
  const snapshots = new Snapshots();
  const late = snapshots.request(() => {});
  const told = expect(late).rejects.toThrow(/no picture/);
  jest.advanceTimersByTime(3_000);
  await told;
  const last = snapshots.request(() => {});
  snapshots.close();
  await expect(last).rejects.toThrow(/no picture/);
  expect(jest.getTimerCount()).toBe(0);
  jest.useRealTimers();
});
