import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { RoomEvent } from '../../../src/live/contract.ts';
import { until } from '../../harness/until.ts';
import { lives } from '../engine/harness.ts';
import { House, type RoomTest } from './house.ts';

let house: House;
let lab: RoomTest;
beforeEach(() => {
  house = new House();
  lab = house.open();
});
afterEach(() => house.close());

const last = <T extends RoomEvent['type']>(events: RoomEvent[], type: T) =>
  events.findLast((event): event is Extract<RoomEvent, { type: T }> => event.type === type);

describe('a person', () => {
  test('is one participant in everything they do, from the first to the last of it', async () => {
    const { membership } = lab.join('ada', 'host');
    const { session } = await lab.publish('ada');
    const watching = await lab.watch('ada', 'audio vp8', 'host');
    expect(lab.room.participants()).toMatchObject([
      {
        ...{ id: 'ada', name: 'ADA', role: 'host', audio: 'on', video: 'on', onStage: true },
        ...{
          handRaised: false,
          speaking: false,
          levelDb: -127,
          volumeDb: 0,
          avOffsetMs: 0,
          connection: 'good',
        },
        joinedAt: '2026-11-20T00:00:00.000Z',
      },
    ]);
    membership.leave();
    await session.close();
    expect(lab.room.participants()).toMatchObject([{ id: 'ada', onStage: false }]);
    await watching.close();
    expect(lab.room.participants()).toEqual([]);
  });

  test('who switches off is off: tile and sound', async () => {
    const { peer } = await lab.publish('ada');
    peer.send('video', 'a packet', house.nowMs);
    lab.room.patchParticipant('ada', { audio: 'muted', video: 'muted', volumeDb: -6 });
    expect(await lab.mixer()).toMatchObject({ tiles: ['ada off'], gains: { 'camera ada': 'muted' } });
    lab.room.patchParticipant('ada', { audio: 'on', video: undefined });
    expect(await lab.mixer()).toMatchObject({ tiles: ['ada off'], gains: { 'camera ada': '-6' } });
    lab.room.patchParticipant('ada', { video: 'on' });
    expect((await lab.mixer()).tiles).toEqual(['ada live']);
  });

  test('off the stage is neither seen nor heard nor decoded; back on it they are last no more', async () => {
    await lab.publish('ada');
    await lab.publish('bob');
    expect(lab.room.patchParticipant('ada', { onStage: false })).toMatchObject({ onStage: false });
    expect(await lab.mixer()).toMatchObject({
      tracks: ['camera bob opus', 'camera bob vp8'],
      tiles: ['bob reconnecting'],
    });
    await lab.publish('ada');
    expect(lab.tiles()).toEqual(['bob reconnecting']);
    lab.room.patchParticipant('ada', { onStage: true });
    expect(lab.tiles()).toEqual(['ada reconnecting', 'bob reconnecting']);
  });

  test('made a viewer stops publishing and cannot begin again', async () => {
    const { peer } = await lab.publish('ada');
    lab.join('ada', 'panelist');
    expect(lab.room.patchParticipant('ada', { role: 'viewer' })).toMatchObject({ role: 'viewer' });
    expect(peer.state).toBe('closed');
    expect(lab.tiles()).toEqual([]);
    await expect(lab.publish('ada')).rejects.toMatchObject({ code: 'forbidden' });
    const onStage = () => lab.room.patchParticipant('ada', { onStage: true });
    expect(onStage).toThrow(expect.objectContaining({ code: 'invalid-request' }));
    lab.room.patchParticipant('ada', { role: 'panelist' });
    await lab.publish('ada');
    expect(lab.tiles()).toHaveLength(1);
  });

  test('who is not there cannot be changed or removed', async () => {
    const gone = expect.objectContaining({ code: 'no-such-participant' });
    expect(() => lab.room.patchParticipant('eve', {})).toThrow(gone);
    await expect(lab.room.removeParticipant('eve')).rejects.toEqual(gone);
  });

  test('removed loses everything and is not let in again', async () => {
    const { events } = lab.join('eve', 'panelist');
    const { peer } = await lab.publish('eve');
    const watching = await lab.watch('eve');
    const pending = lab.publish('eve', 'slow vp8', 'screen');
    await lab.room.removeParticipant('eve');
    await house.rtc.answerSlow();
    await expect(pending).rejects.toMatchObject({ code: 'no-such-session' });
    expect(house.rtc.publishers.map((each) => each.state)).toEqual(['closed', 'closed']);
    expect(peer.state).toBe('closed');
    expect(lab.room.session(watching.id)).toBeUndefined();
    expect(lab.room.participants()).toEqual([]);
    expect(events.at(-1)).toEqual({ type: 'ended', reason: 'removed' });
    const unauthorized = { code: 'unauthorized' };
    await expect(lab.publish('eve')).rejects.toMatchObject(unauthorized);
    await expect(lab.watch('eve')).rejects.toMatchObject(unauthorized);
    expect(() => lab.join('eve')).toThrow(expect.objectContaining(unauthorized));
    expect(() => lab.room.admit(lab.who('eve'))).toThrow(expect.objectContaining(unauthorized));
    lab.room.admit(lab.who('ada'));
  });
});

