import { beforeEach, describe, expect, test } from '@jest/globals';
import { solveLayout } from '../../../src/rooms/layout/solve.ts';
import type { Attention, Person } from '../../../src/rooms/layout/types.ts';
import { Seats } from '../../../src/rooms/seats.ts';

let seats: Seats;
beforeEach(() => {
  seats = new Seats();
});

const camera = (participant: string): Person => ({ participant, kind: 'camera' });
const people = (names: string): Person[] => [...names].map(camera);
const names = (arranged: Person[]): string => arranged.map(({ participant }) => participant).join('');

/** Who has a tile side by side, after those who should have one have got it. */
function shown(who: string, attention: Attention, nowMs: number): string {
  for (;;) {
    const solved = solveLayout(
      'side-by-side',
      seats.arrange(people(who)),
      { width: 64, height: 36 },
      attention,
    );
    if (!seats.promote(solved.tiles, solved.hidden, attention, nowMs)) {
      return names(solved.tiles.map(({ person }) => person));
    }
  }
}

describe('the order', () => {
  test('is that of arrival, and who comes back between others stands there again', () => {
    expect(names(seats.arrange(people('abc')))).toBe('abc');
    expect(names(seats.arrange(people('bc')))).toBe('bc');
    expect(names(seats.arrange(people('abcd')))).toBe('abcd');
    expect(names(seats.arrange(people('')))).toBe('');
  });
});

describe('with fewer tiles than people', () => {
  test('who speaks takes the place of who was heard longest ago; the other stays', () => {
    expect(shown('abcd', {}, 0)).toBe('ab');
    expect(shown('abcd', { floor: ['c'] }, 0)).toBe('ac');
    expect(shown('abcd', { floor: ['d', 'c'] }, 10_000)).toBe('dc');
    expect(shown('abcd', { floor: ['c', 'd'] }, 20_000)).toBe('dc');
  });

  test('that happens every few seconds at most, and is made up for', () => {
    expect(shown('abcd', { floor: ['c'] }, 0)).toBe('ac');
    expect(shown('abcd', { floor: ['d', 'c'] }, 1000)).toBe('ac');
    expect([seats.due(2999), seats.due(3000)]).toEqual([false, true]);
    expect(shown('abcd', { floor: ['d', 'c'] }, 3000)).toBe('dc');
    expect(seats.due(60_000)).toBe(false);
  });

  test('the spotlight comes at once and does not go', () => {
    shown('abcd', { floor: ['c'] }, 0);
    expect(shown('abcd', { floor: ['c'], spotlight: 'd' }, 100)).toBe('dc');
    expect(shown('abcd', { floor: ['b', 'c'], spotlight: 'd' }, 10_000)).toBe('db');
  });

  test('when somebody leaves, those who have a tile keep it', () => {
    shown('abcd', { floor: ['d'] }, 0);
    expect(shown('abcd', { floor: ['d'] }, 0)).toBe('ad');
    expect(shown('acd', { floor: ['d'] }, 0)).toBe('ad');
    expect(shown('cd', { floor: ['d'] }, 0)).toBe('dc');
  });

  test('somebody new sits last', () => {
    shown('abcd', { floor: ['d'] }, 0);
    expect(names(seats.arrange(people('abcde')))).toBe('adcbe');
  });
});
