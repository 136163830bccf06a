import { describe, expect, test } from '@jest/globals';
import { Source } from '../../../src/rooms/source.ts';

const both = { audio: true, video: true };
const on = both;
const source = (offered = both): Source => new Source('ada', 'camera', offered, 0);

describe('the tile of a source', () => {
  test('is reconnecting until the first picture, whatever else is heard', () => {
    const camera = source();
    camera.heard('audio', 10);
    expect(camera.state(on, 20)).toBe('reconnecting');
    camera.heard('video', 30);
    expect(camera.state(on, 30)).toBe('live');
  });

  test.each([
    [1999, 'live'],
    [2000, 'poor'],
    [9999, 'poor'],
    [10_000, 'reconnecting'],
  ])('after %d ms of silence is %s', (silentMs, state) => {
    const camera = source();
    camera.heard('video', 5000);
    expect(camera.state(on, 5000 + silentMs)).toBe(state);
  });

  test('is off by signal only: switched off, or no video offered', () => {
    const camera = source();
    camera.heard('video', 0);
    expect(camera.state({ audio: true, video: false }, 1)).toBe('off');
    expect(source({ audio: true, video: false }).state(on, 1)).toBe('off');
  });

  test('says when a packet ends a silence', () => {
    const camera = source();
    expect([0, 10, 1900, 4000].map((nowMs) => camera.heard('video', nowMs))).toEqual([
      true,
      false,
      false,
      true,
    ]);
  });
});

describe('a source has gone', () => {
  test('30 s after its last packet of any kind', () => {
    const camera = source();
    camera.heard('video', 1000);
    camera.heard('audio', 2000);
    expect(camera.gone(on, 31_999)).toBe(false);
    expect(camera.gone(on, 32_000)).toBe(true);
  });

  test('never while all it sends is switched off, and 30 s after it was switched on again', () => {
    const camera = source();
    const off = { audio: false, video: false };
    expect(camera.gone(off, 1e6)).toBe(false);
    camera.switched(1e6);
    expect(camera.gone(on, 1e6 + 29_999)).toBe(false);
    expect(camera.gone(on, 1e6 + 30_000)).toBe(true);
  });

  test('also when it never sent anything', () => {
    expect(source().gone(on, 30_000)).toBe(true);
  });
});
