import { beforeEach, expect, test } from '@jest/globals';
import { PacketQueue } from '../../../mixer/audio/packetQueue.ts';
import { parsed } from '../harness/packets.ts';
import { Random } from '../harness/random.ts';

let queue: PacketQueue;
let restarts: boolean[];
beforeEach(() => {
  restarts = [];
  queue = new PacketQueue((isOtherSender) => restarts.push(isOtherSender));
});

/** Puts a packet where it belongs; its ticks are its sequence number. */
function push(sequence: number, ssrc?: number) {
  const { sequence: unrolled, is } = queue.place(parsed({ sequence: sequence & 0xffff, ssrc }));
  if (is === 'new') queue.put(unrolled, { ticks: sequence, payload: Buffer.alloc(1), arrivalUs: 0 });
  return is;
}
const start = () => {
  queue.next = queue.lowest();
};

test('packets come out in order, each once, in whatever order and however often they came', () => {
  const random = new Random(1);
  const numbers = Array.from({ length: 200 }, (_, i) => 65_430 + i);
  // Neighbours change places, over the wrap of the counter.
  const shuffled = numbers.toSorted((a, b) => a + random.below(9) - (b + random.below(9)));
  for (const number of shuffled) {
    push(number);
    if (random.chance(0.3)) expect(push(number)).toBe('duplicate');
  }
  start();
  expect(queue.size).toBe(200);
  expect(numbers.map(() => queue.take().ticks)).toEqual(numbers);
});

test('a packet whose time is over is late once, then a duplicate', () => {
  push(10);
  push(12);
  start();
  queue.take();
  queue.concede();
  expect(push(11)).toBe('late');
  expect(push(11)).toBe('duplicate');
  expect(push(10)).toBe('duplicate');
  expect(queue.take().ticks).toBe(12);
});

test('looks ahead without taking', () => {
  push(10);
  push(12);
  start();
  expect(queue.peek()?.ticks).toBe(10);
  expect(queue.peek(1)).toBeUndefined();
  expect(queue.peek(2)?.ticks).toBe(12);
});

test('skips to the oldest that is wanted, at least to the newest', () => {
  for (let number = 10; number < 20; number++) push(number);
  queue.skipTo(({ ticks }) => ticks >= 14);
  expect(queue.take().ticks).toBe(14);
  queue.skipTo(() => false);
  expect(queue.take().ticks).toBe(19);
  expect(queue.size).toBe(0);
});

test.each([
  ['another sender', 11, 77, true],
  ['numbers far away', 30_000, undefined, false],
])('%s begins anew', (_, sequence, ssrc, isOther) => {
  push(10);
  start();
  expect(push(sequence, ssrc)).toBe('new');
  expect(restarts).toEqual([isOther]);
  expect([queue.size, queue.next]).toEqual([1, undefined]);
});

test('holds 400 packets and 64 late ones at most', () => {
  for (let number = 0; number < 900; number++) push(number);
  expect(queue.size).toBe(400);
  start();
  expect(queue.peek()?.ticks).toBe(500);
  for (let i = 0; i < 100; i++) queue.concede();
  expect(push(500)).toBe('duplicate');
  expect(push(599)).toBe('late');
});
