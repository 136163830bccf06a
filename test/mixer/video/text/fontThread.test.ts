import { expect, test } from '@jest/globals';
import { FontThread } from '../../../../mixer/video/text/fontThread.ts';

test('Latin needs no thread, and a broken one keeps nobody waiting', async () => {
  const fonts = new FontThread();
  expect(fonts.ready('Ada Lovelace')).toBe(true);
  await fonts.close();
  await fonts.close();
  expect(fonts.ready('李小龍')).toBe(true);
});
