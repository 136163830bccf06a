/** One UDP socket of one peer, bound to all IPv4 addresses on a port of the configured range. */

import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { RostrumError } from '../errors.ts';

/** Datagrams waiting in the process for the kernel; beyond, packets are dropped as a full link would. */
const MAX_QUEUED_BYTES = 256 * 1024;
const RECEIVE_BUFFER_BYTES = 512 * 1024;

/** Every address we send to is numeric: no look-up, and no turn of the event loop for it. */
function numericOnly(
  address: string,
  _options: unknown,
  done: (error: Error | null, address: string, family: number) => void,
): void {
  done(null, address, 4);
}

export class PeerSocket {
  readonly port: number;
  readonly #socket: Socket;
  #closed = false;
  dropped = 0;

  private constructor(socket: Socket) {
    this.#socket = socket;
    this.port = socket.address().port;
    // Errors of single sends (an unreachable host) concern that datagram only.
    socket.on('error', () => {});
  }

  /** @throws RostrumError full, when no port of the range is free or the process has no descriptor left */
  static async open(range: [number, number]): Promise<PeerSocket> {
    const [first, last] = range;
    const count = last - first + 1;
    const start = Math.floor(Math.random() * count);
    for (let i = 0; i < count; i++) {
      const port = first + ((start + i) % count);
      if (inUse.has(port)) continue;
      inUse.add(port);
      const outcome = await bind(port);
      if (typeof outcome !== 'string') return new PeerSocket(outcome);
      inUse.delete(port);
      if (outcome !== 'EADDRINUSE' && outcome !== 'EACCES') {
        throw new RostrumError('full', `no UDP socket could be opened (${outcome})`, 5);
      }
    }
    throw new RostrumError('full', `no UDP port is free in ${first}-${last}`, 5);
  }

  listen(each: (packet: Buffer, from: RemoteInfo) => void): void {
    this.#socket.on('message', each);
  }

  /**
   * Sends `buffer[0..length)`. @returns true when the kernel took it at once, so that the buffer may be
   * used again; false when it was queued or dropped.
   */
  send(buffer: Buffer, length: number, port: number, address: string): boolean {
    if (this.#closed) return true;
    if (this.#socket.getSendQueueSize() > MAX_QUEUED_BYTES) {
      this.dropped++;
      return true;
    }
    this.#socket.send(buffer, 0, length, port, address);
    return this.#socket.getSendQueueCount() === 0;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    inUse.delete(this.port);
    this.#socket.removeAllListeners('message');
    this.#socket.close();
  }
}

/** Ports this process holds already: no need to ask the kernel. */
const inUse = new Set<number>();

function bind(port: number): Promise<Socket | string> {
  return new Promise((resolve) => {
    const socket = createSocket({ type: 'udp4', lookup: numericOnly });
    socket.once('error', (error: NodeJS.ErrnoException) => {
      socket.close();
      resolve(error.code ?? error.message);
    });
    socket.bind({ port, address: '0.0.0.0', exclusive: true }, () => {
      socket.removeAllListeners('error');
      try {
        socket.setRecvBufferSize(RECEIVE_BUFFER_BYTES);
      } catch {
        // The kernel's default serves, too.
      }
      resolve(socket);
    });
  });
}
