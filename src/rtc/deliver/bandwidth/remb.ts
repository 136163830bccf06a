/** What a browser can mean; anything else is its arithmetic, or malice. */
const MIN_KBPS = 30;
const MAX_KBPS = 100_000;
/** A step down of this share is the receiver's detector, not rounding. */
const DROP = 0.97;

/**
 * The viewer's own estimate (draft-alvestrand-rmcat-remb), as a second witness only. It follows what
 * arrives and climbs slowly, and a browser that is short of CPU was seen to report 46 kbit/s while it took
 * 2 Mbit/s without loss or delay.
 */
export class Remb {
  kbps: number | null = null;

  /**
   * @param sentKbps what was sent of late
   * @returns whether the viewer saw a queue grow
   */
  push(bps: number, sentKbps: number): boolean {
    const before = this.kbps;
    this.kbps = Math.min(MAX_KBPS, Math.max(MIN_KBPS, bps / 1000));
    return before !== null && this.kbps < before * DROP && this.kbps < sentKbps;
  }
}
