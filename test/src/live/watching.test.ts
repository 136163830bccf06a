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

const encoders = () => {
  const { videoEncoders, audioEncoders } = lab.metrics();
  return [videoEncoders, audioEncoders];
};

/** Where a subscriber's sound comes from at last. */
const soundOf = (subscriber: string): string => {
  const created = house.rtc.posted('create').find((it) => it.subscriber === subscriber)!.audio;
  const selected = house.rtc
    .posted('select')
    .flatMap((it) => (it.subscriber === subscriber && it.media === 'audio' ? [it.source] : []));
  return selected.at(-1) ?? created[0]!;
};

describe('the wish of a viewer', () => {
  const limits = () => house.rtc.posted('limit').map(({ subscriber, maxHeight }) => [subscriber, maxHeight]);

  test('reaches all that they have open, and what they open later', async () => {
    const other = await lab.watch('ben');
    const first = await lab.watch('ann');
    const { room } = lab;
    room.limit('ann', 360);
    room.limit('ann', 360);
    expect(limits()).toEqual([[first.id, 360]]);
    const second = await lab.watch('ann');
    expect(limits()).toEqual([
      [first.id, 360],
      [second.id, 360],
    ]);
    room.limit('ann', null);
    expect(limits().slice(2)).toEqual([
      [first.id, null],
      [second.id, null],
    ]);
    expect(room.delivered('ann')).toMatchObject({
      renditions: [
        { height: 720, kbps: 2000 },
        { height: 360, kbps: 600 },
        { height: 180, kbps: 180 },
      ],
      maxHeight: null,
      sessions: [{ session: first.id }, { session: second.id }],
    });
    await Promise.all([first, second, other].map((each) => each.close()));
    expect(() => room.limit('ann', 0)).toThrow('no-such-participant');
  });

  test('is for pictures that a room can choose from: none when it forwards', async () => {
    await lab.watch('ann');
    lab.room.patch({ mode: 'sfu' });
    expect(lab.room.delivered('ann').renditions).toEqual([]);
  });
});

describe('the program', () => {
  test('is encoded once for all, in the codec the room has where it can', async () => {
    await lab.watch('ann');
    await lab.watch('ben');
    expect(encoders()).toEqual([1, 1]);
    await lab.watch('cem', 'audio h264');
    expect(encoders()).toEqual([2, 1]);
    expect((await lab.mixer()).encoders.sort()).toEqual(['h264', 'opus', 'vp8']);
    const rungs = (codec: string) =>
      ['', '/360', '/180'].map((of) => ({ source: `lab/program/${codec}${of}` }));
    expect(house.rtc.posted('create')[0]).toMatchObject({
      audio: ['lab/program/opus'],
      video: [{ vp8: rungs('vp8'), h264: rungs('h264') }],
      prefer: ['vp8', 'h264'],
    });
  });

  test('is not encoded as a picture for who only listens', async () => {
    await lab.watch('ann', 'audio');
    expect(encoders()).toEqual([0, 1]);
  });

  test('of an H.264 room is H.264', async () => {
    const room = house.rooms.create({ id: 'other', video: { codec: 'h264' } });
    await room.subscribe({ ...lab.who('ann'), room: 'other' }, 'audio vp8 h264', true);
    expect(house.rtc.posted('add-source').map((it) => it.source)).toContain('other/program/h264');
  });

  test('reaches the delivery, and its key frame requests the mixer', async () => {
    await lab.watch('ann');
    const { peer } = await lab.publish('bob');
    await until('media comes back', () => {
      peer.send('video', 'a packet long enough', house.nowMs);
      return new Set(house.rtc.posted('media').map((it) => it.source)).size === 2;
    });
    house.rtc.emit({ type: 'key-frame-wanted', source: 'lab/program/vp8' });
    house.rtc.emit({ type: 'key-frame-wanted', source: 'nobody/knows' });
    expect((await lab.mixer()).keyFrames).toEqual(['vp8']);
  });

  test('stops a little after the last viewer, not when one returns at once', async () => {
    const first = await lab.watch('ann');
    await first.close();
    const second = await lab.watch('ann');
    expect(house.rtc.posted('add-source')).toHaveLength(2);
    expect(house.rtc.posted('remove-source')).toHaveLength(0);
    house.rtc.emit({ type: 'state', subscriber: second.id, state: 'failed', reason: 'consent was lost' });
    expect(lab.room.view().viewers).toBe(0);
    await until('no encoder runs', () => encoders().join() === '0,0');
    const removed = house.rtc.posted('remove-source').map((it) => it.source);
    expect(removed.sort()).toEqual(['lab/program/opus', 'lab/program/vp8']);
    expect((await lab.mixer()).encoders).toEqual([]);
  });

  test('of a mixer that died goes on from another', async () => {
    await lab.watch('ann');
    const { peer } = await lab.publish('bob');
    await lab.mixer();
    lab.room.patch({ slate: { title: 'calm' } });
    const pid = lab.metrics().mixerPid!;
    process.kill(pid, 'SIGKILL');
    await until('the mixer is replaced', () => lab.metrics().mixerRestarts === 1);
    const restarted = house.rtc.posted('restart-source').map((it) => it.source);
    expect(restarted.sort()).toEqual(['lab/program/opus', 'lab/program/vp8']);
    expect(peer.keyFrameRequests).toBe(1);
    expect(await lab.mixer()).toMatchObject({
      tracks: ['camera bob opus', 'camera bob vp8'],
      encoders: ['opus', 'vp8'],
      gains: { 'camera bob': '0' },
    });
    expect(lab.metrics().mixerPid).not.toBe(pid);
  });
});

