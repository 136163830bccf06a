/** The WebSocket `/ws`: handshakes, liveness and the end of all connections. */

import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { serveConnection } from './connection.ts';
import { MAX_MESSAGE_BYTES, PROTOCOL } from './messages.ts';
import { originAllowed } from './origin.ts';
import type { SignalingParts } from './parts.ts';

export interface Signaling {
  /** For the `upgrade` event of the HTTP server. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Ends what is still open; those who joined have been told by their room before. */
  close(): Promise<void>;
}

/** How long a client may take to answer our closing of the WebSocket. */
const CLOSE_TIMEOUT_MS = 1000;

export function createSignaling(parts: SignalingParts): Signaling {
  const server = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_MESSAGE_BYTES,
    perMessageDeflate: false,
    handleProtocols: () => PROTOCOL,
  });
  const alive = new WeakSet<WebSocket>();
  const ping = setInterval(() => {
    for (const socket of server.clients) checkAlive(socket, alive);
  }, parts.limits.pingIntervalMs);
  ping.unref();

  server.on('connection', (socket, request) => {
    parts.counts.socketOpened();
    alive.add(socket);
    socket.on('pong', () => alive.add(socket));
    socket.on('close', () => parts.counts.socketClosed());
    serveConnection(socket, parts.baseOf(request), parts);
  });

  function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    // Between here and the handshake nobody else listens, and a reset must not end the process.
    socket.on('error', () => socket.destroy());
    const refusal = refusalOf(request, server.clients.size, parts);
    if (refusal) reject(socket, ...refusal);
    else server.handleUpgrade(request, socket, head, (client) => server.emit('connection', client, request));
  }

  async function close(): Promise<void> {
    clearInterval(ping);
    const ended = [...server.clients].map((client) => endClient(client));
    await Promise.all(ended);
    server.close();
  }

  return { upgrade, close };
}

function checkAlive(socket: WebSocket, alive: WeakSet<WebSocket>): void {
  if (alive.delete(socket)) socket.ping();
  else socket.terminate();
}

function endClient(client: WebSocket): Promise<void> {
  return new Promise((resolve) => {
    if (client.readyState === client.CLOSED) return resolve();
    const cut = setTimeout(() => client.terminate(), CLOSE_TIMEOUT_MS);
    client.once('close', () => {
      clearTimeout(cut);
      resolve();
    });
    if (client.readyState === client.OPEN) client.close(1001, 'shutting down');
  });
}

type Refusal = [status: number, title: string, detail: string];

function refusalOf(request: IncomingMessage, open: number, parts: SignalingParts): Refusal | null {
  if ((request.url ?? '').split('?')[0] !== '/ws') return [404, 'Not Found', 'WebSockets are served at /ws'];
  if (!originAllowed(request, parts.baseOf(request), parts.origins)) {
    return [403, 'Forbidden', 'this origin is not allowed; ROSTRUM_ORIGINS lists those that are'];
  }
  const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((one) => one.trim());
  if (!offered.includes(PROTOCOL)) return [400, 'Bad Request', `the subprotocol is ${PROTOCOL}`];
  if (parts.isDraining()) return [503, 'Service Unavailable', 'the server is shutting down'];
  return open >= parts.limits.maxSockets ? [503, 'Service Unavailable', 'too many connections'] : null;
}

function reject(socket: Duplex, status: number, title: string, detail: string): void {
  const head = [
    `HTTP/1.1 ${status} ${title}`,
    'Connection: close',
    'Content-Type: text/plain; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(detail)}`,
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${detail}`, () => socket.destroy());
}
