/** The TCP side: one HTTP or HTTPS server, its time limits, its start and its end. */

import { createServer as createHttpServer, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TlsIdentity } from '../access/certificate.ts';
import { ConfigError } from '../config/load.ts';

/** A slow or silent client holds a connection, never more than this long, ms. */
const limits = {
  // Uploads take long; what holds for all others is said in `bodyDeadline.ts`.
  requestTimeout: 3_600_000,
  headersTimeout: 10_000,
  keepAliveTimeout: 65_000,
  maxHeaderSize: 16_384,
};

export interface Address {
  host: string;
  port: number;
}

export function createListener(tls: TlsIdentity | null): Server {
  const server = tls
    ? createHttpsServer({ ...limits, ...tls, minVersion: 'TLSv1.2' })
    : createHttpServer(limits);
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
    const status =
      error.code === 'HPE_HEADER_OVERFLOW' ? '431 Request Header Fields Too Large' : '400 Bad Request';
    socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
  });
  return server;
}

/** @throws ConfigError that names the setting to change */
export function listen(server: Server, { host, port }: Address): Promise<Address> {
  return new Promise((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException) => reject(new ConfigError(sentenceOf(error, host, port)));
    server.once('error', onError);
    server.listen(port, host, () => {
      server.off('error', onError);
      resolve({ host, port: (server.address() as AddressInfo).port });
    });
  });
}

function sentenceOf({ code, message }: NodeJS.ErrnoException, host: string, port: number): string {
  if (code === 'EADDRINUSE') return `Port ${port} is in use on ${host}; ROSTRUM_PORT (--port) names another.`;
  if (code === 'EACCES')
    return `Port ${port} may not be opened by this user; ROSTRUM_PORT (--port) names another.`;
  return `${host}:${port} cannot be listened on (${message}); ROSTRUM_HOST (--host) and ROSTRUM_PORT say where.`;
}

/** Idle connections end at once, busy ones when they are done or after `graceMs`. */
export function closeListener(server: Server, graceMs: number): Promise<void> {
  return new Promise((resolve) => {
    if (!server.listening) return resolve();
    const cut = setTimeout(() => server.closeAllConnections(), graceMs);
    server.close(() => {
      clearTimeout(cut);
      resolve();
    });
    server.closeIdleConnections();
  });
}
