/** `Authorization: Bearer …` (RFC 6750 2.1), and the comparison that tells nothing by its time. */

import { createHash, timingSafeEqual } from 'node:crypto';

/** The token68 of a Bearer header; null when the header is absent or of another kind. */
export function bearerToken(authorization: string | undefined): string | null {
  return /^Bearer +([A-Za-z0-9\-._~+/]+=*) *$/i.exec(authorization ?? '')?.[1] ?? null;
}

/** Hashing first makes both sides equally long, so that not even the length shows. */
export function sameSecret(given: string, expected: string): boolean {
  const hash = (value: string) => createHash('sha256').update(value).digest();
  return timingSafeEqual(hash(given), hash(expected));
}
