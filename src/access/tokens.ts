/**
 * Join tokens: JSON Web Tokens (RFC 7519) signed with HS256 and nothing else. A token is one person:
 * its subject is the participant's id, whatever is done with it.
 */

import { createHash, randomBytes } from 'node:crypto';
import { errors, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import { RostrumError } from '../errors.ts';
import type { Identity, Role } from '../live/contract.ts';

export interface TokenRequest {
  room: string;
  role: Role;
  name: string;
  ttlS: number;
}

export interface Tokens {
  /** A token for a new participant. */
  issue(request: TokenRequest): Promise<string>;
  /** @throws RostrumError unauthorized, with the reason */
  verify(token: string): Promise<Identity>;
}

const AUDIENCE = 'rostrum';

/** Longer than any token of ours; a longer one is not worth hashing. */
const MAX_TOKEN_CHARS = 4096;

const claims = z.object({
  sub: z.string().min(1).max(64),
  room: z.string().min(1).max(64),
  role: z.enum(['host', 'co-host', 'panelist', 'viewer']),
  name: z.string().max(100),
  exp: z.number(),
});

/** @param now the wall clock in ms, for tests */
export function createTokens(secret: string, now: () => number = Date.now): Tokens {
  // Hashed to the length that HS256 wants, whatever was configured.
  const key = createHash('sha256').update(`rostrum join token\0${secret}`).digest();

  async function issue({ room, role, name, ttlS }: TokenRequest): Promise<string> {
    const issuedS = Math.floor(now() / 1000);
    return new SignJWT({ room, role, name })
      .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
      .setSubject(newParticipantId())
      .setAudience(AUDIENCE)
      .setIssuedAt(issuedS)
      .setExpirationTime(issuedS + ttlS)
      .sign(key);
  }

  async function verify(token: string): Promise<Identity> {
    if (token.length > MAX_TOKEN_CHARS)
      throw new RostrumError('unauthorized', 'the join token is malformed; ask the host for a new link');
    try {
      const { payload } = await jwtVerify(token, key, {
        algorithms: ['HS256'],
        audience: AUDIENCE,
        requiredClaims: ['exp', 'sub'],
        currentDate: new Date(now()),
      });
      const { sub, room, role, name } = claims.parse(payload);
      return { participant: sub, room, role, name };
    } catch (error) {
      throw new RostrumError('unauthorized', reasonOf(error));
    }
  }

  return { issue, verify };
}

function reasonOf(error: unknown): string {
  if (error instanceof errors.JWTExpired) return 'the join token has expired; ask the host for a new link';
  if (error instanceof errors.JWSSignatureVerificationFailed)
    return 'the join token was not signed here; ask the host for a new link';
  return 'the join token is malformed; ask the host for a new link';
}

function newParticipantId(): string {
  return `p-${randomBytes(9).toString('hex')}`;
}
