import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { RoomEvent } from '../../../src/live/contract.ts';
import { until } from '../../harness/until.ts';
import { image } from '../library/images.ts';
import { House, type RoomTest } from './house.ts';

/** What a room shows: layouts, the second program, media and music. */

let house: House;
let lab: RoomTest;
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rostrum-show-'));
  const mp3 = Buffer.concat([Buffer.from('ID3'), Buffer.alloc(100)]);
  const mp4 = Buffer.concat([Buffer.from('\0\0\0\x20ftypisom', 'latin1'), Buffer.alloc(100)]);
  for (const name of ['song.mp3', 'other.mp3', 'broken.mp3']) writeFileSync(join(folder, name), mp3);
  for (const name of ['clip.mp4', 'broken.mp4']) writeFileSync(join(folder, name), mp4);
  writeFileSync(join(folder, 'logo.png'), image('png', 8, 8));
  house = new House({ library: { folder, maxBytes: 1e6, maxShelfBytes: 1e7, lowWaterBytes: 0 } });
  lab = house.open();
});
afterEach(async () => {
  await house.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Which program somebody's picture slot shows, by the last that the delivery was told. */
function watched(session: string): string {
  const mine = house.rtc.posted('select').filter((it) => it.subscriber === session && it.media === 'video');
  const last = mine.at(-1);
  const created = house.rtc.posted('create').find((it) => it.subscriber === session);
  const feed = last?.media === 'video' ? last.feed : created?.video[0];
  return feed!.vp8![0]!.source;
}

const notices = (events: RoomEvent[]) =>
  events.flatMap((event) => (event.type === 'notice' ? [`${event.code}: ${event.detail}`] : []));

describe('a layout', () => {
  test('follows who speaks, and the spotlight before that', async () => {
    for (const name of ['cem', 'bob', 'ada']) await lab.publish(name);
    lab.room.patch({ layout: 'stage' });
    const order = () => lab.tiles().map((tile) => tile.split(' ')[0]);
    expect(order()).toEqual(['cem', 'bob', 'ada']);
    lab.room.patch({ slate: { title: 'feedback' } });
    await until('ada has the floor', () => order()[0] === 'ada');
    expect(order()).toEqual(['ada', 'cem', 'bob']);
    lab.room.patch({ spotlight: 'bob' });
    expect(order()).toEqual(['bob', 'cem', 'ada']);
    await lab.room.removeParticipant('bob');
    expect(order()).toEqual(['ada', 'cem']);
  });

  test('is told to members, whose lists do not change with every word', async () => {
    const { events } = lab.join('ada', 'host');
    await lab.publish('ada');
    lab.room.patch({ layout: 'solo' });
    const told = () => events.findLast((event) => event.type === 'room');
    await until('told of it', () => told()?.room.layout.name === 'solo');
    expect(told()!.room.layout.document.tiles).toHaveLength(1);
  });

  test('needs the files it names', () => {
    const tiles = [{ id: 'a', x: 0, y: 0, w: 1, h: 1, flow: { arrange: 'grid' as const } }];
    const document = { ...lab.room.view().layout.document, name: 'mine', tiles, image: 'none.png' };
    const missing = expect.objectContaining({
      code: 'invalid-request',
      detail: expect.stringContaining('none.png'),
    });
    expect(() => lab.room.patch({ layout: document, title: 'Other' })).toThrow(missing);
    expect(() => house.rooms.create({ layout: document })).toThrow(missing);
    expect(lab.room.view()).toMatchObject({ title: 'lab', layout: { name: 'grid' } });
    expect(lab.room.patch({ layout: { ...document, image: 'logo.png' } }).layout.document.image).toBe(
      'logo.png',
    );
  });
});

describe('the second program', () => {
  test('shows the green room to those in it, and the slate to viewers, until the room is live', async () => {
    lab.room.patch({ live: false, stageProgram: true });
    await lab.publish('ada');
    const ada = await lab.watch('ada', 'audio vp8', 'panelist');
    const eve = await lab.watch('eve', 'audio vp8', 'viewer');
    expect([watched(ada.id), watched(eve.id)]).toEqual(['lab/stage/vp8', 'lab/program/vp8']);
    const { tiles, stage, gains } = await lab.mixer();
    expect({ tiles, stage, gains }).toEqual({
      ...{ tiles: [], stage: ['ada reconnecting'], gains: { 'camera ada': '0' } },
    });
    expect(lab.room.view()).toMatchObject({ layout: { tiles: [] }, stageTiles: [{ participant: 'ada' }] });

    lab.room.patch({ live: true });
    expect([watched(ada.id), watched(eve.id)]).toEqual(['lab/program/vp8', 'lab/program/vp8']);
    expect((await lab.mixer()).tiles).toEqual(['ada reconnecting']);
    expect(lab.room.view().stageTiles).toBeNull();
  });

  test('has who waits backstage, whom viewers neither see nor hear', async () => {
    await lab.publish('ada');
    await lab.publish('bob');
    const bob = await lab.watch('bob', 'audio vp8', 'panelist');
    lab.room.patchParticipant('bob', { onStage: false });
    expect((await lab.mixer()).tracks).toEqual(['camera ada opus', 'camera ada vp8']);
    lab.room.patch({ stageProgram: true });
    const state = await lab.mixer();
    expect(state).toMatchObject({
      tiles: ['ada reconnecting'],
      stage: ['ada reconnecting', 'bob reconnecting'],
    });
    expect(state.tracks).toHaveLength(4);
    expect(state.heard).toEqual(['camera ada', 'media hold-music']);
    expect(state.encoders).toContain('opus without bob');
    expect(watched(bob.id)).toBe('lab/stage/vp8');
    lab.room.patchParticipant('bob', { onStage: true });
    expect(watched(bob.id)).toBe('lab/program/vp8');
    expect((await lab.mixer()).heard).toBeNull();
  });

  test('without it, before the room is live everybody sees the slate and nobody is heard', async () => {
    lab.room.patch({ live: false });
    await lab.publish('ada');
    const ada = await lab.watch('ada', 'audio vp8', 'panelist');
    expect(watched(ada.id)).toBe('lab/program/vp8');
    expect(await lab.mixer()).toMatchObject({ tiles: [], stage: [], gains: { 'camera ada': 'muted' } });
  });

  test('without it, a film that is started before the room is live is not heard behind the slate', async () => {
    lab.room.patch({ live: false });
    await lab.publish('ada');
    lab.room.media.start({ file: 'clip.mp4' });
    expect(await lab.mixer()).toMatchObject({ tiles: [], heard: ['media hold-music'] });
    lab.room.patch({ live: true });
    expect((await lab.mixer()).heard).toBeNull();
  });
});

test('a room whose files cannot be removed ends all the same', async () => {
  writeFileSync(join(folder, '.rooms'), 'in the way');
  await house.rooms.delete('lab');
  expect(() => house.rooms.get('lab')).toThrow(expect.objectContaining({ code: 'no-such-room' }));
});

describe('media', () => {
  test('are tiles while they are seen, in the mixer as in the view', async () => {
    await lab.publish('ada');
    const clip = lab.room.media.start({ file: 'clip.mp4' });
    expect(clip).toMatchObject({ state: 'playing', type: 'video/mp4', durationMs: null });
    await until('the mixer knows its length', () => lab.room.media.list()[0]!.durationMs === 5000);
    const { tiles, plays } = await lab.mixer();
    expect(tiles).toEqual(['ada reconnecting', `${clip.id} live`]);
    expect(plays).toEqual({ [clip.id]: `playing ${join(folder, 'clip.mp4')}` });
    lab.room.media.change(clip.id, { state: 'paused' });
    expect((await lab.mixer()).plays[clip.id]).toMatch(/^paused /);
    lab.room.media.remove(clip.id);
    expect(await lab.mixer()).toMatchObject({ tiles: ['ada reconnecting'], plays: {} });
  });

  test('of sound alone have no tile', async () => {
    await lab.publish('ada');
    lab.room.media.start({ file: 'song.mp3', loop: true });
    const { tiles, plays } = await lab.mixer();
    expect([tiles.length, Object.keys(plays).length]).toEqual([1, 1]);
  });

  test('that cannot be played lose their tile, and hosts are told why', async () => {
    const { events } = lab.join('ada', 'host');
    await lab.publish('ada');
    const { id } = lab.room.media.start({ file: 'broken.mp4' });
    await until('it has failed', () => lab.room.media.list()[0]?.state === 'failed');
    expect(lab.tiles()).toHaveLength(1);
    expect(notices(events)).toEqual(['media-failed: broken.mp4: no media']);
    // What is over cannot be paused.
    expect(lab.room.media.change(id, { state: 'paused' })).toMatchObject({
      state: 'failed',
      error: 'no media',
    });
    expect(lab.tiles()).toHaveLength(1);
    // Played again it begins anew.
    expect(lab.room.media.change(id, { state: 'playing' })).toMatchObject({
      state: 'playing',
      positionMs: 0,
    });
  });
});

describe('before the room is live', () => {
  test('music plays, another when it is chosen, and none once it is live', async () => {
    lab.room.patch({ live: false, slate: { music: 'song.mp3' } });
    await lab.watch('eve', 'audio vp8');
    const music = async () => (await lab.mixer()).plays['hold-music'];
    expect(await music()).toBe(`playing ${join(folder, 'song.mp3')}`);
    lab.room.patch({ slate: { music: 'other.mp3' } });
    expect(await music()).toBe(`playing ${join(folder, 'other.mp3')}`);
    lab.room.patch({ live: true });
    expect(await music()).toBeUndefined();
    lab.room.patch({ live: false, slate: { music: null } });
    expect(await music()).toBeUndefined();
    expect(() => lab.room.patch({ slate: { music: 'logo.png' } })).toThrow('expected a sound file');
  });

  test('hosts are told of music that cannot be played, once for each time that it is chosen', async () => {
    const { events } = lab.join('ada', 'host');
    lab.room.patch({ live: false });
    await lab.watch('eve', 'audio vp8');
    for (const times of [1, 2]) {
      lab.room.patch({ slate: { music: 'broken.mp3' } });
      await until('hosts are told', () => notices(events).length === times);
      lab.room.patch({ slate: { music: null } });
    }
    expect(new Set(notices(events))).toEqual(new Set(['media-failed: broken.mp3: no media']));
  });
});
