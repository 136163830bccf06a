import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { RoomEvent, Slot } from '../../../src/live/contract.ts';
import { until } from '../../harness/until.ts';
import { CameraPackets } from '../rtc/relay/speaker.ts';
import { House, type RoomTest } from './house.ts';
import type { MemoryPublisher } from './memoryRtc.ts';

let house: House;
let lab: RoomTest;
beforeEach(() => {
  house = new House();
  lab = house.open({ mode: 'sfu' });
});
afterEach(() => house.close());

/** What a subscriber's slots are fed with at last: participant, `-` for nothing, `program` for the mix. */
function shown(subscriber: string, media: 'audio' | 'video'): string {
  const created = house.rtc.posted('create').find((it) => it.subscriber === subscriber)!;
  const slots: unknown[] = media === 'audio' ? [...created.audio] : [...created.video];
  for (const it of house.rtc.posted('select')) {
    if (it.subscriber !== subscriber || it.media !== media) continue;
    slots[it.slot] = it.media === 'audio' ? it.source : it.feed;
  }
  return slots.map((slot) => nameIn(JSON.stringify(slot))).join(' ');
}

const nameIn = (text: string): string =>
  /lab\/from\/(?:camera\/)?([\w/]+)\/(?:audio|video)/.exec(text)?.[1] ??
  (text.includes('program') ? 'program' : '-');

const three = 'audio vp8 audio vp8 audio vp8';

/** Speaks for as long as it takes to have the floor, then lets everybody be silent. */
async function takesFloor(peer: MemoryPublisher): Promise<void> {
  for (let i = 0; i < 30; i++) {
    house.nowMs += 20;
    peer.speak(-20, house.nowMs);
  }
  const speaks = () => lab.room.participants().some(({ speaking }) => speaking);
  await until('somebody speaks', speaks);
  house.nowMs += 3_000;
  await until('nobody speaks', () => !speaks());
}

const slotsIn = (events: RoomEvent[]): Slot[] | undefined =>
  events.flatMap((event) => (event.type === 'slots' ? [event.slots] : [])).at(-1);

