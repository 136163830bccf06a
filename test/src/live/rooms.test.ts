import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { RoomPatch, RoomSpec } from '../../../src/live/contract.ts';
import { until } from '../../harness/until.ts';
import { child } from '../engine/harness.ts';
import { House } from './house.ts';

let house: House;
beforeEach(() => {
  house = new House();
});
afterEach(() => house.close());

const invalid = (words: string) =>
  expect.objectContaining({ code: 'invalid-request', detail: expect.stringContaining(words) });

describe('making a room', () => {
  test('gives it what was not said', () => {
    const room = house.rooms.create({});
    expect(room.id).toMatch(/^[a-z0-9]{12}$/);
    expect(room.view()).toEqual({
      ...{ id: room.id, title: room.id, mode: 'mcu', live: true, spotlight: null },
      layout: { name: 'grid', document: expect.objectContaining({ name: 'grid' }), tiles: [] },
      ...{ participants: 0, viewers: 0, recordings: [], outputs: [], elements: [], media: [] },
      slate: { title: null, text: null, image: null, music: null },
      ...{ transitions: true, sound: { duckingDb: 12, automaticGain: true, panning: false } },
      ...{ stageProgram: false, stageLayout: null, stageTiles: null },
      createdAt: '2026-11-20T00:00:00.000Z',
    });
    expect(house.rooms.list()).toEqual([room]);
    expect(house.rooms.get(room.id)).toBe(room);
  });

  test('a second time is refused', () => {
    house.open();
    expect(() => house.open()).toThrow(expect.objectContaining({ code: 'room-exists' }));
  });

  test.each<[RoomSpec, string]>([
    [{ id: 'Über' }, 'id'],
    [{ id: '' }, 'id'],
    [{ id: '-a' }, 'id'],
    [{ id: 'a'.repeat(65) }, 'id'],
    [{ layout: 'spiral' }, 'grid'],
    [{ layout: '__proto__' }, 'grid'],
    [{ mode: 'p2p' as 'sfu' }, 'mcu'],
    [{ video: { width: 1281 } }, 'even'],
    [{ video: { height: 0 } }, 'video.height'],
    [{ video: { fps: 240 } }, 'video.fps'],
    [{ video: { kbps: 1.5 } }, 'video.kbps'],
    [{ video: { codec: 'av1' as 'vp8' } }, 'video.codec'],
  ])('%j is refused with a reason', (spec, words) => {
    expect(() => house.rooms.create(spec)).toThrow(invalid(words));
    expect(house.rooms.list()).toEqual([]);
  });

  test('over the limit is told when to try again', async () => {
    await house.close();
    house = new House({ limits: { maxRooms: 1 } });
    house.open();
    const full = expect.objectContaining({ code: 'full', retryAfterS: 60 });
    expect(() => house.rooms.create({})).toThrow(full);
  });
});

describe('changing a room', () => {
  test('keeps what was not named', () => {
    const { room } = house.open({ title: 'First' });
    expect(room.patch({ title: undefined, live: false })).toMatchObject({ title: 'First', live: false });
    expect(room.patch({ title: 'Second' })).toMatchObject({ title: 'Second', live: false });
  });

  test.each<[RoomPatch, string]>([
    [{ layout: 'spiral' }, 'grid'],
    [{ mode: 'p2p' as 'sfu' }, 'mcu'],
    [{ spotlight: 'nobody' }, 'nobody'],
    [{ spotlight: '' }, 'nobody here'],
  ])('%j is refused and changes nothing', (patch, words) => {
    const { room } = house.open();
    expect(() => room.patch({ ...patch, title: 'Changed' })).toThrow(invalid(words));
    expect(room.view().title).toBe('lab');
  });

  test('how sound is mixed is told to the mixer while it runs, one thing at a time', async () => {
    const lab = house.open();
    await lab.publish('ada');
    expect((await lab.mixer()).sound).toMatchObject({ duckingDb: 12, automaticGain: true, panning: false });
    expect(lab.room.patch({ sound: { panning: true } }).sound.panning).toBe(true);
    lab.room.patch({ sound: { duckingDb: 6 } });
    expect((await lab.mixer()).sound).toMatchObject({ duckingDb: 6, automaticGain: true, panning: true });
  });

  test('whose source is gone has no gain any more', async () => {
    const lab = house.open();
    const { session } = await lab.publish('ada');
    await lab.publish('bob');
    expect(Object.keys((await lab.mixer()).gains)).toEqual(['camera ada', 'camera bob']);
    await session.close();
    expect(Object.keys((await lab.mixer()).gains)).toEqual(['camera bob']);
  });

  test('the spotlight stands on somebody who is there, until they leave', () => {
    const lab = house.open();
    const { membership } = lab.join('ada');
    expect(lab.room.patch({ spotlight: 'ada' }).spotlight).toBe('ada');
    expect(lab.room.patch({ title: 'x' }).spotlight).toBe('ada');
    membership.leave();
    expect(lab.room.view().spotlight).toBeNull();
  });

  test('before it is live nobody is seen or heard; then everybody', async () => {
    const lab = house.open({ live: false });
    const { peer } = await lab.publish('ada');
    peer.send('video', 'a packet', house.nowMs);
    expect(await lab.mixer()).toMatchObject({ tiles: [], gains: { 'camera ada': 'muted' } });
    expect(lab.room.participants()[0]).toMatchObject({ onStage: true });
    lab.room.patch({ live: true });
    expect(await lab.mixer()).toMatchObject({ tiles: ['ada live'], gains: { 'camera ada': '0' } });
  });
});

describe('the mixer', () => {
  test('runs from the first session to a while after the last, not for members alone', async () => {
    await house.close();
    house = new House({ engine: { lingerMs: 50 } });
    const lab = house.open();
    const pid = () => lab.metrics().mixerPid;
    lab.join('ada');
    expect(pid()).toBeNull();
    const opening = lab.watch('ann');
    expect(pid()).not.toBeNull();
    await (await opening).close();
    expect(pid()).not.toBeNull();
    await until('it ended', () => pid() === null);
  });

  test('that cannot start turns people away with a reason', async () => {
    await house.close();
    house = new House({ engine: { program: child('dead') } });
    const lab = house.open();
    expect(await house.rooms.canMix()).toBe(false);
    await lab.watch('ann');
    await until('nobody is let in', async () => {
      const outcome = await lab.watch('ben').catch((error: { code: string }) => error.code);
      return outcome === 'cannot-mix';
    });
  });

  test('can be asked for before anybody needs it', async () => {
    expect(await house.rooms.canMix()).toBe(true);
    expect(house.rooms.metrics()).toEqual([]);
  });
});
