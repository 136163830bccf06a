import { beforeEach, describe, expect, test } from '@jest/globals';
import { Floor } from '../../../src/rooms/floor.ts';

let floor: Floor;
let nowMs: number;
beforeEach(() => {
  floor = new Floor();
  nowMs = 0;
});

/** These speak, at their level, for so long. Returns how often the floor passed. */
function speak(levels: Record<string, number>, forMs = 100): number {
  let passed = 0;
  for (const endMs = nowMs + forMs; nowMs < endMs; nowMs += 100) {
    const voices = ['ada', 'bob', 'cem'].map((participant) => ({
      participant,
      levelDb: levels[participant] ?? -90,
      speaking: participant in levels,
    }));
    if (floor.heard(voices, nowMs)) passed++;
  }
  return passed;
}

describe('the floor', () => {
  test('goes to who speaks and stays after that, until somebody else does', () => {
    expect(floor.order).toEqual([]);
    expect(speak({ ada: -30 }, 1000)).toBe(1);
    expect(speak({}, 60_000)).toBe(0);
    expect(floor.order).toEqual(['ada']);
    expect(speak({ bob: -40 })).toBe(1);
    expect(floor.order).toEqual(['bob', 'ada']);
  });

  test('is not taken from who speaks by interrupting them, only by going on when they stop', () => {
    speak({ ada: -30 });
    expect(speak({ ada: -30, bob: -28 }, 20_000)).toBe(0);
    speak({ ada: -30, bob: -28, cem: -20 }, 1000);
    expect(floor.order).toEqual(['ada']);
    speak({ bob: -28, cem: -20 });
    expect(floor.order).toEqual(['bob', 'ada']);
  });

  test('is not kept by steady noise against somebody much louder', () => {
    speak({ ada: -44 }, 5000);
    expect(speak({ ada: -44, bob: -30 }, 2900)).toBe(0);
    expect(speak({ ada: -44, bob: -30 }, 200)).toBe(1);
    expect(speak({ ada: -44, bob: -30 }, 20_000)).toBe(0);
    expect(floor.speaking).toEqual(['ada', 'bob']);
  });

  test('is left by who leaves, to nobody until somebody speaks', () => {
    speak({ ada: -30 });
    speak({ bob: -30 });
    floor.leave('bob');
    expect(floor.order).toEqual(['ada']);
    expect(floor.speaking).toEqual([]);
    floor.leave('ada');
    expect(floor.order).toEqual([]);
  });

  test("two sources of one person are one voice, the louder one's", () => {
    const voice = { participant: 'ada', speaking: true };
    floor.heard(
      [
        { ...voice, levelDb: -20 },
        { ...voice, levelDb: -60 },
      ],
      0,
    );
    expect(floor.speaking).toEqual(['ada']);
    floor.forget();
    expect([floor.speaking, floor.order]).toEqual([[], ['ada']]);
  });
});