describe('in a room that forwards', () => {
  test('each speaker is sources of their own, and nobody mixes', async () => {
    await lab.publish('ada');
    await lab.publish('bob', 'audio h264');
    await lab.publish('bob', 'vp8', 'screen');
    await lab.watch('ann', three);
    expect(house.rtc.posted('add-source')).toEqual([
      { type: 'add-source', source: 'lab/from/camera/ada/audio', media: 'audio', codec: 'opus' },
      { type: 'add-source', source: 'lab/from/camera/ada/video', media: 'video', codec: 'vp8' },
      { type: 'add-source', source: 'lab/from/camera/bob/audio', media: 'audio', codec: 'opus' },
      { type: 'add-source', source: 'lab/from/camera/bob/video', media: 'video', codec: 'h264' },
      { type: 'add-source', source: 'lab/from/screen/bob/video', media: 'video', codec: 'vp8' },
    ]);
    expect(lab.metrics()).toMatchObject({ mixerPid: null, videoEncoders: 0, audioEncoders: 0 });
  });

  test('packets become pictures of those sources', async () => {
    const { peer } = await lab.publish('ada');
    for (const packet of new CameraPackets(1).picture(true)) peer.send('video', packet, house.nowMs);
    expect(house.rtc.posted('media').map(({ source }) => source)).toEqual(['lab/from/camera/ada/video']);
    expect(lab.tiles()).toEqual(['ada live']);
    expect(lab.room.view().layout.tiles[0]!.picture).toBeNull();
  });

  test('a key frame that viewers want is asked of the speaker; one that nobody misses is not', async () => {
    const { peer } = await lab.publish('ada');
    const camera = new CameraPackets(1);
    const lossy = () => {
      for (const packet of [camera.picture()[0]!, ...camera.picture()])
        peer.send('video', packet, house.nowMs);
      camera.sequence += 400;
      for (const packet of camera.picture()) peer.send('video', packet, house.nowMs);
    };
    lossy();
    expect(peer.keyFrameRequests).toBe(0);
    await lab.watch('ann');
    lossy();
    expect(peer.keyFrameRequests).toBeGreaterThan(0);
    const before = peer.keyFrameRequests;
    house.rtc.emit({ type: 'key-frame-wanted', source: 'lab/from/camera/ada/video' });
    expect(peer.keyFrameRequests).toBe(before + 1);
  });

  test('viewers have a slot for each, stably, and are told whom they see', async () => {
    await lab.publish('ada');
    const bob = await lab.publish('bob');
    const { events } = lab.join('ann');
    const session = await lab.watch('ann', three);
    expect(shown(session.id, 'video')).toBe('ada bob -');
    expect(events.filter(({ type }) => type === 'slots').at(-1)).toEqual({
      type: 'slots',
      session: session.id,
      slots: [
        { mid: 'a0', media: 'audio', participant: 'ada', kind: 'camera', volumeDb: 0 },
        { mid: 'v0', media: 'video', participant: 'ada', kind: 'camera' },
        { mid: 'a1', media: 'audio', participant: 'bob', kind: 'camera', volumeDb: 0 },
        { mid: 'v1', media: 'video', participant: 'bob', kind: 'camera' },
      ],
    });
    const eve = await lab.publish('eve');
    await bob.session.close();
    expect(shown(session.id, 'video')).toBe('ada - eve');
    await lab.publish('dan');
    expect(shown(session.id, 'audio')).toBe('ada dan eve');
    await eve.session.close();
    expect(slotsIn(events)!.map(({ mid, participant }) => `${mid} ${participant}`)).toEqual([
      'a0 ada',
      'v0 ada',
      'a1 dan',
      'v1 dan',
    ]);
  });

  test('nobody is sent to themselves', async () => {
    await lab.publish('ada');
    await lab.publish('bob');
    const session = await lab.watch('ada', three, 'panelist');
    expect(shown(session.id, 'audio')).toBe('bob - -');
  });

  test('a player of one picture follows the floor', async () => {
    const ada = await lab.publish('ada');
    const bob = await lab.publish('bob');
    const session = await lab.watch('ann', 'audio vp8');
    expect(shown(session.id, 'video')).toBe('ada -');
    await takesFloor(bob.peer);
    expect([shown(session.id, 'video'), shown(session.id, 'audio')]).toEqual(['bob -', 'bob -']);
    const later = await lab.watch('ben', 'audio vp8');
    expect(house.rtc.posted('create').at(-1)!.audio).toEqual(['lab/from/camera/bob/audio', null]);
    await takesFloor(ada.peer);
    expect(shown(later.id, 'video')).toBe('ada -');
  });

  test('with fewer slots than speakers who has the floor gets in', async () => {
    await lab.publish('ada');
    await lab.publish('bob');
    const eve = await lab.publish('eve');
    const session = await lab.watch('ann', 'audio vp8 audio vp8');
    expect(shown(session.id, 'video')).toBe('ada bob');
    await takesFloor(eve.peer);
    expect(shown(session.id, 'video')).toBe('ada eve');
  });

  test('slots are as many as the offer has sections, up to the limit', async () => {
    await house.close();
    house = new House({ limits: { maxSlots: 2 } });
    lab = house.open({ mode: 'sfu' });
    await lab.watch('ann', three);
    expect(house.rtc.posted('create')[0]).toMatchObject({ audio: [null, null], video: [null, null] });
  });

  test('who is muted, off the air, or off the stage is not sent', async () => {
    const { peer } = await lab.publish('ada');
    const session = await lab.watch('ann', three);
    const camera = new CameraPackets(1);
    const microphone = new CameraPackets(1);
    const sent = (media: 'audio' | 'video') => {
      const before = house.rtc.posted('media').length;
      const packets = media === 'video' ? camera.picture(true) : [microphone.packet(false, [0x78, 1])];
      for (const packet of packets) peer.send(media, packet, house.nowMs);
      return house.rtc.posted('media').length > before;
    };
    expect([sent('audio'), sent('video')]).toEqual([true, true]);
    lab.room.patchParticipant('ada', { audio: 'muted' });
    expect([sent('audio'), sent('video')]).toEqual([false, true]);
    peer.speak(-10, house.nowMs);
    lab.room.patchParticipant('ada', { audio: 'on', video: 'muted' });
    expect([sent('audio'), sent('video')]).toEqual([true, false]);
    expect(shown(session.id, 'video')).toBe('- - -');
    lab.room.patchParticipant('ada', { video: 'on' });
    expect(shown(session.id, 'video')).toBe('ada - -');
    lab.room.patch({ live: false });
    expect([sent('audio'), sent('video')]).toEqual([false, false]);
    expect(shown(session.id, 'audio')).toBe('- - -');
    lab.room.patch({ live: true });
    lab.room.patchParticipant('ada', { onStage: false });
    expect([sent('audio'), shown(session.id, 'audio')]).toEqual([false, '- - -']);
  });

  test('the volume a host gave is the viewer’s to apply', async () => {
    await lab.publish('ada');
    const { events } = lab.join('ann');
    await lab.watch('ann', three);
    lab.room.patchParticipant('ada', { volumeDb: -12 });
    expect(slotsIn(events)![0]).toMatchObject({ participant: 'ada', volumeDb: -12 });
  });

  test('who joins after their session is told of its slots', async () => {
    await lab.publish('ada');
    const session = await lab.watch('ann', three);
    const { events } = lab.join('ann');
    expect(events).toContainEqual(expect.objectContaining({ type: 'slots', session: session.id }));
    const { events: others } = lab.join('ben');
    expect(slotsIn(others)).toBeUndefined();
  });

  test('a newer publication takes the place of the one before under the same names', async () => {
    await lab.publish('ada');
    const session = await lab.watch('ann', three);
    await lab.publish('ada');
    const about = house.rtc.delivered.filter(
      (it) => 'source' in it && it.source === 'lab/from/camera/ada/video' && it.type !== 'select',
    );
    expect(about.map(({ type }) => type)).toEqual(['add-source', 'remove-source', 'add-source']);
    expect(shown(session.id, 'video')).toBe('ada - -');
  });

  test('a mixer works while the program is recorded or shown, and no longer', async () => {
    await house.close();
    house = new House({ engine: { lingerMs: 20 } });
    lab = house.open({ mode: 'sfu' });
    await lab.publish('ada');
    await lab.watch('ann', three);
    expect(lab.metrics().mixerPid).toBeNull();
    await lab.room.snapshot().catch(() => {});
    expect(lab.metrics().mixerPid).not.toBeNull();
    await until('it ended', () => lab.metrics().mixerPid === null);
  });

  test('the levels that speakers send are told', async () => {
    const { peer } = await lab.publish('ada');
    const { events } = lab.join('ann');
    peer.speak(-30, house.nowMs);
    await until('levels come', () => events.some(({ type }) => type === 'levels'));
    expect(events.find(({ type }) => type === 'levels')).toEqual({
      type: 'levels',
      levels: [{ participant: 'ada', levelDb: -30, speaking: false }],
    });
  });
});

