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
  readonly #doubtfulLooks: number;
  readonly #wentQuiet: () => void;
  readonly #timer: ReturnType<typeof setInterval>;
  #bytes = -1;
  #quiet = 0;
  #doubt = 0;
  #looking = false;
  #closed = false;

  constructor(connection: RTCPeerConnection, quietLimitMs: number, wentQuiet: () => void) {
    this.#connection = connection;
    this.#quietLooks = Math.ceil(quietLimitMs / LOOK_EVERY_MS);
    this.#doubtfulLooks = Math.ceil(this.#quietLooks / 4);
    this.#wentQuiet = wentQuiet;
    this.#timer = setInterval(() => void this.#look(), LOOK_EVERY_MS);
  }

  /**
   * There is reason to think that the other side is gone: a quarter of the silence is proof enough,
   * now or at one of the next looks. The first of them may still count what came before.
   */
  doubt(): void {
    this.#doubt = 2;
    this.#judge();
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
    const heard = bytes !== this.#bytes;
    this.#bytes = bytes;
    this.#quiet = heard ? 0 : this.#quiet + 1;
    if (heard && this.#doubt > 0) this.#doubt -= 1;
    this.#judge();
  }

  #judge(): void {
    if (this.#quiet >= (this.#doubt > 0 ? this.#doubtfulLooks : this.#quietLooks)) this.#wentQuiet();
  }
}
