import { expect, test } from '@jest/globals';
import { unreadable } from '../../mixer/unreadable.ts';

test('says what helps, and never where the file lies', () => {
  const from = (code: string) =>
    unreadable(Object.assign(new Error(`${code}: open '/srv/secret'`), { code })).message;
  expect(from('ENOENT')).toBe('the file is gone');
  expect(from('EACCES')).toMatch(/user of its own: chmod o\+r/);
  expect(from('EIO')).toBe('the file cannot be read: EIO');
});
