import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { until } from '../../harness/until.ts';
import { House, type RoomTest } from './house.ts';

let house: House;
let lab: RoomTest;
beforeEach(() => {
  house = new House();
  lab = house.open();
});
afterEach(() => house.close());

describe('a tile', () => {
  test('is there before publish resolves, in order of arrival, and gone before close does', async () => {
    const ada = await lab.publish('ada');
    await lab.publish('bob', 'audio');
    expect(lab.tiles()).toEqual(['ada reconnecting', 'bob off']);
    expect(lab.room.view()).toMatchObject({ participants: 2, viewers: 0 });
    await ada.session.close();
    expect(lab.tiles()).toEqual(['bob off']);
    expect(ada.peer.state).toBe('closed');
    expect(lab.room.session(ada.session.id)).toBeUndefined();
    expect(lab.room.participants().map((each) => each.id)).toEqual(['bob']);
    await ada.session.close();
  });

  test('goes with the peer: failed or closed by the other side', async () => {
    const ada = await lab.publish('ada');
    const bob = await lab.publish('bob');
    ada.peer.move('failed', 'consent was lost');
    bob.peer.move('closed', 'goodbye');
    expect(lab.tiles()).toEqual([]);
    expect((await lab.mixer()).tracks).toEqual([]);
  });

  test('says how long nothing came, and goes after 30 s', async () => {
    const { session, peer } = await lab.publish('ada');
    peer.send('video', 'a packet', house.nowMs);
    expect((await lab.mixer()).tiles).toEqual(['ada live']);
    const silent = async (silentMs: number, state: string): Promise<void> => {
      house.nowMs = 1_000_000 + silentMs;
      await until(`ada is ${state}`, async () => (await lab.mixer()).tiles.join() === state);
    };
    await silent(2000, 'ada poor');
    expect(lab.room.participants()[0]!.connection).toBe('poor');
    peer.send('video', 'a packet', house.nowMs);
    expect((await lab.mixer()).tiles).toEqual(['ada live']);
    await silent(12_000, 'ada reconnecting');
    expect(lab.room.participants()[0]!.connection).toBe('lost');
    house.nowMs += 30_000;
    await until('the tile is gone', () => lab.tiles().length === 0);
    expect(lab.room.session(session.id)).toBeUndefined();
    expect(peer.state).toBe('closed');
  });

  test('has a picture only where the mixer drew one', async () => {
    const { peer } = await lab.publish('ada');
    peer.send('video', 'a packet', house.nowMs);
    expect((await lab.mixer()).tiles).toEqual(['ada live']);
    expect(lab.tiles()).toEqual(['ada reconnecting']);
    expect(lab.room.view().layout.tiles[0]!.picture).toBeNull();
    lab.room.patch({ slate: { title: 'draw' } });
    await until('it is drawn', () => lab.tiles()[0] === 'ada live');
    expect(lab.room.view().layout.tiles[0]!.picture).toEqual({ x: 0, y: 0, w: 1, h: 1 });
    lab.room.patchParticipant('ada', { video: 'muted' });
    expect(lab.room.view().layout.tiles[0]).toMatchObject({ state: 'off', picture: null });
  });
});

