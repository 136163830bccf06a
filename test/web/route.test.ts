import { describe, expect, test } from '@jest/globals';
import { parseRoute, pathOfLink, watchPath } from '../../web/src/route.ts';

describe('parseRoute', () => {
  test('a join link gives its room and its token', () => {
    expect(parseRoute('/r/demo', '#a.b.c')).toEqual({ page: 'room', room: 'demo', token: 'a.b.c' });
    expect(parseRoute('/r/caf%C3%A9/', '#t')).toEqual({ page: 'room', room: 'café', token: 't' });
  });

  test('a room without a token is still that room', () => {
    expect(parseRoute('/r/demo', '')).toEqual({ page: 'room', room: 'demo', token: null });
    expect(parseRoute('/r/demo', '#')).toEqual({ page: 'room', room: 'demo', token: null });
  });

  test('a page that plays the program over HLS', () => {
    const playlist = '/hls/demo/index.m3u8';
    expect(parseRoute('/watch/demo', '')).toEqual({ page: 'hls', playlist });
    expect(parseRoute('/watch/demo/', '')).toEqual({ page: 'hls', playlist });
    const secret = '/hls/demo/k-_1/index.m3u8';
    expect(parseRoute('/watch/demo/k-_1', '')).toEqual({ page: 'hls', playlist: secret });
    expect([playlist, secret].map(watchPath)).toEqual(['/watch/demo', '/watch/demo/k-_1']);
  });

  test('anything else is the landing page', () => {
    for (const path of ['/', '', '/r/', '/r', '/rooms/demo', '/r/a/b']) {
      expect(parseRoute(path, '#token')).toEqual({ page: 'landing' });
    }
  });

  test('a room that is not percent-encoding is taken as it stands', () => {
    expect(parseRoute('/r/100%', '#t')).toEqual({ page: 'room', room: '100%', token: 't' });
  });
});

describe('pathOfLink', () => {
  test('takes the path and the token of a link, whatever its host', () => {
    expect(pathOfLink(' https://example.org:8443/r/demo#a.b.c\n')).toBe('/r/demo#a.b.c');
    expect(pathOfLink('/r/demo#a.b.c')).toBe('/r/demo#a.b.c');
  });

  test('refuses what is no join link', () => {
    for (const text of [
      '',
      'hello',
      'https://example.org/',
      'https://example.org/r/demo',
      'javascript:alert(1)',
      '//',
    ]) {
      expect(pathOfLink(text)).toBeNull();
    }
  });
});
