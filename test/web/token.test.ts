import { describe, expect, test } from '@jest/globals';
import { SignJWT } from 'jose';
import { readClaims } from '../../web/src/token.ts';

const sign = (claims: Record<string, unknown>) =>
  new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).sign(new TextEncoder().encode('x'.repeat(32)));

describe('readClaims', () => {
  test('reads what the server signed, whatever script the name is in', async () => {
    const token = await sign({
      sub: 'p1',
      room: 'demo',
      role: 'panelist',
      name: 'Žofie 🎤 李',
      exp: 2_000_000_000,
    });
    expect(readClaims(token)).toEqual({
      participant: 'p1',
      room: 'demo',
      role: 'panelist',
      name: 'Žofie 🎤 李',
      expiresAtS: 2_000_000_000,
    });
  });

  test('a name and an expiry may be missing', async () => {
    expect(readClaims(await sign({ sub: 'p', room: 'r', role: 'viewer' }))).toMatchObject({
      name: '',
      expiresAtS: null,
    });
  });

  test('a role of another kind, or no room, is not ours', async () => {
    expect(readClaims(await sign({ sub: 'p', room: 'r', role: 'admin' }))).toBeNull();
    expect(readClaims(await sign({ sub: 'p', role: 'viewer' }))).toBeNull();
  });

  test('junk is null, never an exception', () => {
    for (const junk of [
      '',
      'a',
      'a.b',
      'a.!!!.c',
      `a.${btoa('null')}.c`,
      `a.${btoa('[1]')}.c`,
      `a.${btoa('{')}.c`,
    ]) {
      expect(readClaims(junk)).toBeNull();
    }
  });
});
