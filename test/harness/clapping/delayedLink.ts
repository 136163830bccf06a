import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';

/**
 * A UDP relay between one speaker and the server that holds the speaker's packets back, each for as long
 * as it is told; what comes from the server passes at once.
 */
export class DelayedLink {
  readonly #near: Socket;
  readonly #far: Socket;
  readonly #delayMs: (packet: Buffer) => number;
  #server: { address: string; port: number } | undefined;
  #speaker: RemoteInfo | undefined;
  #closed = false;

  private constructor(near: Socket, far: Socket, delayMs: (packet: Buffer) => number) {
    this.#near = near;
    this.#far = far;
    this.#delayMs = delayMs;
    near.on('message', (packet, from) => {
      this.#speaker = from;
      const waitMs = this.#delayMs(packet);
      if (waitMs === 0) this.#up(packet);
      else setTimeout(() => this.#up(packet), waitMs);
    });
    far.on('message', (packet) => {
      if (this.#speaker && !this.#closed) near.send(packet, this.#speaker.port, this.#speaker.address);
    });
  }

  static async open(delayMs: (packet: Buffer) => number): Promise<DelayedLink> {
    const sockets = [createSocket('udp4'), createSocket('udp4')] as const;
    for (const socket of sockets) {
      socket.bind(0, '127.0.0.1');
      await once(socket, 'listening');
    }
    return new DelayedLink(...sockets, delayMs);
  }

  /** Where the speaker sends to, instead of to `server`. */
  towards(server: { address: string; port: number }): { address: string; port: number } {
    this.#server = server;
    return { address: '127.0.0.1', port: this.#near.address().port };
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#near.close();
    this.#far.close();
  }

  #up(packet: Buffer): void {
    if (this.#server && !this.#closed) this.#far.send(packet, this.#server.port, this.#server.address);
  }
}
