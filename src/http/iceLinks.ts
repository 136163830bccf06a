/** ICE servers as `Link` headers (RFC 9725 4.6). */

import type { IceServer } from '../config/iceServers.ts';

export function iceLinks(servers: readonly IceServer[]): string[] {
  return servers.flatMap((server) =>
    [server.urls].flat().map((url) => {
      const parts = [`<${url}>`, 'rel="ice-server"'];
      if (server.username !== undefined) parts.push(`username=${quoted(server.username)}`);
      if (server.credential !== undefined) {
        parts.push(`credential=${quoted(server.credential)}`, 'credential-type="password"');
      }
      return parts.join('; ');
    }),
  );
}

/** A quoted-string of RFC 9110 5.6.4; what a header cannot carry is dropped. */
const quoted = (value: string): string => `"${value.replace(/[^\x20-\x7e]/g, '').replace(/[\\"]/g, '\\$&')}"`;
