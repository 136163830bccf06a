import { createHmac } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { bearerToken, sameSecret } from '../../../src/access/bearer.ts';
import { createIceServers } from '../../../src/access/iceServers.ts';
import { createBaseOf, joinLink } from '../../../src/access/links.ts';
import { loadSecrets } from '../../../src/access/secrets.ts';

describe('Authorization', () => {
  test.each([
    ['Bearer abc.def-_', 'abc.def-_'],
    ['bearer  abc==', 'abc=='],
    ['Basic abc', null],
    ['Bearer', null],
    ['Bearer a b', null],
    ['Bearer a\u0000', null],
    [undefined, null],
  ])('%j → %j', (header, token) => expect(bearerToken(header)).toBe(token));

  test('secrets are compared whole, whatever their length', () => {
    expect(sameSecret('abcdefgh', 'abcdefgh')).toBe(true);
    expect(sameSecret('abcdefg', 'abcdefgh')).toBe(false);
    expect(sameSecret('', 'abcdefgh')).toBe(false);
  });
});

describe('secrets', () => {
  const folder = join(mkdtempSync(join(tmpdir(), 'rostrum-secrets-')), 'data');
  const path = join(folder, 'secrets.json');
  afterAll(() => rmSync(join(folder, '..'), { recursive: true }));

  test('are made once, kept for the owner alone, and give way to those configured', () => {
    const made = loadSecrets(folder, {});
    expect(made.apiKey).toHaveLength(32);
    expect(made.secret).not.toBe(made.apiKey);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(loadSecrets(folder, {})).toEqual(made);
    expect(loadSecrets(folder, { apiKey: 'configured' })).toEqual({ ...made, apiKey: 'configured' });
  });

  test('nothing is written when both are configured', () => {
    const both = { apiKey: 'configured', secret: 'configured-too-here' };
    expect(loadSecrets('/nonexistent/folder', both)).toEqual(both);
  });

  test('a damaged file is named and left alone', () => {
    writeFileSync(path, '{"apiKey": 1}');
    expect(() => loadSecrets(folder, {})).toThrow(/secrets\.json does not hold the keys/);
    expect(readFileSync(path, 'utf8')).toBe('{"apiKey": 1}');
  });

  test('a folder that cannot be made is named with its setting', () => {
    expect(() => loadSecrets(join(path, 'below-a-file'), {})).toThrow(/cannot be used .*ROSTRUM_DATA/);
  });
});

describe('ICE servers', () => {
  const servers = [
    { urls: 'stun:s.example' },
    { urls: ['turn:t.example', 'turns:t.example'] },
    { urls: 'turn:fixed.example', username: 'u', credential: 'c' },
  ];

  test('with a TURN REST secret, each participant gets credentials that end', () => {
    const given = createIceServers(servers, { secret: 'shared', ttlS: 600 }, () => 1_000_000)('p-1');
    const credential = createHmac('sha1', 'shared').update('1600:p-1').digest('base64');
    expect(given).toEqual([servers[0], { ...servers[1], username: '1600:p-1', credential }, servers[2]]);
  });

  test('without one they are given as configured', () => {
    expect(createIceServers(servers, null)('p-1')).toEqual(servers);
  });
});

describe('links', () => {
  const request = (host: string | undefined, encrypted = false) =>
    ({ headers: { host }, socket: { encrypted } }) as unknown as IncomingMessage;

  test("begin with the configured URL, else with the request's host", () => {
    const fallback = () => 'http://localhost:8080';
    expect(createBaseOf('https://w.example', fallback)(request('x'))).toBe('https://w.example');
    const baseOf = createBaseOf(undefined, fallback);
    expect(baseOf(request('10.0.0.1:8080'))).toBe('http://10.0.0.1:8080');
    expect(baseOf(request('[::1]:8080', true))).toBe('https://[::1]:8080');
    for (const host of [undefined, '', 'a b', 'evil.example/path', 'x@y', 'a:b:c', '"><script>']) {
      expect(baseOf(request(host))).toBe('http://localhost:8080');
    }
  });

  test('carry the token in the fragment', () => {
    expect(joinLink('https://w.example', 'all hands', 'a.b.c')).toBe('https://w.example/r/all%20hands#a.b.c');
  });
});
