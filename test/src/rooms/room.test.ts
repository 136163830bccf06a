import { describe, expect, test } from '@jest/globals';
import { Room } from '../../../src/rooms/room.ts';
import type { SourceKind } from '../../../src/rooms/source.ts';

const both = { audio: true, video: true };

function room(...names: string[]): { room: Room; add: (name: string, kind?: SourceKind) => void } {
  const made = new Room();
  const add = (name: string, kind: SourceKind = 'camera'): void => {
    made.addSource(made.enter(name, name.toUpperCase(), 'panelist', 0), kind, both, 0);
  };
  for (const name of names) add(name);
  return { room: made, add };
}

const order = (r: Room): string[] => r.occupants(0).map((each) => `${each.participant} ${each.kind}`);

describe('the stage', () => {
  test('keeps the order of arrival, screens beside cameras', () => {
    const { room: r, add } = room('ada', 'bob');
    add('ada', 'screen');
    expect(order(r)).toEqual(['ada camera', 'bob camera', 'ada screen']);
  });

  test('who replaces their own source keeps the place; who returns later is last', () => {
    const { room: r, add } = room('ada', 'bob');
    const ada = r.participants.get('ada')!;
    const first = ada.sources.get('camera')!;
    add('ada');
    expect(order(r)).toEqual(['ada camera', 'bob camera']);
    r.removeSource(first);
    expect(order(r)).toEqual(['ada camera', 'bob camera']);
    r.removeSource(ada.sources.get('camera')!);
    add('ada');
    expect(order(r)).toEqual(['bob camera', 'ada camera']);
  });

  test('who was taken off it, or made a viewer, is not on it', () => {
    const { room: r } = room('ada', 'bob', 'eve');
    r.participants.get('ada')!.stageAllowed = false;
    r.giveRole(r.participants.get('bob')!, 'viewer');
    expect(order(r)).toEqual(['eve camera']);
  });

  test('leaving takes everything along', () => {
    const { room: r, add } = room('ada', 'bob');
    add('ada', 'screen');
    r.leave('ada');
    expect(order(r)).toEqual(['bob camera']);
  });
});

describe('people', () => {
  test('are one participant however often they enter', () => {
    const { room: r } = room('ada');
    expect(r.enter('ada', 'Somebody', 'viewer', 9)).toBe(r.participants.get('ada'));
    expect(r.participants.get('ada')).toMatchObject({ name: 'ADA', role: 'panelist', joinedAtMs: 0 });
  });

  test('a role given in the room outlives a visit, until they are removed', () => {
    const { room: r } = room('ada');
    r.giveRole(r.participants.get('ada')!, 'viewer');
    r.leave('ada');
    expect(r.roleOf('ada', 'panelist')).toBe('viewer');
    r.ban('ada');
    expect([r.wasRemoved('ada'), r.wasRemoved('bob')]).toEqual([true, false]);
  });

  test('the camera switch turns the tile off and excuses silence; a screen has no switch', () => {
    const { room: r, add } = room('ada');
    add('ada', 'screen');
    const ada = r.participants.get('ada')!;
    expect(ada.turn('video', 'muted', 5)).toBe(true);
    expect(ada.turn('video', 'muted', 6)).toBe(false);
    expect(r.occupants(10).map((each) => each.state)).toEqual(['off', 'reconnecting']);
    ada.turn('audio', 'muted', 7);
    expect(r.gone(30_007).map((source) => source.kind)).toEqual(['screen']);
  });

  test('health differs when a tile or a connection does, and only then', () => {
    const { room: r } = room('ada', 'bob');
    r.participants.get('ada')!.sources.get('camera')!.heard('video', 0);
    const at = [0, 1000, 1999, 2000, 2500].map((nowMs) => r.health(nowMs));
    expect(at[0]).toBe(at[1]);
    expect(at[1]).toBe(at[2]);
    expect(at[3]).not.toBe(at[2]);
    expect(at[4]).toBe(at[3]);
  });

  test('the connection is that of the worst source', () => {
    const { room: r, add } = room('ada');
    add('ada', 'screen');
    const ada = r.participants.get('ada')!;
    const connection = (nowMs: number): string => {
      ada.sources.get('camera')!.heard('audio', nowMs);
      return ada.connection(nowMs);
    };
    expect([1000, 3000, 12_000].map(connection)).toEqual(['good', 'poor', 'lost']);
    expect(r.enter('eve', 'Eve', 'viewer', 0).connection(1e6)).toBe('good');
  });
});
