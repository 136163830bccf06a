import { describe, expect, test } from '@jest/globals';
import { fillSlots } from '../../../src/rooms/slots.ts';

/** `ada` is a camera, `ada*` a screen. */
const person = (name: string) => ({
  participant: name.replace('*', ''),
  kind: name.endsWith('*') ? ('screen' as const) : ('camera' as const),
});
const people = (names: string) => names.split(' ').filter(Boolean).map(person);

function fill(before: string, here: string, count: number, attention = {}): string {
  const slots = before.split(' ').map((name) => (name === '-' || name === '' ? null : person(name)));
  return fillSlots(slots, people(here), count, attention)
    .map((each) => (each ? each.participant + (each.kind === 'screen' ? '*' : '') : '-'))
    .join(' ');
}

describe('with enough slots', () => {
  test('they are filled in order of arrival, whoever speaks', () => {
    expect(fill('', 'ada bob eve', 4, { floor: ['eve', 'bob'] })).toBe('ada bob eve -');
  });

  test('nobody moves when somebody leaves, and who comes takes the free one', () => {
    expect(fill('ada bob eve -', 'ada eve', 4)).toBe('ada - eve -');
    expect(fill('ada - eve -', 'ada eve dan', 4)).toBe('ada dan eve -');
  });

  test('somebody who comes back is last', () => {
    expect(fill('ada bob', 'bob', 3)).toBe('- bob -');
    expect(fill('- bob -', 'bob ada', 3)).toBe('ada bob -');
  });

  test('a screen has one of its own', () => {
    expect(fill('ada', 'ada ada* bob', 3)).toBe('ada ada* bob');
  });
});

describe('with too few', () => {
  test('who has the floor takes the place of who was heard longest ago', () => {
    expect(fill('ada bob', 'ada bob eve', 2, { floor: ['eve', 'ada', 'bob'] })).toBe('ada eve');
    expect(fill('ada bob', 'ada bob eve', 2, { floor: ['eve', 'bob', 'ada'] })).toBe('eve bob');
  });

  test('of those never heard, who came last goes', () => {
    expect(fill('ada bob', 'ada bob eve', 2, { floor: ['eve'] })).toBe('ada eve');
  });

  test('who waits does not push anybody out', () => {
    expect(fill('ada bob', 'ada bob eve dan', 2, { floor: ['ada', 'dan'] })).toBe('ada bob');
  });

  test('a free one goes to who was heard last, not to who came first', () => {
    expect(fill('ada -', 'ada bob eve', 2, { floor: ['ada', 'eve'] })).toBe('ada eve');
  });

  test('screens and the spotlight stay, even against the floor', () => {
    const attention = { floor: ['dan'], spotlight: 'bob' };
    expect(fill('ada* bob', 'ada ada* bob dan', 2, attention)).toBe('ada* bob');
    expect(fill('ada bob', 'ada bob ada* dan', 2, attention)).toBe('ada* bob');
  });

  test('a single one follows the floor and nothing else', () => {
    const attention = { floor: ['bob'], spotlight: 'ada' };
    expect(fill('', 'ada ada* bob', 1)).toBe('ada');
    expect(fill('ada', 'ada ada* bob', 1, attention)).toBe('bob');
    expect(fill('bob', 'ada bob', 1, { floor: ['eve', 'bob'] })).toBe('bob');
    expect(fill('bob', 'ada* bob ada', 1, { floor: ['ada'] })).toBe('ada');
  });

  test('with none nobody is', () => {
    expect(fillSlots([person('ada')], people('ada bob'), 0)).toEqual([]);
  });
});
