import { expect, test } from '@jest/globals';
import { Reassembly, SERVER_HELLO_DONE } from '../../../../src/rtc/dtls/reassembly.ts';
import { mutate, seeded } from '../random.ts';

function fragment(type: number, sequence: number, body: Buffer, start = 0, end = body.length): Buffer {
  const head = Buffer.alloc(12);
  head[0] = type;
  head.writeUIntBE(body.length, 1, 3);
  head.writeUInt16BE(sequence, 4);
  head.writeUIntBE(start, 6, 3);
  head.writeUIntBE(end - start, 9, 3);
  return Buffer.concat([head, body.subarray(start, end)]);
}

const bodies = [90, 700, 150, 40, 0].map((length, i) => Buffer.alloc(length, i + 1));
const types = [2, 11, 12, 13, SERVER_HELLO_DONE];
const flight = bodies.map((body, i) => fragment(types[i]!, i, body));

test('a flight in one record', () => {
  expect(new Reassembly().push(Buffer.concat(flight))).toEqual(flight);
});

test('loss, repetition, reordering and overlapping fragments, 500 times (seed 12)', () => {
  const random = seeded(12);
  for (let round = 0; round < 500; round++) {
    const reassembly = new Reassembly();
    const got: Buffer[] = [];
    for (let sending = 0; got.length < flight.length && sending < 100; sending++) {
      const fragments = bodies.flatMap((body, i) => pieces(types[i]!, i, body, random));
      fragments.sort(() => random() - 0.5);
      for (const piece of fragments) if (random() > 0.3) got.push(...reassembly.push(piece));
    }
    expect(got.slice(0, 5)).toEqual(flight);
    expect(got.slice(5).every((message) => message[0] === SERVER_HELLO_DONE)).toBe(true);
  }
});

function pieces(type: number, sequence: number, body: Buffer, random: () => number): Buffer[] {
  const made: Buffer[] = [];
  for (let at = 0; at < body.length; ) {
    const end = Math.min(body.length, at + 20 + Math.floor(random() * 200));
    made.push(fragment(type, sequence, body, Math.max(0, at - Math.floor(random() * 15)), end));
    at = end;
  }
  return made.length > 0 ? made : [fragment(type, sequence, body)];
}

test('the end of the flight repeated is told again, other repetitions are not', () => {
  const reassembly = new Reassembly();
  reassembly.push(Buffer.concat(flight));
  expect(reassembly.push(flight[1]!)).toEqual([]);
  expect(reassembly.push(flight[4]!)).toEqual([flight[4]]);
});

test('a message with holes by the thousand is not kept: sorting them would take seconds', () => {
  const body = Buffer.alloc(16_000, 7);
  const crumbs = (from: number) =>
    Array.from({ length: 8_000 }, (_, i) => fragment(11, 0, body, 2 * i + from, 2 * i + from + 1));
  const reassembly = new Reassembly();
  for (const crumb of [...crumbs(0), ...crumbs(1)]) expect(reassembly.push(crumb)).toEqual([]);
});

test('oversized, far ahead and mutated fragments take no room and do not throw (seed 13)', () => {
  const reassembly = new Reassembly();
  const huge = fragment(11, 0, Buffer.alloc(10));
  huge.writeUIntBE(0xffffff, 1, 3);
  expect(reassembly.push(huge)).toEqual([]);
  expect(reassembly.push(fragment(11, 9, Buffer.alloc(10)))).toEqual([]);
  const random = seeded(13);
  for (let i = 0; i < 20_000; i++) reassembly.push(mutate(flight[i % 5]!, random));
});
