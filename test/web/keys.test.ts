import { describe, expect, test } from '@jest/globals';
import { shortcutOf } from '../../web/src/keys.ts';

const press = (key: string, change: object = {}) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  repeat: false,
  target: { tagName: 'BODY' },
  ...change,
});

describe('shortcutOf', () => {
  test('m is the microphone of who speaks and the sound of who watches', () => {
    expect(shortcutOf(press('m'), true)).toBe('microphone');
    expect(shortcutOf(press('M'), false)).toBe('sound');
  });

  test('only who speaks has a camera', () => {
    expect(shortcutOf(press('v'), true)).toBe('camera');
    expect(shortcutOf(press('v'), false)).toBeNull();
  });

  test('f and s are everybody’s', () => {
    expect(shortcutOf(press('f'), false)).toBe('full-screen');
    expect(shortcutOf(press('s'), true)).toBe('stats');
  });

  test('nothing happens with a modifier, while a key is held, or while somebody types', () => {
    for (const change of [
      { ctrlKey: true },
      { metaKey: true },
      { altKey: true },
      { repeat: true },
      { target: { tagName: 'INPUT', type: 'text' } },
      { target: { tagName: 'TEXTAREA' } },
      { target: { tagName: 'SELECT' } },
      { target: { tagName: 'DIV', isContentEditable: true } },
    ]) {
      expect(shortcutOf(press('m', change), true)).toBeNull();
    }
  });

  test('a volume slider is not typing', () => {
    expect(shortcutOf(press('m', { target: { tagName: 'INPUT', type: 'range' } }), false)).toBe('sound');
  });
});