describe('who is on stage and listens', () => {
  test('hears everybody else, from coming on stage to leaving it', async () => {
    const watching = await lab.watch('ada', 'audio vp8', 'panelist');
    await lab.watch('ann');
    expect(soundOf(watching.id)).toBe('lab/program/opus');
    const { session } = await lab.publish('ada');
    expect(soundOf(watching.id)).toBe('lab/minus/ada');
    expect((await lab.mixer()).encoders.sort()).toEqual(['opus', 'opus without ada', 'vp8']);
    await session.close();
    expect(soundOf(watching.id)).toBe('lab/program/opus');
    await until('the second sound ends', () => encoders().join() === '1,1');
  });

  test('has it from the start when they publish first', async () => {
    await lab.publish('ada');
    const watching = await lab.watch('ada', 'audio vp8', 'panelist');
    expect(soundOf(watching.id)).toBe('lab/minus/ada');
    expect(house.rtc.posted('select')).toEqual([]);
  });

  test('has it also when coming on stage while the session is being made', async () => {
    const pending = lab.watch('ada', 'slow audio vp8', 'panelist');
    await lab.publish('ada');
    expect(house.rtc.posted('select')).toEqual([]);
    await house.rtc.answerSlow();
    expect(soundOf((await pending).id)).toBe('lab/minus/ada');
  });

  test('hears the mix when what they send is silent by nature, or off stage', async () => {
    const watching = await lab.watch('ada', 'audio vp8', 'panelist');
    await lab.publish('ada', 'vp8');
    expect(soundOf(watching.id)).toBe('lab/program/opus');
    await lab.publish('ada', 'audio vp8');
    expect(soundOf(watching.id)).toBe('lab/minus/ada');
    lab.room.patchParticipant('ada', { onStage: false });
    expect(soundOf(watching.id)).toBe('lab/program/opus');
  });
});

describe('a session', () => {
  test('that is refused leaves nothing behind', async () => {
    await expect(lab.watch('ann', 'bad')).rejects.toMatchObject({
      code: 'sdp-refused',
      detail: 'a bad offer',
    });
    expect(lab.room.participants()).toEqual([]);
    await until('no encoder runs', () => encoders().join() === '0,0');
  });

  test('can be patched, also in vain', async () => {
    const session = await lab.watch('ann');
    expect(await session.patch('candidates')).toEqual({ answerFragment: 'fragment', etag: '"9"' });
    expect(session.etag).toBe('"9"');
    await expect(session.patch('bad')).rejects.toMatchObject({ code: 'sdp-malformed' });
    await session.close();
    await expect(session.patch('late')).rejects.toMatchObject({ code: 'no-such-session' });
    expect(house.rtc.posted('close')).toEqual([{ type: 'close', subscriber: session.id }]);
  });

  test('is one of four of the same person: a fifth ends the oldest', async () => {
    const sessions = [];
    for (let i = 0; i < 5; i++) sessions.push(await lab.watch('ann'));
    expect(sessions.map((session) => lab.room.session(session.id) !== undefined)).toEqual([
      false,
      true,
      true,
      true,
      true,
    ]);
    expect(lab.room.view()).toMatchObject({ participants: 1, viewers: 1 });
  });

  test('over the limit is told when to try again', async () => {
    await house.close();
    house = new House({ limits: { maxViewers: 1 } });
    lab = house.open();
    await lab.watch('ann');
    await expect(lab.watch('ben')).rejects.toMatchObject({ code: 'full', retryAfterS: 30 });
    await expect(lab.room.subscribe(lab.who('ben', 'viewer'), 'bad', true)).rejects.toMatchObject({
      code: 'sdp-refused',
    });
    expect(lab.room.participants()).toHaveLength(1);
  });
});

test('what was sent is counted, of those who left, too', async () => {
  const session = await lab.watch('ann');
  await lab.watch('ben');
  await until('it was measured', () => lab.metrics().packetsSent === 20);
  await session.close();
  expect(lab.metrics()).toMatchObject({ packetsSent: 20, bytesSent: 2000, subscribers: 1 });
});
