import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { Quality } from '../../../web/src/room/quality.ts';

const PATIENCE_MS = 5_000;

let told: (number | null)[];
let answers: () => Promise<unknown>;
let seen: boolean;
let look: () => void;
let quality: Quality;

beforeEach(() => {
  jest.useFakeTimers();
  told = [];
  seen = true;
  answers = () => Promise.resolve();
  quality = new Quality({
    tell(maxHeight) {
      told.push(maxHeight);
      return answers();
    },
    ask: () => Promise.resolve({ renditions: [{ height: 360, kbps: 600 }], maxHeight: null, sessions: [] }),
    isSeen: () => seen,
    onSight(changed) {
      look = changed;
      return () => {
        look = () => {};
      };
    },
    patienceMs: PATIENCE_MS,
  });
});
afterEach(() => {
  quality.close();
  jest.useRealTimers();
});

const see = (is: boolean) => {
  seen = is;
  look();
};

describe('the quality', () => {
  test('is told when it is chosen, once', () => {
    quality.start();
    expect(told).toEqual([]);
    quality.choose(360);
    quality.choose(360);
    quality.choose(null);
    expect(told).toEqual([360, null]);
  });

  test('waits for the start', () => {
    quality.choose(180);
    expect(told).toEqual([]);
    quality.start();
    expect(told).toEqual([180]);
  });

  test('is sound only some seconds after nobody looks, and what it was at once when somebody does', () => {
    quality.start();
    quality.choose(360);
    see(false);
    jest.advanceTimersByTime(PATIENCE_MS - 1);
    expect(told).toEqual([360]);
    jest.advanceTimersByTime(1);
    expect(told).toEqual([360, 0]);
    see(true);
    expect(told).toEqual([360, 0, 360]);
  });

  test('does not care about a glance elsewhere, nor about any where data is not to be saved', () => {
    quality.start();
    see(false);
    jest.advanceTimersByTime(PATIENCE_MS / 2);
    see(true);
    jest.advanceTimersByTime(PATIENCE_MS * 2);
    quality.setSpares(false);
    see(false);
    jest.advanceTimersByTime(PATIENCE_MS * 2);
    expect(told).toEqual([]);
    quality.setSpares(true);
    expect(told).toEqual([0]);
  });

  test('is told again to a server that has forgotten it or did not hear it', async () => {
    quality.start();
    answers = () => Promise.reject(new Error('gone'));
    quality.choose(360);
    await Promise.resolve();
    await Promise.resolve();
    answers = () => Promise.resolve();
    quality.rejoined(null);
    expect(told).toEqual([360, 360]);
    quality.rejoined(360);
    expect(told).toEqual([360, 360]);
    quality.rejoined(180);
    expect(told).toEqual([360, 360, 360]);
  });

  test('says nothing after the end', () => {
    quality.start();
    see(false);
    quality.close();
    quality.close();
    jest.advanceTimersByTime(PATIENCE_MS * 2);
    quality.choose(180);
    expect(told).toEqual([]);
  });

  test('knows what there is to choose from', async () => {
    await quality.look();
    expect(quality.store.get().renditions).toEqual([{ height: 360, kbps: 600 }]);
  });
});
