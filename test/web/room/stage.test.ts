import { describe, expect, test } from '@jest/globals';
import type { ParticipantView } from '../../../src/live/contract.ts';
import { Problem } from '../../../web/src/media/problem.ts';
import { remoteChanges } from '../../../web/src/room/ownSwitches.ts';
import { listed, stageChanges } from '../../../web/src/room/stageChanges.ts';
import { initials } from '../../../web/src/ui/initials.ts';
import { conditionOf, whereabouts } from '../../../web/src/ui/words.ts';

const person = (id: string, change: Partial<ParticipantView> = {}): ParticipantView => ({
  id,
  name: id.toUpperCase(),
  role: 'panelist',
  audio: 'on',
  video: 'on',
  onStage: true,
  handRaised: false,
  speaking: false,
  levelDb: -127,
  volumeDb: 0,
  avOffsetMs: 0,
  connection: 'good',
  joinedAt: '2026-01-01T00:00:00Z',
  ...change,
});

describe('stageChanges', () => {
  test('tells who came and who left, but not oneself', () => {
    const before = [person('a'), person('me'), person('v', { onStage: false })];
    const after = [person('b'), person('v', { onStage: true })];
    expect(stageChanges(before, after, 'me')).toEqual([
      'B is on stage.',
      'V is on stage.',
      'A left the stage.',
    ]);
  });

  test('says nothing when only a level or a switch changed', () => {
    expect(stageChanges([person('a')], [person('a', { audio: 'muted', levelDb: -3 })], 'me')).toEqual([]);
  });
});

test('the list has hosts first, then the stage, then by arrival', () => {
  const at = (minute: string) => ({ joinedAt: `2026-01-01T00:${minute}:00Z` });
  const people = [
    person('watcher', { role: 'viewer', onStage: false, ...at('01') }),
    person('waiting', { onStage: false, ...at('02') }),
    person('late', at('05')),
    person('early', at('03')),
    person('host', { role: 'host', ...at('09') }),
  ];
  expect(listed(people).map(({ id }) => id)).toEqual(['host', 'early', 'late', 'waiting', 'watcher']);
});

describe('remoteChanges', () => {
  const on = { audio: 'on', video: 'on' } as const;
  const muted = { audio: 'muted', video: 'on' } as const;

  test('somebody else muted me', () => expect(remoteChanges(on, muted, on)).toEqual(['mute-audio']));
  test('somebody asks me to speak', () => expect(remoteChanges(muted, on, muted)).toEqual(['ask-audio']));
  test('the echo of my own change is nobody else’s', () =>
    expect(remoteChanges(on, muted, muted)).toEqual([]));
  test('an old word repeated is no change', () => expect(remoteChanges(on, on, muted)).toEqual([]));
  test('camera and microphone are told apart', () =>
    expect(remoteChanges(on, { audio: 'muted', video: 'muted' }, on)).toEqual(['mute-audio', 'mute-video']));
});

describe('words', () => {
  test('whereabouts', () => {
    expect(whereabouts(person('a'))).toBe('On stage');
    expect(whereabouts(person('a', { connection: 'poor' }))).toBe('On stage, poor connection');
    expect(whereabouts(person('a', { connection: 'lost' }))).toBe('Connection lost');
    expect(whereabouts(person('a', { onStage: false, role: 'viewer' }))).toBe('Watching');
  });

  test('the worst condition is told, and none when all is well', () => {
    const well = {
      channel: 'open',
      restarting: false,
      program: 'connected',
      programProblem: null,
      upload: 'connected',
    } as const;
    expect(conditionOf(well)).toBeNull();
    expect(conditionOf({ ...well, upload: 'reconnecting' })?.text).toMatch(/Others may not/);
    expect(conditionOf({ ...well, upload: 'reconnecting', program: 'reconnecting' })?.text).toMatch(
      /was lost/,
    );
    expect(conditionOf({ ...well, channel: 'reconnecting', restarting: true })?.text).toMatch(/restarting/);
  });

  test('a server that says why is quoted', () => {
    const programProblem = new Problem({
      status: 503,
      code: 'full',
      title: 'The server is full',
      detail: 'no seat left',
    });
    expect(
      conditionOf({
        channel: 'open',
        restarting: false,
        program: 'reconnecting',
        programProblem,
        upload: 'idle',
      })?.text,
    ).toBe('The server is full. No seat left. Trying again…');
  });

  test('initials are whole letters', () => {
    expect(initials('Ada Lovelace')).toBe('AL');
    expect(initials('  jean-luc  ')).toBe('J');
    expect(initials('👩‍🚀 Zoë')).toBe('👩‍🚀Z');
    expect(initials('')).toBe('?');
  });
});
