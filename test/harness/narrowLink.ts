import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { seeded } from '../src/rtc/random.ts';

export interface LinkShape {
  /** What it carries, kbit/s; default without limit. */
  kbps?: number;
  /** Longest queue before it; what comes on top is dropped. Default 300 ms. */
  queueMs?: number;
  /** Share of packets lost at random, 0..1; default 0. */
  loss?: number;
}

/** IP and UDP, which a real link carries too. */
const HEADER_BYTES = 28;

type Deliver = (packet: Buffer) => void;

/** One direction: a queue, a rate, and chance. */
class Lane {
  shape: LinkShape = {};
  readonly #random: () => number;
  /** When the last packet that was taken will have left, ms. */
  #freeMs = 0;
  #longestQueueMs = 0;
  bytes = 0;
  dropped = 0;

  constructor(seed: number) {
    this.#random = seeded(seed);
  }

  push(packet: Buffer, deliver: Deliver): void {
    const { kbps, queueMs = 300, loss = 0 } = this.shape;
    const nowMs = performance.now();
    const startMs = Math.max(nowMs, this.#freeMs);
    if (this.#random() < loss || (kbps !== undefined && startMs - nowMs > queueMs)) {
      this.dropped++;
      return;
    }
    this.bytes += packet.length;
    if (kbps === undefined) {
      deliver(packet);
      return;
    }
    this.#freeMs = startMs + ((packet.length + HEADER_BYTES) * 8) / kbps;
    this.#longestQueueMs = Math.max(this.#longestQueueMs, this.#freeMs - nowMs);
    setTimeout(deliver, this.#freeMs - nowMs, packet);
  }

  /** The longest a packet has waited since this was asked last. */
  takeLongestQueueMs(): number {
    const longest = this.#longestQueueMs;
    this.#longestQueueMs = 0;
    return longest;
  }
}

/**
 * The network of one person, on this machine: a UDP relay between their browser, which is told this port
 * instead of the server's, and the server. Each of the browser's ports has one of its own towards the
 * server, as behind a NAT. Loss comes from a seed.
 */
export class NarrowLink {
  readonly up: Lane;
  readonly down: Lane;
  readonly #near: Socket;
  readonly #far = new Map<string, Socket>();
  #serverPort = 0;
  #early: (() => void)[] = [];
  #closed = false;

  private constructor(near: Socket, seed: number) {
    this.#near = near;
    this.up = new Lane(seed);
    this.down = new Lane(seed + 1);
    near.on('message', (packet, from) => {
      if (this.#serverPort === 0) this.#early.push(() => this.#up(packet, from));
      else this.#up(packet, from);
    });
  }

  static async open(seed: number): Promise<NarrowLink> {
    const near = createSocket('udp4');
    near.bind(0, '127.0.0.1');
    await once(near, 'listening');
    return new NarrowLink(near, seed);
  }

  /** What the browser is told to send to. */
  get port(): number {
    return this.#near.address().port;
  }

  /** @param answer as the server gave it: its port on this machine is where everything goes */
  connect(answer: string): void {
    const port = /^a=candidate:.* 127\.0\.0\.1 (\d+) typ host/m.exec(answer)?.[1];
    if (port === undefined) throw new Error('the answer has no candidate on 127.0.0.1');
    this.#serverPort = Number(port);
    for (const send of this.#early.splice(0)) send();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#near.close();
    for (const far of this.#far.values()) far.close();
    this.#far.clear();
  }

  #up(packet: Buffer, from: RemoteInfo): void {
    const name = `${from.address}:${from.port}`;
    const far = this.#far.get(name) ?? this.#newFar(from);
    this.#far.set(name, far);
    this.up.push(packet, (late) => {
      if (!this.#closed) far.send(late, this.#serverPort, '127.0.0.1');
    });
  }

  #newFar(browser: RemoteInfo): Socket {
    const far = createSocket('udp4');
    far.on('message', (packet) => {
      this.down.push(packet, (late) => {
        if (!this.#closed) this.#near.send(late, browser.port, browser.address);
      });
    });
    return far;
  }
}
