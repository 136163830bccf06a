import type { Role } from '../../src/live/contract.ts';

/** What a join token says of its bearer. Only the server can tell whether it is true: for display alone. */
export interface Claims {
  participant: string;
  room: string;
  role: Role;
  name: string;
  /** Seconds since 1970, null when the token does not expire. */
  expiresAtS: number | null;
}

const roles: readonly string[] = ['host', 'co-host', 'panelist', 'viewer'] satisfies Role[];

/** Reads a JWT's payload (RFC 7519) without verifying it; null when it is not one of ours. */
export function readClaims(token: string): Claims | null {
  const part = token.split('.')[1];
  if (!part) return null;
  try {
    const payload: unknown = JSON.parse(fromBase64Url(part));
    if (typeof payload !== 'object' || payload === null) return null;
    const { sub, room, role, name, exp } = payload as Record<string, unknown>;
    if (typeof sub !== 'string' || typeof room !== 'string') return null;
    if (typeof role !== 'string' || !roles.includes(role)) return null;
    return {
      participant: sub,
      room,
      role: role as Role,
      name: typeof name === 'string' ? name : '',
      expiresAtS: typeof exp === 'number' ? exp : null,
    };
  } catch {
    return null;
  }
}

function fromBase64Url(text: string): string {
  const binary = atob(text.replace(/-/g, '+').replace(/_/g, '/'));
  return new TextDecoder().decode(Uint8Array.from(binary, (char) => char.charCodeAt(0)));
}
