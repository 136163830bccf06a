import { describe, expect, test } from '@jest/globals';
import { SignJWT, UnsecuredJWT } from 'jose';
import { createTokens } from '../../../src/access/tokens.ts';
import { RostrumError } from '../../../src/errors.ts';

const SECRET = 'a-secret-of-some-length';
const START_MS = 1_800_000_000_000;
const request = { room: 'demo', role: 'panelist', name: 'Ada 👩‍🚀', ttlS: 60 } as const;

let nowMs = START_MS;
const tokens = createTokens(SECRET, () => nowMs);
const reason = (token: string) =>
  tokens.verify(token).then(
    () => 'taken',
    (error) => {
      expect(error).toBeInstanceOf(RostrumError);
      expect(error.code).toBe('unauthorized');
      return error.detail as string;
    },
  );

describe('join tokens', () => {
  test('say who somebody is; each is another person', async () => {
    const token = await tokens.issue(request);
    const who = await tokens.verify(token);
    expect(who).toEqual({
      participant: expect.stringMatching(/^p-[0-9a-f]{18}$/),
      room: 'demo',
      role: 'panelist',
      name: 'Ada 👩‍🚀',
    });
    expect((await tokens.verify(await tokens.issue(request))).participant).not.toBe(who.participant);
    expect((await tokens.verify(token)).participant).toBe(who.participant);
  });

  test('end', async () => {
    nowMs = START_MS;
    const token = await tokens.issue(request);
    nowMs = START_MS + 59_000;
    expect(await reason(token)).toBe('taken');
    nowMs = START_MS + 61_000;
    expect(await reason(token)).toMatch(/has expired/);
    nowMs = START_MS;
  });

  test('signed with another key are refused', async () => {
    const token = await createTokens('another-secret-here', () => nowMs).issue(request);
    expect(await reason(token)).toMatch(/not signed here/);
    const [head, payload, signature = ''] = (await tokens.issue(request)).split('.');
    const flipped = (signature.startsWith('A') ? 'B' : 'A') + signature.slice(1);
    expect(await reason(`${head}.${payload}.${flipped}`)).toMatch(/not signed here/);
  });

  test('without a signature, or by another algorithm, are refused', async () => {
    const claims = { room: 'demo', role: 'host', name: 'Eve' };
    const bare = new UnsecuredJWT(claims)
      .setSubject('p')
      .setAudience('rostrum')
      .setExpirationTime('1h')
      .encode();
    expect(await reason(bare)).toMatch(/malformed/);
    const key = new TextEncoder().encode('x'.repeat(64));
    const other = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS512' })
      .setExpirationTime('1h')
      .sign(key);
    expect(await reason(other)).toMatch(/malformed/);
  });

  test.each(['', 'x', 'a.b.c', 'eyJhbGciOiJIUzI1NiJ9', 'x'.repeat(10_000), '\u0000'])(
    '%j is malformed',
    async (token) => {
      expect(await reason(token)).toMatch(/malformed/);
    },
  );
});
