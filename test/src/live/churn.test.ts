import { expect, test } from '@jest/globals';
import type { MediaSession, Membership } from '../../../src/live/contract.ts';
import { until } from '../../harness/until.ts';
import { House } from './house.ts';

const names = ['ada', 'bob', 'cem', 'eve'];

/** Mulberry32: the same seed gives the same numbers in 0..1. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

test.each([1, 2, 3])(
  'whatever 200 people do at once (seed %d), nothing of it is left afterwards',
  async (seed) => {
    const random = seeded(seed);
    const pick = <T>(of: readonly T[]): T => of[Math.floor(random() * of.length)]!;
    const house = new House();
    const lab = house.open();
    const sessions: MediaSession[] = [];
    const memberships: Membership[] = [];
    const pending: Promise<unknown>[] = [];
    const keep = (opening: Promise<MediaSession>): void => {
      pending.push(opening.then((session) => sessions.push(session)).catch(() => {}));
    };
    const offer = () => pick(['audio vp8', 'audio', 'h264', 'slow audio vp8', 'bad']);
    const deeds: (() => unknown)[] = [
      () => keep(lab.publish(pick(names), offer(), pick(['camera', 'screen'])).then((made) => made.session)),
      () => keep(lab.watch(pick(names), offer(), 'panelist')),
      () => memberships.push(lab.join(pick(names), 'panelist').membership),
      () => memberships.splice(Math.floor(random() * memberships.length), 1)[0]?.leave(),
      () => void pick(sessions)?.close(),
      () => pick(house.rtc.publishers)?.move('failed', 'lost'),
      () =>
        lab.room.participants().some(({ id }) => lab.room.patchParticipant(id, { onStage: random() < 0.5 })),
      () => house.rtc.answerSlow(),
      () => new Promise((resolve) => setImmediate(resolve)),
    ];

    for (let i = 0; i < 200; i++) {
      const done = pick(deeds)();
      if (done instanceof Promise)
        await Promise.race([done, new Promise((resolve) => setTimeout(resolve, 5))]);
      const tiles = lab.tiles();
      expect(new Set(tiles).size).toBe(tiles.length);
      const onStage = lab.room.participants().filter((each) => each.onStage);
      expect(new Set(tiles.map((tile) => tile.split(' ')[0]))).toEqual(
        new Set(onStage.map((each) => each.id)),
      );
    }

    let settled = false;
    void Promise.all(pending).then(() => {
      settled = true;
    });
    await until('everything pending is settled', () => {
      house.rtc.answerHeld();
      return settled;
    });
    for (const session of sessions) await session.close();
    for (const membership of memberships) membership.leave();

    expect(lab.room.participants()).toEqual([]);
    expect(lab.metrics()).toMatchObject({ publishers: 0, subscribers: 0 });
    expect(house.rtc.publishers.filter((publisher) => publisher.state === 'connected')).toEqual([]);
    await until('no encoder runs', () => {
      const { videoEncoders, audioEncoders } = lab.metrics();
      return videoEncoders + audioEncoders === 0;
    });
    expect(await lab.mixer()).toMatchObject({ tracks: [], encoders: [], tiles: [] });
    expect(house.rtc.posted('remove-source')).toHaveLength(house.rtc.posted('add-source').length);
    const answered = house.rtc.posted('create').filter((it) => it.offer !== 'bad');
    const created = answered.map((it) => it.subscriber);
    expect(new Set(house.rtc.posted('close').map((it) => it.subscriber))).toEqual(new Set(created));
    await house.close();
  },
);
