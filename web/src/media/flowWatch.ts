import { bytesReceived, type StatsEntry } from './statistics.ts';

const LOOK_EVERY_MS = 500;

/**
 * Looks whether anything arrives on a connection. The browser itself takes many seconds to notice
 * that the other side is gone. Looks are counted, not clocks compared: a machine that slept is not
 * a server that fell silent.
 */
export class FlowWatch {
  readonly #connection: RTCPeerConnection;
  readonly #quietLooks: number;
  readonly #wentQuiet: () => void;
  readonly #timer: ReturnType<typeof setInterval>;
  #bytes = -1;
  #quiet = 0;
  #looking = false;
  #closed = false;

  constructor(connection: RTCPeerConnection, quietLimitMs: number, wentQuiet: () => void) {
    this.#connection = connection;
    this.#quietLooks = Math.ceil(quietLimitMs / LOOK_EVERY_MS);
    this.#wentQuiet = wentQuiet;
    this.#timer = setInterval(() => void this.#look(), LOOK_EVERY_MS);
  }

  /** Nothing arrived between the last two looks. */
  get suspicious(): boolean {
    return this.#quiet > 0;
  }

  close(): void {
    clearInterval(this.#timer);
    this.#closed = true;
  }

  async #look(): Promise<void> {
    if (this.#looking) return;
    this.#looking = true;
    const report = await this.#connection.getStats().catch(() => null);
    this.#looking = false;
    if (!report || this.#closed) return;
    const bytes = bytesReceived([...report.values()] as StatsEntry[]);
    this.#quiet = bytes === this.#bytes ? this.#quiet + 1 : 0;
    this.#bytes = bytes;
    if (this.#quiet >= this.#quietLooks) this.#wentQuiet();
  }
}
