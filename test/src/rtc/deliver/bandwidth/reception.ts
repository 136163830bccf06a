import { sequenceDistance } from '../../../../../src/rtc/sequence.ts';

/** What of one stream has come. */
export class Reception {
  highest = -1;
  received = 0;
  lostSince = 0;
  expectedSince = 0;
  readonly missing = new Map<number, { sinceUs: number; askedUs: number }>();

  /** @returns how late a repaired packet is, in µs; 0 for one in order */
  packet(sequence: number, nowUs: number): number {
    this.received++;
    if (this.highest < 0) this.highest = sequence;
    const ahead = sequenceDistance(sequence, this.highest);
    for (let i = 1; i < ahead; i++) {
      this.missing.set((this.highest + i) & 0xffff, { sinceUs: nowUs, askedUs: -Infinity });
    }
    if (ahead > 0) {
      this.highest = sequence;
      this.lostSince += ahead - 1;
      this.expectedSince += ahead;
      return 0;
    }
    const repaired = this.missing.get(sequence);
    this.missing.delete(sequence);
    return repaired === undefined ? 0 : nowUs - repaired.sinceUs;
  }
}
