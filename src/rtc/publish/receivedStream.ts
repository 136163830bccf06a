import { compactNtp, type ReportBlock } from '../rtcp/packet.ts';
import { SequenceUnwrapper, timestampDistance } from '../sequence.ts';

/** Jumps larger than this are a sender that began anew, not loss (RFC 3550 A.1). */
const MAX_JUMP = 3_000;

/** One SSRC as a receiver reports it: loss and jitter (RFC 3550 A.3 and A.8). */
export class ReceivedStream {
  readonly ssrc: number;
  readonly #clockRate: number;
  #sequence = new SequenceUnwrapper();
  #first = -1;
  #received = 0;
  #lostBefore = 0;
  #expectedPrior = 0;
  #receivedPrior = 0;
  #jitter = 0;
  #lastArrivalUs = 0;
  #lastTimestamp = -1;
  #report: { compact: number; arrivalUs: number } | undefined;

  constructor(ssrc: number, clockRate: number) {
    this.ssrc = ssrc;
    this.#clockRate = clockRate;
  }

  get lost(): number {
    return this.#lostBefore + (this.#first < 0 ? 0 : this.#expected - this.#received);
  }

  get #expected(): number {
    return this.#sequence.highest - this.#first + 1;
  }

  packet(sequence: number, timestamp: number, arrivalUs: number): void {
    if (this.#first >= 0 && Math.abs(this.#sequence.peek(sequence) - this.#sequence.highest) > MAX_JUMP) {
      this.#restart();
    }
    const value = this.#sequence.unwrap(sequence);
    if (this.#first < 0) this.#first = value;
    this.#received++;
    this.#measureJitter(timestamp, arrivalUs);
  }

  senderReport(ntpUs: number, arrivalUs: number): void {
    this.#report = { compact: compactNtp(ntpUs), arrivalUs };
  }

  /** The block for the next report; the interval it covers ends here. */
  report(nowUs: number): ReportBlock {
    const expected = this.#first < 0 ? 0 : this.#expected;
    const expectedNow = expected - this.#expectedPrior;
    const lostNow = expectedNow - (this.#received - this.#receivedPrior);
    this.#expectedPrior = expected;
    this.#receivedPrior = this.#received;
    const sinceUs = this.#report === undefined ? 0 : nowUs - this.#report.arrivalUs;
    return {
      ssrc: this.ssrc,
      fractionLost:
        expectedNow > 0 && lostNow > 0 ? Math.min(255, Math.floor((lostNow * 256) / expectedNow)) : 0,
      cumulativeLost: this.lost,
      highestSequence: Math.max(0, this.#sequence.highest),
      jitter: Math.floor(this.#jitter),
      lastSenderReport: this.#report?.compact ?? 0,
      delaySinceLastSenderReport: Math.min(0xffffffff, Math.floor((sinceUs * 65536) / 1e6)),
    };
  }

  #restart(): void {
    this.#lostBefore = this.lost;
    this.#sequence = new SequenceUnwrapper();
    this.#first = -1;
    this.#received = 0;
    this.#expectedPrior = 0;
    this.#receivedPrior = 0;
  }

  #measureJitter(timestamp: number, arrivalUs: number): void {
    if (this.#lastTimestamp >= 0 && timestamp !== this.#lastTimestamp) {
      const arrived = ((arrivalUs - this.#lastArrivalUs) * this.#clockRate) / 1e6;
      const difference = Math.abs(arrived - timestampDistance(timestamp, this.#lastTimestamp));
      this.#jitter += (Math.min(difference, this.#clockRate) - this.#jitter) / 16;
    }
    this.#lastTimestamp = timestamp;
    this.#lastArrivalUs = arrivalUs;
  }
}