describe('members', () => {
  test('are told of the room and the people in it, several changes together', async () => {
    const { events } = lab.join('ada', 'host');
    await until('told of the join', () => last(events, 'participants'));
    events.length = 0;
    await lab.publish('bob');
    await lab.publish('cem');
    lab.room.patchParticipant('cem', { handRaised: true });
    await until('told of all', () => last(events, 'participants')?.participants.at(-1)?.handRaised);
    expect(last(events, 'room')!.room.layout.tiles).toHaveLength(2);
    expect(events.length).toBeLessThanOrEqual(4);
  });

  test('hear levels, which do not make new lists of people', async () => {
    const { events } = lab.join('ada', 'panelist');
    await lab.publish('ada');
    await until('told of the tile', () => last(events, 'room')?.room.layout.tiles.length === 1);
    lab.room.patch({ slate: { title: 'feedback' } });
    await until('levels', () => last(events, 'levels'));
    expect(last(events, 'levels')!.levels).toEqual([{ participant: 'ada', levelDb: -20, speaking: true }]);
    expect(lab.room.participants()[0]).toMatchObject({ levelDb: -20, speaking: true });
    events.length = 0;
    lab.room.patch({ title: 'Another' });
    await until('told of the title', () => last(events, 'room'));
    expect(last(events, 'participants')).toBeUndefined();
  });

  test('join again and end their earlier self, whose late leaving harms nobody', () => {
    const first = lab.join('ada');
    const second = lab.join('ada');
    expect(first.events.at(-1)).toEqual({ type: 'ended', reason: 'replaced' });
    first.membership.leave();
    expect(lab.room.participants()).toHaveLength(1);
    second.membership.leave();
    expect(lab.room.participants()).toEqual([]);
  });

  test('who throw at what they are told spoil it for nobody', async () => {
    lab.room.join(lab.who('eve'), () => {
      throw new Error('bad socket');
    });
    const { events } = lab.join('ada');
    await until('ada is told', () => last(events, 'participants'));
    await house.rooms.delete('lab');
    expect(events.at(-1)).toEqual({ type: 'ended', reason: 'room-deleted' });
  });
});

describe('the end', () => {
  test('of a room tells everybody and leaves nothing', async () => {
    const { events } = lab.join('ada', 'host');
    const { peer } = await lab.publish('ada');
    const watching = await lab.watch('ann');
    await lab.mixer();
    const pid = lab.metrics().mixerPid!;
    await house.rooms.delete('lab');
    expect(events.at(-1)).toEqual({ type: 'ended', reason: 'room-deleted' });
    expect(peer.state).toBe('closed');
    expect(house.rtc.posted('close').map((it) => it.subscriber)).toEqual([watching.id]);
    expect(house.rtc.posted('remove-source')).toHaveLength(2);
    expect(lives(pid)).toBe(false);
    await expect(lab.publish('ada')).rejects.toMatchObject({ code: 'no-such-room' });
    expect(() => house.rooms.get('lab')).toThrow(expect.objectContaining({ code: 'no-such-room' }));
    await expect(house.rooms.delete('lab')).rejects.toMatchObject({ code: 'no-such-room' });
  });

  test('of the server ends all rooms, also what is being made', async () => {
    const { events } = lab.join('ada', 'host');
    const publishing = lab.publish('ada', 'slow vp8');
    const watching = lab.watch('ann', 'slow vp8');
    const outcomes = Promise.allSettled([publishing, watching]);
    await house.close();
    await house.rtc.answerSlow();
    expect((await outcomes).map((each) => each.status)).toEqual(['rejected', 'rejected']);
    expect(house.rtc.publishers[0]!.state).toBe('closed');
    expect(events.at(-1)).toEqual({ type: 'ended', reason: 'shutting-down' });
    expect(house.rtc.deliveryClosed).toBe(true);
    expect(() => house.rooms.create({})).toThrow(expect.objectContaining({ code: 'shutting-down' }));
    await house.close();
  });
});
