import { TokenBucket } from '../tokenBucket.ts';

/** Encoders that keep to no estimate send several times what they are asked for; a flood is more than that. */
const TOLERANCE = 4;
const BURST_S = 2;

/**
 * What one speaker may send is sent to every viewer, so it must end somewhere. Beyond it pictures are left
 * out up to the next key frame that fits.
 */
export class UplinkLimit {
  readonly #bytes: TokenBucket;
  #starved = false;

  /** @param kbps what the speaker is asked to keep to */
  constructor(kbps: number) {
    const perSecond = kbps * 125 * TOLERANCE;
    this.#bytes = new TokenBucket(perSecond, perSecond * BURST_S);
  }

  /** True since something was left out that later pictures refer to. */
  get starved(): boolean {
    return this.#starved;
  }

  /** Whether so many bytes may go on. */
  allows(bytes: number, keyFrame: boolean, nowUs: number): boolean {
    if (this.#starved && !keyFrame) return false;
    this.#starved = !this.#bytes.take(nowUs, bytes);
    return !this.#starved;
  }
}
