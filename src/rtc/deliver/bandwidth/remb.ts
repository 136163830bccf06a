/** What a browser can mean; anything else is its arithmetic, or malice. */
const MIN_KBPS = 30;
const MAX_KBPS = 100_000;
/** A step down of this share is the receiver's detector, not rounding. */
const DROP = 0.97;
/** A cap that stays put for so long while more is sent is meant. */
const CAP_US = 5_000_000;
const RISE = 1.02;

/**
 * The viewer's own estimate (draft-alvestrand-rmcat-remb). It follows what arrives and climbs slowly, so
 * its value says little and its falls say much: below what is sent, each is a queue that was seen to grow.
 */
export class Remb {
  kbps: number | null = null;
  #unmovedSince = 0;
  #unmovedKbps = 0;

  /**
   * @param sentKbps what was sent of late
   * @returns `fell` for a queue that the viewer saw grow, `capped` where it insists on less
   */
  push(bps: number, sentKbps: number, nowUs: number): 'fell' | 'capped' | undefined {
    const kbps = Math.min(MAX_KBPS, Math.max(MIN_KBPS, bps / 1000));
    const before = this.kbps;
    this.kbps = kbps;
    if (before === null || kbps > this.#unmovedKbps * RISE || kbps >= sentKbps) {
      this.#unmovedSince = nowUs;
      this.#unmovedKbps = kbps;
    }
    if (before !== null && kbps < before * DROP && kbps < sentKbps) return 'fell';
    const insists = kbps < sentKbps * 0.9 && nowUs - this.#unmovedSince >= CAP_US;
    return insists ? 'capped' : undefined;
  }
}