describe('the same source a second time', () => {
  test('replaces the first, in its place', async () => {
    const first = await lab.publish('ada');
    await lab.publish('bob');
    const second = await lab.publish('ada', 'audio h264');
    expect(first.peer.state).toBe('closed');
    expect(lab.room.session(first.session.id)).toBeUndefined();
    expect(lab.room.session(second.session.id)).toBe(second.session);
    expect(lab.tiles()).toEqual(['ada reconnecting', 'bob reconnecting']);
    await first.session.close();
    expect(lab.tiles()).toHaveLength(2);
    const { tracks } = await lab.mixer();
    expect(tracks.filter((track) => track.includes('ada'))).toEqual(['camera ada opus', 'camera ada h264']);
  });

  test('leaves the first alone when the offer is refused', async () => {
    const first = await lab.publish('ada');
    await expect(lab.publish('ada', 'bad')).rejects.toMatchObject({ code: 'sdp-refused' });
    expect(first.peer.state).toBe('connected');
    expect(lab.tiles()).toEqual(['ada reconnecting']);
  });

  test('while the first is still being made, the newer one wins', async () => {
    const slow = lab.publish('ada', 'slow audio');
    const fast = await lab.publish('ada', 'audio vp8');
    await house.rtc.answerSlow();
    await expect(slow).rejects.toMatchObject({ code: 'no-such-session' });
    expect(house.rtc.publishers.map((each) => each.state)).toEqual(['connected', 'closed']);
    expect(lab.room.session(fast.session.id)).toBe(fast.session);
    expect(lab.metrics().publishers).toBe(1);
  });

  test('a screen stands beside the camera of the same person', async () => {
    await lab.publish('ada');
    await lab.publish('ada', 'vp8', 'screen');
    expect(lab.tiles()).toEqual(['ada reconnecting', 'ada screen reconnecting']);
    expect(lab.room.view().participants).toBe(1);
  });
});

describe('between peer and mixer', () => {
  test('what the mixer asks for reaches the peer, what it refuses reaches the person', async () => {
    const { events } = lab.join('ada', 'panelist');
    const { peer } = await lab.publish('ada', 'vp8');
    lab.room.patch({ slate: { title: 'feedback' } });
    await until('the person is told', () => events.some((event) => event.type === 'notice'));
    expect(peer.nacks).toEqual([['video', [7, 9]]]);
    expect(peer.keyFrameRequests).toBe(1);
    expect(events.filter((event) => event.type === 'notice')).toEqual([
      { type: 'notice', code: 'picture-too-large', detail: '9000x9000' },
      { type: 'notice', code: 'picture-accepted', detail: expect.any(String) },
    ]);
  });

  test('who listens to no events has a host who is told', async () => {
    const { events } = lab.join('hope', 'host');
    await lab.publish('ada', 'vp8');
    lab.room.patch({ slate: { title: 'feedback' } });
    const notices = () => events.filter((event) => event.type === 'notice');
    await until('the host is told', () => notices().length === 2);
    expect(notices()).toEqual([
      { type: 'notice', code: 'picture-too-large', detail: 'ADA: 9000x9000' },
      { type: 'notice', code: 'picture-accepted', detail: 'ADA: the picture is shown again' },
    ]);
  });

  test('trickled candidates and ICE restarts go to the peer', async () => {
    const { session } = await lab.publish('ada');
    expect(await session.patch('candidates')).toEqual({ answerFragment: undefined, etag: '"1"' });
    expect(await session.patch('restart')).toEqual({ answerFragment: 'restarted', etag: '"2"' });
    expect(session.etag).toBe('"2"');
    await session.close();
    await expect(session.patch('late')).rejects.toMatchObject({ code: 'no-such-session' });
  });
});

describe('who may publish', () => {
  test('not a viewer, nobody of another room, nobody while the mixer cannot start', async () => {
    const offer = 'audio';
    const viewer = lab.room.publish(lab.who('eve', 'viewer'), 'camera', offer, true);
    await expect(viewer).rejects.toMatchObject({ code: 'forbidden' });
    const stranger = { ...lab.who('eve'), room: 'other' };
    await expect(lab.room.publish(stranger, 'camera', offer, true)).rejects.toMatchObject({
      code: 'forbidden',
    });
    expect(lab.room.participants()).toEqual([]);
  });

  test('one more than the stage holds is told to try later, and leaves no trace', async () => {
    await house.close();
    house = new House({ limits: { maxStage: 2 } });
    lab = house.open();
    await lab.publish('ada');
    const pending = lab.publish('bob', 'slow vp8');
    await expect(lab.publish('eve')).rejects.toMatchObject({ code: 'full', retryAfterS: 10 });
    await expect(lab.publish('eve', 'bad vp8')).rejects.toMatchObject({ code: 'sdp-refused' });
    await house.rtc.answerSlow();
    await pending;
    expect(lab.tiles()).toHaveLength(2);
    await lab.publish('ada');
    expect(lab.room.participants().map((each) => each.id)).toEqual(['ada', 'bob']);
  });
});
