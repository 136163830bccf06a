import { describe, expect, test } from '@jest/globals';
import { asksMore, needInReserve, needOf, noNeed, type Seen } from '../../../src/rooms/need.ts';

const camera = (w: number, h: number): Seen => ({ kind: 'camera', size: { w, h }, fit: 'cover' });
const screen = (w: number, h: number): Seen => ({ kind: 'screen', size: { w, h }, fit: 'contain' });
const size = (...seen: Seen[]): string => {
  const { width, height } = needOf(seen, 30, 5000);
  return `${width}x${height}`;
};

describe('what a tile needs', () => {
  test('is the next step that fills it', () => {
    expect(size(camera(1280, 720))).toBe('1280x720');
    expect(size(camera(632, 356))).toBe('640x360');
    expect(size(camera(650, 366))).toBe('640x360');
    expect(size(camera(1024, 576))).toBe('1280x720');
    expect(size(camera(250, 140))).toBe('320x180');
    expect(size(camera(3840, 2160))).toBe('3840x2160');
  });

  test('is enough for the longer side of a tile of another shape', () => {
    expect(size(camera(636, 720))).toBe('1280x720');
    expect(size(camera(1280, 200))).toBe('1280x720');
    expect(size({ ...camera(1280, 200), fit: 'contain' })).toBe('480x270');
  });

  test('is that of the largest of several, and enough for the text of a screen', () => {
    expect(size(camera(250, 140), camera(1280, 720))).toBe('1280x720');
    expect(size(screen(320, 180))).toBe('1280x720');
    expect(size(screen(1920, 1080))).toBe('1920x1080');
  });

  test('has a rate that never passes what a speaker may send', () => {
    expect(needOf([camera(1280, 720)], 30, 5000).kbps).toBe(2200);
    expect(needOf([camera(1280, 720)], 60, 5000).kbps).toBe(3080);
    expect(needOf([camera(1280, 720)], 30, 1500)).toMatchObject({ kbps: 1500, height: 720, active: true });
  });

  test('in reserve is the least, off stage nothing', () => {
    const reserve = needInReserve(30, 2500);
    expect(reserve).toMatchObject({ active: true, height: 180 });
    expect([asksMore(reserve, noNeed), asksMore(noNeed, reserve)]).toEqual([true, false]);
  });
});
