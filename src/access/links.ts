/** Links to the page. The token stands in the fragment, which browsers never send to any server. */

import type { IncomingMessage } from 'node:http';
import type { TLSSocket } from 'node:tls';

/** Where a browser finds this server: what was configured, else where this request came to. */
export type BaseOf = (request: IncomingMessage) => string;

/** @param fallback used when the request carries no usable Host header */
export function createBaseOf(publicUrl: string | undefined, fallback: () => string): BaseOf {
  return (request) => {
    if (publicUrl) return publicUrl;
    const host = request.headers.host ?? '';
    if (!/^([A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(:\d{1,5})?$/.test(host)) return fallback();
    return `${(request.socket as TLSSocket).encrypted ? 'https' : 'http'}://${host}`;
  };
}

export const joinLink = (base: string, room: string, token: string): string =>
  `${base}/r/${encodeURIComponent(room)}#${token}`;
