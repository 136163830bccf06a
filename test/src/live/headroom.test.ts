import { afterEach, describe, expect, test } from '@jest/globals';
import { RostrumError } from '../../../src/errors.ts';
import { Headroom } from '../../../src/live/headroom.ts';
import { until } from '../../harness/until.ts';
import { House } from './house.ts';

const limits = { lagMs: 100, skippedShare: 0.2 };

function measured(lagMs: number, shares: Record<string, number>, seconds = 5): Headroom {
  const headroom = new Headroom(limits);
  for (let i = 0; i < seconds; i++) headroom.note({ lagMs, skippedShares: new Map(Object.entries(shares)) });
  return headroom;
}

describe('headroom', () => {
  test('is there at first and while all is well', () => {
    expect(measured(20, { lab: 0.1 }).shortage).toBeNull();
  });

  test('is gone where a thread is late; who is turned away learns why and what helps', () => {
    const headroom = measured(250, {});
    expect(headroom.shortage).toBe('the server is too busy: a thread was 250 ms late, 100 ms are allowed');
    expect(() => headroom.require('lab')).toThrow(/try again later.*HLS/s);
    expect(headroom.refused).toBe(1);
  });

  test('is gone in one room alone when only its mixer skips pictures', () => {
    const headroom = measured(0, { lab: 0.5, hall: 0, yard: 0 });
    expect(headroom.shortage).toBeNull();
    expect(headroom.shortageIn('lab')).toContain('a mixer skipped 50 % of its pictures, 20 % are allowed');
    expect(() => headroom.require('hall')).not.toThrow();
    headroom.note({ lagMs: 0, skippedShares: new Map() });
    expect(headroom.shortageIn('lab')).toBeNull();
  });

  test('is gone everywhere when most mixers skip pictures', () => {
    expect(measured(0, { lab: 0.5, hall: 0.4, yard: 0 }).shortageIn('elsewhere')).toContain('40 %');
  });
});

describe('a server without headroom', () => {
  let house: House;
  afterEach(() => house.close());
  const refusal = (asked: Promise<unknown>) =>
    asked.then(
      () => null,
      (error: RostrumError) => error,
    );

  test('takes nobody new in, keeps those inside, and says when there is room again', async () => {
    house = new House({ measureMs: 20, headroom: { lagMs: 100_000, skippedShare: 0 } });
    const lab = house.open();
    await lab.watch('ann');
    const { session } = await lab.publish('bob');
    const { membership } = lab.join('cem');
    house.rtc.lagMs = 200_000;
    await until('there is no headroom', () => house.rooms.headroom().shortage !== null);
    expect(lab.metrics().full).toBe(true);

    const refused = await refusal(lab.watch('cem'));
    expect(refused).toBeInstanceOf(RostrumError);
    expect(refused).toMatchObject({ code: 'full', status: 503, retryAfterS: 15 });
    expect(await refusal(lab.publish('dora'))).toMatchObject({ code: 'full' });
    expect(await refusal(lab.watch('eve', 'bad'))).toMatchObject({ code: 'sdp-refused' });
    expect(house.rooms.headroom().refused).toBe(3);
    expect(lab.room.participants().map(({ id }) => id)).toEqual(['ann', 'bob', 'cem']);

    // Those inside may come again, also after a short absence while they are in the room.
    await (await lab.watch('ann')).close();
    lab.join('bob', 'panelist');
    await session.close();
    await lab.publish('bob');
    expect(await refusal(lab.watch('bob'))).toMatchObject({ code: 'full' });

    house.rtc.lagMs = 0;
    await until('there is headroom again', () => house.rooms.headroom().shortage === null);
    await lab.watch('cem');
    expect(lab.metrics().full).toBe(false);
    membership.leave();
  });

  test('is told by its mixer that it skips pictures', async () => {
    house = new House({ measureMs: 20, headroom: { lagMs: 0, skippedShare: 0.2 } });
    const lab = house.open();
    await lab.watch('ann');
    await lab.mixer();
    expect(house.rooms.headroom().shortage).toBeNull();
    lab.room.patch({ slate: { title: 'skip' } });
    await until('there is no headroom', () => house.rooms.headroom().shortage !== null);
    expect(house.rooms.headroom().shortage).toContain('a mixer skipped 50 % of its pictures');
    expect(await refusal(lab.watch('ben'))).toMatchObject({ code: 'full' });
    expect(lab.metrics().skippedPictures).toBeGreaterThanOrEqual(15);
  });
});
