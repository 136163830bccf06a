/** The STUN and TURN servers one participant is given. */

import { createHmac } from 'node:crypto';
import type { IceServer } from '../config/iceServers.ts';

export interface TurnRest {
  secret: string;
  ttlS: number;
}

/** `(participant) → servers`; with a TURN REST secret each gets credentials of their own that end. */
export type IceServersFor = (participant: string) => IceServer[];

/**
 * Time-limited credentials as in draft-uberti-behave-turn-rest: the user name is the time of expiry and
 * a name, the password its HMAC-SHA1. Servers with credentials of their own keep them.
 */
export function createIceServers(
  servers: readonly IceServer[],
  rest: TurnRest | null,
  now: () => number = Date.now,
): IceServersFor {
  return (participant) =>
    servers.map((server) => {
      if (!rest || server.credential || !isTurn(server)) return { ...server };
      const username = `${Math.floor(now() / 1000) + rest.ttlS}:${participant}`;
      const credential = createHmac('sha1', rest.secret).update(username).digest('base64');
      return { urls: server.urls, username, credential };
    });
}

const isTurn = (server: IceServer): boolean => [server.urls].flat().some((url) => /^turns?:/.test(url));
