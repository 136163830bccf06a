import { CHANNELS, SAMPLE_RATE } from '../audio/format.ts';

/** A smaller step between two frames is rounding of the container's clock. */
const TOLERANCE_US = 20_000;

/** Silence made in one go. */
const PAD_US = 200_000;

const usOf = (samples: number) => (samples * 1e6) / SAMPLE_RATE;
const samplesOf = (us: number) => Math.round((us * SAMPLE_RATE) / 1e6);

/**
 * Makes one line of sound without holes of decoded pieces, each with its time: what is missing between
 * them is silence, what comes twice is heard once. It begins exactly where it was told to.
 */
export class SoundLine {
  readonly #each: (samples: Float32Array) => void;
  #startUs = 0;
  #samples = 0;
  #isFresh = true;
  /** Pieces whose time is still to come. */
  #pending: { samples: Float32Array; us: number }[] = [];

  constructor(each: (samples: Float32Array) => void) {
    this.#each = each;
  }

  begin(us: number): void {
    this.#startUs = us;
    this.#samples = 0;
    this.#isFresh = true;
    this.#pending = [];
  }

  /** Up to where there is sound. */
  get endUs(): number {
    return this.#startUs + usOf(this.#samples);
  }

  /** Something waits for silence to be put before it. */
  get pending(): boolean {
    return this.#pending.length > 0;
  }

  push(samples: Float32Array, us: number): void {
    this.#pending.push({ samples, us });
    this.advance();
  }

  /** Goes on with what is pending: at most so much silence at a time that nobody has to hold more. */
  advance(): void {
    let next = this.#pending[0];
    while (next !== undefined) {
      const gapUs = next.us - this.endUs;
      const tolerance = this.#isFresh ? 0 : TOLERANCE_US;
      if (gapUs > tolerance) {
        this.pad(next.us);
        if (next.us - this.endUs > 1000) return;
      }
      this.#pending.shift();
      this.#put(gapUs < -tolerance ? next.samples.subarray(samplesOf(-gapUs) * CHANNELS) : next.samples);
      next = this.#pending[0];
    }
  }

  /** Silence up to `us`, or towards it. */
  pad(us: number): void {
    const samples = samplesOf(Math.min(PAD_US, us - this.endUs));
    if (samples > 0) this.#put(new Float32Array(samples * CHANNELS), true);
  }

  #put(samples: Float32Array, silence = false): void {
    if (samples.length === 0) return;
    if (!silence) this.#isFresh = false;
    this.#samples += samples.length / CHANNELS;
    this.#each(samples);
  }
}
