import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { announce, localUrl, pageBases } from '../../src/announce.ts';
import { loadConfig } from '../../src/config/load.ts';

const data = mkdtempSync(join(tmpdir(), 'rostrum-announce-'));
afterAll(() => rmSync(data, { recursive: true }));

const config = (env: Record<string, string> = {}) => loadConfig([], { ROSTRUM_DATA: data, ...env });
const demo = [{ host: 'http://h/#1', panelist: 'http://h/#2', viewer: 'http://h/#3' }];

function announced(env: Record<string, string>, terminal: boolean, https = false): string {
  let text = '';
  announce({ config: config(env), apiKey: 'the-api-key', https, demo }, terminal, (more) => {
    text += more;
  });
  return text;
}

describe('addresses', () => {
  test('a program on this machine connects to', () => {
    expect(localUrl({ host: '0.0.0.0', port: 1 }, false)).toBe('http://127.0.0.1:1');
    expect(localUrl({ host: '::', port: 1 }, true)).toBe('https://127.0.0.1:1');
    expect(localUrl({ host: '::1', port: 1 }, false)).toBe('http://[::1]:1');
  });

  test('a browser is sent to', () => {
    const everywhere = { host: '0.0.0.0', port: 8080 };
    expect(pageBases(config(), everywhere, false)).toEqual(['http://localhost:8080']);
    expect(pageBases(config(), everywhere, true)[0]).toBe('https://localhost:8080');
    expect(pageBases(config({ ROSTRUM_PUBLIC_URL: 'https://w.example' }), everywhere, false)).toEqual([
      'https://w.example',
    ]);
    expect(pageBases(config(), { host: '10.0.0.1', port: 8080 }, false)).toEqual(['http://10.0.0.1:8080']);
  });
});

describe('links and key', () => {
  test('are printed on a terminal, and kept nowhere', () => {
    const text = announced({}, true);
    for (const shown of [...Object.values(demo[0]!), 'API key: the-api-key']) expect(text).toMatch(shown);
    expect(text).toMatch('ROSTRUM_TLS=self');
    expect(existsSync(join(data, 'links.txt'))).toBe(false);
  });

  test('go into a file otherwise', () => {
    const text = announced({}, false);
    expect(text).not.toMatch(/http:|the-api-key/);
    expect(text).toMatch(join(data, 'links.txt'));
    expect(readFileSync(join(data, 'links.txt'), 'utf8')).toMatch('http://h/#3');
  });

  test('a key that was configured is not repeated; the warning of browsers is explained', () => {
    expect(announced({ ROSTRUM_API_KEY: 'configured' }, true)).not.toMatch('the-api-key');
    const text = announced({ ROSTRUM_TLS: 'self' }, true, true);
    expect(text).toMatch('browsers warn once');
    expect(text).not.toMatch('ROSTRUM_TLS=self');
  });
});
