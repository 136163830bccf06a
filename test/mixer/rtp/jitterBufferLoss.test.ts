import { describe, expect, test } from '@jest/globals';
import { JitterBuffer, videoJitter } from '../../../mixer/rtp/jitterBuffer.ts';
import { rtp } from '../harness/packets.ts';
import { Random } from '../harness/random.ts';

const MS = 1000;

interface Network {
  loss: number;
  reorder: number;
  duplicate: number;
  /** What is asked for comes again after this long; undefined: never. */
  retransmitMs?: number;
}

/** Sends `count` packets, 4 ms apart, from a number just below the wrap, over a bad network. */
class Sending {
  readonly buffer = new JitterBuffer(videoJitter);
  readonly given: number[] = [];
  told = 0;
  readonly #network: Network;
  readonly #random: Random;
  readonly #first = 64_000;
  #arrivals: { atMs: number; sequence: number }[] = [];

  constructor(network: Network, seed: number) {
    this.#network = network;
    this.#random = new Random(seed);
  }

  run(count: number): void {
    this.#arrivals.push({ atMs: 0, sequence: 0 });
    for (let i = 1; i < count; i++) this.#send(i, i * 4);
    // A last one that always comes shows what was lost before it.
    this.#arrivals.push({ atMs: count * 4 + 100, sequence: count });
    for (let ms = 0; ms < count * 4 + 1500; ms++) this.#step(ms);
  }

  #send(sequence: number, atMs: number): void {
    const { loss, reorder, duplicate } = this.#network;
    const delayMs = this.#random.chance(reorder) ? 5 + this.#random.below(60) : 1;
    if (!this.#random.chance(loss)) this.#arrivals.push({ atMs: atMs + delayMs, sequence });
    if (this.#random.chance(duplicate)) {
      this.#arrivals.push({ atMs: atMs + delayMs + this.#random.below(200), sequence });
    }
  }

  #step(ms: number): void {
    const now = this.#arrivals.filter(({ atMs }) => atMs === ms);
    if (now.length > 0) this.#arrivals = this.#arrivals.filter(({ atMs }) => atMs !== ms);
    for (const { sequence } of now) {
      this.#take(this.buffer.push(rtp({ sequence: (this.#first + sequence) & 0xffff }), ms * MS));
    }
    if (ms % 5 !== 0) return;
    this.#take(this.buffer.poll(ms * MS));
    for (const asked of this.buffer.nacks(ms * MS)) this.#retransmit(asked, ms);
  }

  #retransmit(asked: number, ms: number): void {
    const { loss, retransmitMs } = this.#network;
    if (retransmitMs === undefined || this.#random.chance(loss)) return;
    this.#arrivals.push({ atMs: ms + retransmitMs, sequence: (asked - this.#first) & 0xffff });
  }

  #take(items: ReturnType<JitterBuffer['push']>): void {
    for (const item of items) {
      if ('lost' in item) this.told += item.lost;
      else this.given.push((item.sequence - this.#first) & 0xffff);
    }
  }
}

const isGrowing = (numbers: number[]) => numbers.every((value, i) => i === 0 || value > numbers[i - 1]!);

describe.each([1, 2, 3])('with seed %i', (seed) => {
  test('10 % loss, 5 % reordering, 10 % duplicates: with retransmission nothing is missing', () => {
    const sending = new Sending({ loss: 0.1, reorder: 0.05, duplicate: 0.1, retransmitMs: 60 }, seed);
    sending.run(4000);
    expect(sending.given).toEqual(Array.from({ length: 4001 }, (_, i) => i));
    expect(sending.told).toBe(0);
  });

  test('30 % loss without retransmission: every packet comes once and in order, every loss is told', () => {
    const sending = new Sending({ loss: 0.3, reorder: 0.1, duplicate: 0.1 }, seed);
    sending.run(2000);
    expect(isGrowing(sending.given)).toBe(true);
    expect(sending.told).toBeGreaterThan(400);
    expect(sending.given.length + sending.told).toBe(2001);
    expect(sending.buffer.lostPackets).toBe(sending.told);
    expect(sending.buffer.waiting).toBe(false);
  });
});

describe('bounded memory', () => {
  test('a stream whose first gap never fills is let through once too much is held', () => {
    const buffer = new JitterBuffer({ ...videoJitter, maxPackets: 100, maxWaitUs: 1e12 });
    buffer.push(rtp({ sequence: 0 }), 0);
    let given = 0;
    for (let sequence = 2; sequence <= 102; sequence++) given += buffer.push(rtp({ sequence }), 0).length;
    expect(given).toBe(102);
  });

  test('a sender that leaves a gap after every packet cannot make the list of missing ones grow', () => {
    const buffer = new JitterBuffer(videoJitter);
    let most = 0;
    for (let i = 0; i < 3000; i++) {
      buffer.push(rtp({ sequence: (i * 399) & 0xffff }), i);
      if (i % 50 === 0) most = Math.max(most, buffer.nacks(1e9 + i * 1e6).length);
    }
    expect(most).toBeGreaterThan(0);
    expect(most).toBeLessThan(2000);
  });

  test('random packets of random streams never throw, and what comes out stays in order', () => {
    const random = new Random(11);
    const buffer = new JitterBuffer(videoJitter);
    let out = 0;
    for (let i = 0; i < 20_000; i++) {
      const sequence = random.chance(0.9) ? (i + random.below(40)) & 0xffff : random.below(65_536);
      const bytes = rtp({ sequence, ssrc: random.chance(0.995) ? 1 : random.below(4) });
      const items = buffer.push(random.chance(0.1) ? random.mutated(bytes) : bytes, i * MS);
      out += items.filter((item) => !('lost' in item)).length;
      if (i % 20 === 0) buffer.poll(i * MS);
    }
    expect(out).toBeGreaterThan(1000);
  });
});
