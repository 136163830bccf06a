const MAX_SAMPLES = 256;
const MIN_STEP_US = 20_000;

/** Everything sent to a viewer, read off its counters now and then: packets and rate of the last moments. */
export class SentMeter {
  readonly #samples: { us: number; packets: number; bytes: number; lost: number }[] = [];
  #packets = 0;
  #bytes = 0;
  #lost = 0;

  /** @param lost packets reported lost for the first time since the call before */
  sample(nowUs: number, packets: number, bytes: number, lost: number): void {
    this.#packets = packets;
    this.#bytes = bytes;
    this.#lost += lost;
    const last = this.#samples.at(-1);
    if (last !== undefined && nowUs - last.us < MIN_STEP_US) return;
    this.#samples.push({ us: nowUs, packets, bytes, lost: this.#lost });
    if (this.#samples.length > MAX_SAMPLES) this.#samples.shift();
  }

  /** What came to pass since the moment `spanUs` ago, or since the first sample. */
  over(spanUs: number, nowUs: number): { packets: number; lost: number; kbps: number; spanUs: number } {
    let from = this.#samples[0];
    for (let i = this.#samples.length - 1; i >= 0; i--) {
      from = this.#samples[i]!;
      if (nowUs - from.us >= spanUs) break;
    }
    if (from === undefined) return { packets: 0, lost: 0, kbps: 0, spanUs: 0 };
    const elapsedUs = Math.max(1, nowUs - from.us);
    return {
      packets: this.#packets - from.packets,
      lost: this.#lost - from.lost,
      kbps: ((this.#bytes - from.bytes) * 8_000) / elapsedUs,
      spanUs: elapsedUs,
    };
  }

  /** Forgets what was lost until now: it is another stream, or another network. */
  restart(nowUs: number): void {
    this.#samples.length = 0;
    this.#samples.push({ us: nowUs, packets: this.#packets, bytes: this.#bytes, lost: this.#lost });
  }
}
