import { afterEach, describe, expect, test } from '@jest/globals';
import {
  defaultUploadLimits,
  type UploadLimits,
  type UploadPlace,
  UploadPlaces,
} from '../../../src/library/places.ts';
import { until } from '../../harness/until.ts';

const entered: UploadPlace[] = [];
let places: UploadPlaces;
const open = (limits: Partial<UploadLimits>) => {
  places = new UploadPlaces({ ...defaultUploadLimits, ...limits });
};
const enter = (shelf: string | null) => {
  const place = places.enter(shelf);
  entered.push(place);
  return place;
};
afterEach(() => {
  for (const place of entered.splice(0)) place.leave();
});

const lost = (place: UploadPlace) => until('the place is lost', () => place.signal.aborted);

describe('places', () => {
  test('are so many on each shelf, and one shelf leaves some for others', () => {
    open({ maxPerShelf: 2, maxAtOnce: 5 });
    for (const room of ['lab', 'lab', null, null]) enter(room);
    for (const [room, whose] of [
      ['lab', /2 files are being taken in by this room; try again/],
      [null, /2 files are being taken in for all rooms; try again/],
    ] as const) {
      const refused = { code: 'too-many-uploads', retryAfterS: 5, detail: expect.stringMatching(whose) };
      expect(() => enter(room)).toThrow(expect.objectContaining(refused));
    }
    enter('other');
    expect(() => enter('third')).toThrow(
      expect.objectContaining({ detail: expect.stringMatching(/5 files are being taken in by the server/) }),
    );
  });

  test('that are left are free, also when they are left twice', () => {
    open({ maxPerShelf: 1 });
    const first = enter('lab');
    first.leave();
    const second = enter('lab');
    first.leave();
    expect(() => enter('lab')).toThrow(expect.objectContaining({ code: 'too-many-uploads' }));
    expect(second.signal.aborted).toBe(false);
  });
});

describe('who loses the place', () => {
  test('stands still', async () => {
    open({ idleMs: 60 });
    const [still, busy] = [enter('lab'), enter('lab')];
    const feeding = setInterval(() => busy.came(10_000), 5);
    await lost(still);
    clearInterval(feeding);
    expect(still.signal.reason).toMatchObject({
      ...{ code: 'too-slow', status: 408, retryAfterS: 5 },
      detail: 'the upload was ended: nothing came for 0.06 s; send it again over a better connection',
    });
    expect(busy.signal.aborted).toBe(false);
  });

  test('is slower than the least rate, once it could be measured', async () => {
    open({ windowMs: 100, minKbps: 500 });
    const [slow, fast] = [enter('lab'), enter('lab')];
    const feeding = setInterval(() => {
      slow.came(10);
      fast.came(10_000);
    }, 5);
    await lost(slow);
    clearInterval(feeding);
    expect(slow.signal.reason.detail).toMatch(/ended: \d+ kbit\/s came, 500 are the least; send it again/);
    expect(fast.signal.aborted).toBe(false);
  });

  test('is the slowest when the place is wanted, and nobody who is fast or has just begun', async () => {
    open({ windowMs: 100, minKbps: 0, fairKbps: 2000, maxPerShelf: 3 });
    const [slow, slower, fast] = [enter('lab'), enter('lab'), enter('lab')];
    expect(() => enter('lab')).toThrow(expect.objectContaining({ code: 'too-many-uploads' }));
    const feeding = setInterval(() => {
      slow!.came(200);
      slower!.came(20);
      fast!.came(10_000);
    }, 5);
    await until('the rates are known', () => fast!.kbps() !== null);
    enter('lab');
    expect([slow, slower, fast].map((place) => place!.signal.aborted)).toEqual([false, true, false]);
    expect(slower!.signal.reason.detail).toMatch(
      /came at \d+ kbit\/s only while others waited for its place/,
    );
    enter('lab');
    expect([slow, fast].map((place) => place!.signal.aborted)).toEqual([true, false]);
    expect(() => enter('lab')).toThrow(expect.objectContaining({ code: 'too-many-uploads' }));
    clearInterval(feeding);
  });
});
