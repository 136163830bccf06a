import { describe, expect, test } from '@jest/globals';
import { type Correction, Pace, type Standing } from '../../../mixer/audio/pace.ts';

const MS = 1000;
const standing = (changes: Partial<Record<keyof Standing, number>>): Standing => {
  const inMs = { marginUs: 20, offsetUs: 0, frameUs: 20, waitUs: 10, holdUs: 0, ...changes };
  return Object.fromEntries(Object.entries(inMs).map(([name, ms]) => [name, ms * MS])) as unknown as Standing;
};
/** What is decided within `blocks` of one standing. */
function decisions(of: Standing, blocks = 60): (Correction | null)[] {
  const pace = new Pace();
  return Array.from({ length: blocks }, () => {
    const correction = pace.decide(of);
    if (correction !== null) pace.noteDone();
    return correction;
  });
}
const byMs = (of: Standing) => {
  const corrections = decisions(of).filter((each) => each !== null);
  return corrections.length === 0 ? 0 : corrections[0]!.byUs / MS;
};

test.each<[string, Parameters<typeof standing>[0]]>([
  ['a packet that was there for long enough', {}],
  ['one that was there a little longer', { marginUs: 34 }],
  ['a wait that is short by less than a millisecond', { marginUs: 9.5 }],
  ['a packet in the middle of a long one', { frameUs: 60, marginUs: 25 }],
  ['pictures that are a little later', { holdUs: 24 }],
])('%s is left as it is', (_, changes) => {
  expect(byMs(standing(changes))).toBe(0);
});

describe('sound is shortened', () => {
  test.each<[string, Parameters<typeof standing>[0], number]>([
    ['by a block, when a packet is a block too early', { marginUs: 36 }, -20],
    ['by as many blocks as it is too early', { marginUs: 118 }, -100],
    ['until packets begin with a block, which costs nothing', { offsetUs: 8 }, -8],
    ['no further than pictures allow', { marginUs: 118, holdUs: 80 }, -33],
    ['by the steps of short frames', { frameUs: 10, offsetUs: 10, marginUs: 26 }, -10],
  ])('%s', (_, changes, expected) => {
    expect(byMs(standing(changes))).toBeCloseTo(expected, 6);
  });
});

describe('sound is lengthened', () => {
  test.each<[string, Parameters<typeof standing>[0], number]>([
    ['to the next block, when packets come late', { marginUs: 5 }, 20],
    ['by less, when a packet is in the middle of a block', { marginUs: 5, offsetUs: 12 }, 8],
    ['by several, when they come much later', { marginUs: 5, waitUs: 60 }, 60],
    ['for its pictures, exactly', { holdUs: 300 }, 280],
  ])('%s', (_, changes, expected) => {
    expect(byMs(standing(changes))).toBeCloseTo(expected, 6);
  });
});

test('corrections leave time between them, and less when they are urgent', () => {
  const count = (of: Standing) => decisions(of, 60).filter((each) => each !== null).length;
  expect(count(standing({ marginUs: 36 }))).toBe(20);
  expect(count(standing({ marginUs: 136 }))).toBe(30);
});

test('a good place is waited for, half a second; what only saves delay waits for ever', () => {
  const similar = (of: Standing) => {
    const pace = new Pace();
    return Array.from({ length: 60 }, () => pace.decide(of)?.similar);
  };
  const late = similar(standing({ marginUs: 5 }));
  expect(late[5]).toBeCloseTo(0.8);
  expect(late[50]).toBe(-1);
  const early = similar(standing({ marginUs: 36 }));
  expect(early[50]).toBeCloseTo(0.4);
  expect(similar(standing({ offsetUs: 8 }))[50]).toBeCloseTo(0.8);
});
