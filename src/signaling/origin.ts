/**
 * Which pages may open `/ws`. Any page of the web can make a visitor's browser try; programs send no
 * Origin header and are let in, since the token is what counts.
 */

import type { IncomingMessage } from 'node:http';

/** @param base where this request found the server; @param allowed further origins */
export function originAllowed(request: IncomingMessage, base: string, allowed: readonly string[]): boolean {
  const { origin } = request.headers;
  if (origin === undefined) return true;
  if (allowed.includes(origin)) return true;
  return hostOf(origin) !== null && (hostOf(origin) === request.headers.host || origin === hostOrigin(base));
}

function hostOf(origin: string): string | null {
  try {
    const url = new URL(origin);
    return /^https?:$/.test(url.protocol) ? url.host : null;
  } catch {
    return null;
  }
}

const hostOrigin = (base: string): string => new URL(base).origin;
