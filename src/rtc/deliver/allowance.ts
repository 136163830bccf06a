/** Sent at once at most, so that ordinary pictures are never cut in two, in seconds of the rate and in bytes. */
const BURST_S = 0.04;
const MIN_BURST_BYTES = 6_000;

/**
 * How many bytes may go out now at a given rate. It may be overdrawn by one packet, and is paid back before
 * the next one.
 */
export class Allowance {
  #bytesPerUs = 0;
  #burstBytes = 0;
  #bytes = 0;
  #atUs = -1;

  constructor(kbps: number) {
    this.rate(kbps);
    this.#bytes = this.#burstBytes;
  }

  rate(kbps: number): void {
    this.#bytesPerUs = kbps / 8_000;
    this.#burstBytes = Math.max(MIN_BURST_BYTES, kbps * 125 * BURST_S);
    this.#bytes = Math.min(this.#bytes, this.#burstBytes);
  }

  /** Whether another packet may go. */
  open(nowUs: number): boolean {
    if (this.#atUs >= 0 && nowUs > this.#atUs) {
      this.#bytes = Math.min(this.#burstBytes, this.#bytes + (nowUs - this.#atUs) * this.#bytesPerUs);
    }
    this.#atUs = nowUs;
    return this.#bytes > 0;
  }

  /** True until more was spent than there is, time standing still. */
  get left(): boolean {
    return this.#bytes > 0;
  }

  spend(bytes: number): void {
    this.#bytes -= bytes;
  }
}