describe('who is muted', () => {
  test('does not take the floor by talking on', async () => {
    await lab.publish('ada');
    const bob = await lab.publish('bob');
    const { events } = lab.join('ann');
    const session = await lab.watch('ann', 'audio vp8');
    lab.room.patchParticipant('bob', { audio: 'muted' });
    for (let i = 0; i < 30; i++) {
      house.nowMs += 20;
      bob.peer.speak(-20, house.nowMs);
    }
    const ada = house.rtc.publishers[0]!;
    ada.speak(-30, house.nowMs);
    await until('levels come', () => events.some(({ type }) => type === 'levels'));
    expect(events.flatMap((event) => (event.type === 'levels' ? event.levels : []))).toEqual([
      { participant: 'ada', levelDb: -30, speaking: false },
    ]);
    expect(shown(session.id, 'video')).toBe('ada -');
  });
});

describe('the mode', () => {
  test('changes under viewers without a new offer, there and back', async () => {
    await lab.publish('ada');
    const { events } = lab.join('ann');
    const many = await lab.watch('ann', three);
    const one = await lab.watch('ben', 'audio vp8');
    expect(lab.room.patch({ mode: 'mcu' }).mode).toBe('mcu');
    expect(shown(many.id, 'video')).toBe('ada - -');
    expect([shown(one.id, 'video'), shown(one.id, 'audio')]).toEqual(['program -', 'program -']);
    expect(lab.metrics().mixerPid).not.toBeNull();
    expect(lab.metrics().audioEncoders).toBe(1);
    await until('all have the program', () => shown(many.id, 'video') === 'program - -');
    expect(slotsIn(events)).toEqual([]);
    lab.room.patch({ mode: 'sfu' });
    expect(shown(many.id, 'video')).toBe('ada - -');
    expect(shown(one.id, 'audio')).toBe('ada -');
    await until('the mixed sound ends', () => lab.metrics().audioEncoders === 0);
  });

  test('of a room that mixes gives one picture and one sound, however many are offered', async () => {
    lab.room.patch({ mode: 'mcu' });
    await lab.publish('ada');
    await lab.watch('ann', three);
    expect(house.rtc.posted('create')[0]).toMatchObject({
      audio: ['lab/program/opus'],
      video: [expect.anything()],
    });
    expect(house.rtc.posted('create')[0]!.video).toHaveLength(1);
  });

  test('leaves the speakers’ own streams until the program can be there', async () => {
    await lab.publish('ada');
    await lab.watch('ann', 'audio vp8');
    lab.room.patch({ mode: 'mcu' });
    expect(house.rtc.posted('remove-source')).toEqual([]);
    await until('they end', () => house.rtc.posted('remove-source').length === 2);
  });

  test('may change for somebody who watches in a full room', async () => {
    await house.close();
    house = new House({ limits: { maxViewers: 1 } });
    lab = house.open({ mode: 'sfu' });
    const first = await lab.watch('ann');
    await expect(lab.watch('ben')).rejects.toMatchObject({ code: 'full' });
    const second = await lab.watch('ann', three);
    expect([lab.room.session(first.id), lab.room.session(second.id)]).toEqual([undefined, second]);
    expect(lab.room.participants().map(({ id }) => id)).toEqual(['ann']);
  });
});

