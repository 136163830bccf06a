import { expect, test } from '@jest/globals';
import { loadPreferences, savePreferences } from '../../../web/src/state/preferences.ts';
import { same } from '../../../web/src/state/same.ts';
import { createStore } from '../../../web/src/state/store.ts';

test('a change is merged and told, no change is not', () => {
  const store = createStore({ a: 1, b: 'x' });
  const seen: number[] = [];
  const stop = store.subscribe(() => seen.push(store.get().a));
  store.set({ a: 2 });
  store.set({ a: 2 });
  store.set({ b: 'x' });
  stop();
  store.set({ a: 3 });
  expect(seen).toEqual([2]);
  expect(store.get()).toEqual({ a: 3, b: 'x' });
});

test('who unsubscribes while being told does not cost others the news', () => {
  const store = createStore({ a: 1 });
  let told = 0;
  const stop = store.subscribe(() => stop());
  store.subscribe(() => told++);
  store.set({ a: 2 });
  expect(told).toBe(1);
});

test('preferences survive, and junk in the storage does not hurt', () => {
  const stored = new Map<string, string>();
  const storage = {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, value: string) => void stored.set(key, value),
  };
  const usual = { camera: null, microphone: null, volume: 1, sparesInBackground: true };
  savePreferences({ camera: 'c1' }, storage);
  savePreferences({ volume: 0.4 }, storage);
  expect(loadPreferences(storage)).toEqual({ ...usual, camera: 'c1', volume: 0.4 });
  for (const junk of ['', '{', 'null', '[]', '{"volume":7,"camera":{}}']) {
    stored.set('rostrum.preferences', junk);
    expect(loadPreferences(storage)).toEqual(usual);
  }
  expect(loadPreferences(null)).toEqual(usual);
});

test('picked members are compared one by one; arrays and others as they are', () => {
  const list = [1];
  expect(same({ a: 1, list }, { a: 1, list })).toBe(true);
  expect(same({ a: 1 }, { a: 2 })).toBe(false);
  expect(same({ a: 1 }, { a: 1, b: undefined })).toBe(false);
  expect(same({ a: undefined }, { b: undefined })).toBe(false);
  expect(same([1], [1])).toBe(false);
  expect(same(Number.NaN, Number.NaN)).toBe(true);
  expect(same(null, {})).toBe(false);
});
