import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { until } from '../../harness/until.ts';
import { House, type RoomTest } from './house.ts';

let house: House;
let lab: RoomTest;
beforeEach(() => {
  house = new House({ encoderRetryMs: 60 });
  lab = house.open();
});
afterEach(() => house.close());

const encoders = async () => (await lab.mixer()).encoders.sort();
const uses = (subscriber: string, ...sources: string[]) =>
  house.rtc.emit({ type: 'uses', subscriber, sources });
const fits = (source: string, kbps: number) =>
  house.rtc.emit({ type: 'fits', source, rungKbps: 2000, kbps, leastKbps: kbps, mostKbps: kbps });
/** The feed that a viewer's first slot was given last. */
const feedOf = (subscriber: string) =>
  house.rtc
    .posted('select')
    .flatMap((it) => (it.subscriber === subscriber && it.media === 'video' ? [it.feed] : []))
    .at(-1);
const vp8 = 'lab/program/vp8';

describe('the rate of a rendition', () => {
  test('follows what suits its viewers, within bounds', async () => {
    await lab.watch('ann');
    fits(vp8, 1500);
    fits(vp8, 100);
    fits(vp8, 9000);
    fits(vp8, 2000);
    fits('nobody/knows', 500);
    expect((await lab.mixer()).rates).toEqual(['vp8 1500', 'vp8 1200', 'vp8 2500', 'vp8 2000']);
  });

  test('is its own again when it is encoded anew', async () => {
    const first = await lab.watch('ann');
    fits(vp8, 1500);
    await first.close();
    await until('no encoder runs', () => lab.metrics().videoEncoders === 0);
    await lab.watch('ann');
    fits(vp8, 2000);
    expect((await lab.mixer()).rates).toEqual(['vp8 1500']);
    fits(vp8, 1500);
    expect((await lab.mixer()).rates).toEqual(['vp8 1500', 'vp8 1500']);
  });
});

describe('sound for a viewer whose network loses packets', () => {
  test('is offered to each, and encoded while one uses it', async () => {
    const ann = await lab.watch('ann');
    const ben = await lab.watch('ben');
    expect(house.rtc.posted('create')[0]!.lossyAudio).toEqual(['lab/program/opus/lossy']);
    expect(await encoders()).toEqual(['opus', 'vp8']);
    uses(ann.id, vp8, 'lab/program/opus/lossy');
    uses(ben.id, vp8, 'lab/program/opus/lossy');
    expect(await encoders()).toEqual(['opus', 'opus for 10 %', 'vp8']);
    uses(ann.id, vp8);
    expect(lab.metrics().audioEncoders).toBe(2);
    uses(ben.id, vp8);
    await until('it is not encoded any more', () => lab.metrics().audioEncoders === 1);
    expect(await encoders()).toEqual(['opus', 'vp8']);
  });

  test('leaves out who shall not hear themselves', async () => {
    const { session } = await lab.publish('bob');
    const bob = await lab.watch('bob');
    expect(house.rtc.posted('create')[0]!.lossyAudio).toEqual(['lab/minus/bob/lossy']);
    uses(bob.id, vp8, 'lab/minus/bob/lossy');
    expect(await encoders()).toContain('opus for 10 % without bob');
    await session.close();
    const [selected] = house.rtc.posted('select').filter((it) => it.media === 'audio');
    expect(selected).toMatchObject({ source: 'lab/program/opus', lossy: 'lab/program/opus/lossy' });
  });

  test('is none in a room that forwards: speakers code it themselves', async () => {
    lab.room.patch({ mode: 'sfu' });
    await lab.publish('bob');
    await lab.watch('ann', 'audio vp8 audio vp8');
    expect(house.rtc.posted('create')[0]!.lossyAudio).toEqual([null, null]);
  });
});

describe('an encoder that fails', () => {
  const fail = async () => {
    await lab.mixer();
    lab.room.patch({ slate: { title: 'fail-encoders' } });
  };

  test('is left out of what its viewers can be sent, for a while; hosts are told once', async () => {
    const { events } = lab.join('mira', 'host');
    const ann = await lab.watch('ann');
    await fail();
    await until('its viewer is moved', () => feedOf(ann.id)?.vp8?.length === 2);
    expect(feedOf(ann.id)!.vp8!.map(({ height }) => height)).toEqual([360, 180]);
    expect(feedOf(ann.id)!.h264).toHaveLength(3);
    expect(lab.metrics().videoEncoders).toBe(0);
    uses(ann.id, 'lab/program/vp8/360');
    expect(await encoders()).toEqual(['opus', 'vp8 360']);

    await until('it can be had again', () => feedOf(ann.id)?.vp8?.length === 3);
    uses(ann.id, vp8);
    expect(await encoders()).toContain('vp8');
    const notices = () => events.flatMap((event) => (event.type === 'notice' ? [event] : []));
    expect(notices()).toEqual([
      { type: 'notice', code: 'encoder-failed', detail: 'lab/program/vp8: no memory' },
    ]);
    uses(ann.id, vp8);
    await until('the smaller one has ended', () => lab.metrics().videoEncoders === 1);
    await fail();
    await until('it rests again', () => feedOf(ann.id)?.vp8?.length === 2);
    expect(notices()).toHaveLength(1);
  });

  test('is begun again for those who never had another, and not before', async () => {
    const only = house.rooms.create({ id: 'other', video: { ladder: [] } });
    const session = await only.subscribe({ ...lab.who('ann'), room: 'other' }, 'audio vp8', true);
    await house.mixer(only);
    const failedMs = performance.now();
    only.patch({ slate: { title: 'fail-encoders' } });
    await until('nothing is left', () => feedOf(session.id)?.vp8?.length === 0);
    const [, other] = house.rooms.metrics();
    expect(other!.videoEncoders).toBe(0);
    await until('it is back', () => house.rooms.metrics()[1]!.videoEncoders === 1);
    expect(performance.now() - failedMs).toBeGreaterThan(55);
    expect((await house.mixer(only)).encoders.sort()).toEqual(['opus', 'vp8']);
    const restarts = house.rtc.posted('restart-source').map((it) => it.source);
    expect(restarts).toEqual(['other/program/vp8']);
  });

  test('of the codec that a room prefers lets new viewers have the other', async () => {
    await lab.watch('ann');
    await fail();
    await until('one rests', () => lab.metrics().videoEncoders === 0);
    await lab.watch('ben');
    expect(house.rtc.posted('create').at(-1)!.prefer).toEqual(['vp8', 'h264']);
    const only = house.rooms.create({ id: 'other', video: { ladder: [] } });
    await only.subscribe({ ...lab.who('ann'), room: 'other' }, 'audio vp8 h264', true);
    await house.mixer(only);
    only.patch({ slate: { title: 'fail-encoders' } });
    await until('it rests', () => house.rooms.metrics()[1]!.videoEncoders === 0);
    await only.subscribe({ ...lab.who('cem'), room: 'other' }, 'audio vp8 h264', true);
    expect(house.rtc.posted('create').at(-1)!.prefer).toEqual(['h264', 'vp8']);
  });
});
