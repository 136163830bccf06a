import { expect, test } from '@jest/globals';
import { retryDelayMs } from '../../../web/src/signaling/backoff.ts';
import { parseFrame } from '../../../web/src/signaling/frame.ts';

test('who waits for a restarting server is asks every 0.9 s or sooner in its first quarter of a minute', () => {
  let passedMs = 0;
  for (let attempt = 0; passedMs < 15_000; attempt++) {
    const delay = retryDelayMs(attempt, 1);
    expect(delay).toBeLessThanOrEqual(900);
    passedMs += delay;
  }
});

test('later attempts are eight seconds apart, and chance spreads them by a fifth', () => {
  expect(retryDelayMs(40, 0.5)).toBe(8000);
  expect(retryDelayMs(2000, 0)).toBe(6400);
  expect(retryDelayMs(2000, 1)).toBe(9600);
  expect(retryDelayMs(0, 0.5)).toBe(200);
});

test('frames are answers, errors, events, or nothing', () => {
  expect(parseFrame('{"re":1,"url":"u"}')).toMatchObject({ is: 'answer', re: 1 });
  expect(parseFrame('{"re":2,"error":{"code":"c","title":"t","detail":"d"}}')).toEqual({
    is: 'error',
    re: 2,
    error: { code: 'c', title: 't', detail: 'd' },
  });
  expect(parseFrame('{"re":3,"error":null}')).toMatchObject({ is: 'error', error: { code: 'unknown' } });
  expect(parseFrame('{"type":"ended","reason":"removed"}')).toMatchObject({ is: 'event' });
  for (const junk of ['', '{', '1', 'null', '[]', '{"type":"from-the-future"}', '{"re":{}}']) {
    expect(parseFrame(junk)).toBeNull();
  }
});