describe('a picture that viewers cannot be sent as it comes', () => {
  const tellsWhy = /VP9 is not seen.*have the room mix/;

  test('is refused with the reason', async () => {
    await expect(lab.publish('ada', 'audio vp9')).rejects.toMatchObject({
      code: 'sdp-refused',
      detail: expect.stringMatching(tellsWhy),
    });
    expect(house.rtc.publishers.map(({ state }) => state)).toEqual(['closed']);
    expect(lab.room.participants()).toEqual([]);
    expect(lab.tiles()).toEqual([]);
  });

  test('is no matter while the room mixes; then its speaker is told, and heard on', async () => {
    await house.rooms.delete('lab');
    lab = house.open();
    const { events } = lab.join('ada', 'panelist');
    await lab.publish('ada', 'audio vp9');
    const notices = () => events.flatMap((event) => (event.type === 'notice' ? [event] : []));
    expect(notices()).toEqual([]);
    lab.room.patch({ mode: 'sfu' });
    expect(notices()).toEqual([
      { type: 'notice', code: 'picture-not-forwarded', detail: expect.stringMatching(tellsWhy) },
    ]);
    const { id } = await lab.watch('ann', three);
    expect(shown(id, 'audio')).toBe('ada - -');
    expect(shown(id, 'video')).toBe('- - -');
  });
});
