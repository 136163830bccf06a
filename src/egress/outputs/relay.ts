import { once } from 'node:events';
import { connect as connectTcp, createServer, type Server, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';

/** Who is to answer for it when an output does not work. */
export class TargetProblem extends Error {}

export interface RelayTarget {
  /** Where to connect to; looked up and checked before. */
  address: string;
  port: number;
  /** With TLS: the name that its certificate has to bear. */
  tlsName: string | null;
}

const CONNECT_MS = 10_000;

const reasons: Record<string, string> = {
  ECONNREFUSED: 'the target refuses connections',
  EHOSTUNREACH: 'there is no way to the target',
  ENETUNREACH: 'there is no way to the target',
  ETIMEDOUT: 'the target does not answer',
  ECONNRESET: 'the target cut the connection',
  EPIPE: 'the target cut the connection',
};

/** @returns a sentence; certificates are the target's affair, too */
export function targetReason(error: NodeJS.ErrnoException): string {
  const code = error.code ?? '';
  if (code in reasons) return reasons[code]!;
  if (/CERT|SELF_SIGNED|ISSUER|SSL|TLS/.test(code)) return `the target's certificate or TLS fails: ${code}`;
  return `the connection to the target failed: ${code || 'for no known reason'}`;
}

/**
 * One connection to a target, offered to one child of ours on a loopback port. The child needs no name,
 * no certificates and no way out of its own, and we know what went wrong on the way.
 */
export class Relay {
  readonly port: number;
  readonly #listener: Server;
  readonly #outside: Socket;
  #inside: Socket | undefined;
  #problem: string | null = null;
  #closed = false;

  /** @throws TargetProblem when the target cannot be reached */
  static async open(target: RelayTarget): Promise<Relay> {
    const outside = await reach(target);
    const listener = createServer();
    listener.listen(0, '127.0.0.1');
    await once(listener, 'listening');
    return new Relay(outside, listener);
  }

  private constructor(outside: Socket, listener: Server) {
    this.#outside = outside;
    this.#listener = listener;
    this.port = (listener.address() as { port: number }).port;
    outside.on('error', (error) => {
      this.#problem ??= targetReason(error);
    });
    outside.on('close', () => {
      if (!this.#closed) this.#problem ??= 'the target closed the connection';
      this.#inside?.destroy();
    });
    listener.once('connection', (inside) => this.#join(inside));
  }

  /** What went wrong with the target, or null. */
  get problem(): string | null {
    return this.#problem;
  }

  close(): void {
    this.#closed = true;
    this.#listener.close();
    this.#inside?.destroy();
    this.#outside.destroy();
  }

  #join(inside: Socket): void {
    // The door is for one.
    this.#listener.close();
    this.#inside = inside;
    inside.on('error', () => {});
    inside.on('close', () => this.#outside.end());
    inside.pipe(this.#outside);
    this.#outside.pipe(inside);
  }
}

function reach({ address, port, tlsName }: RelayTarget): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket =
      tlsName === null
        ? connectTcp({ host: address, port })
        : connectTls({ host: address, port, servername: tlsName });
    const fail = (reason: string) => {
      clearTimeout(timer);
      socket.destroy();
      reject(new TargetProblem(reason));
    };
    const timer = setTimeout(() => fail('the target does not answer'), CONNECT_MS);
    const onError = (error: Error) => fail(targetReason(error));
    socket.once('error', onError);
    socket.once(tlsName === null ? 'connect' : 'secureConnect', () => {
      clearTimeout(timer);
      socket.off('error', onError);
      socket.setNoDelay(true);
      resolve(socket);
    });
  });
}
