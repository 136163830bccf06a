import { Unwrapper } from '../rtp/sequence.ts';
import { WindowedMinimum } from './windowedMinimum.ts';

interface Report {
  ntpUs: number;
  rtpTimestamp: number;
}

/**
 * One RTP clock: unrolls its timestamps and, once a sender report came, maps them to the sender's NTP
 * clock (RFC 3550 6.4.1).
 */
export class TrackClock {
  readonly clockRate: number;
  #unwrapper = new Unwrapper(32);
  #report: Report | undefined;
  #lastTicks: number | undefined;
  /** Least (arrival − own time): the path without its jitter. */
  #offset = new WindowedMinimum();

  constructor(clockRate: number) {
    this.clockRate = clockRate;
  }

  unwrap(rtpTimestamp: number): number {
    return this.#unwrapper.unwrap(rtpTimestamp);
  }

  /** Another sender took over (a new SSRC): its clock has nothing to do with the one before. */
  restart(): void {
    this.#unwrapper = new Unwrapper(32);
    this.#report = undefined;
    this.#lastTicks = undefined;
    this.#offset = new WindowedMinimum();
  }

  noteReport(ntpUs: number, rtpTimestamp: number): void {
    this.#report = { ntpUs, rtpTimestamp };
  }

  noteArrival(ticks: number, arrivalUs: number): void {
    this.#lastTicks = ticks;
    this.#offset.push(arrivalUs - this.#ownUs(ticks), arrivalUs);
  }

  /** The sender's NTP time of `ticks`, microseconds; undefined before the first report. */
  ntpUs(ticks: number): number | undefined {
    const report = this.#report;
    if (report === undefined) return undefined;
    // The nearest turn of the 32-bit clock; a report's timestamp may be nonsense, so nothing is unrolled by it.
    const distance = (ticks - report.rtpTimestamp) | 0;
    return report.ntpUs + (distance * 1e6) / this.clockRate;
  }

  /** Least (arrival − sender's NTP), microseconds; undefined before the first report or packet. */
  get pathUs(): number | undefined {
    const ticks = this.#lastTicks;
    const ntpUs = ticks === undefined ? undefined : this.ntpUs(ticks);
    return ntpUs === undefined ? undefined : this.localUsByArrival(ticks!) - ntpUs;
  }

  /** When `ticks` would have arrived on the quickest path, by this track's packets alone. */
  localUsByArrival(ticks: number): number {
    return this.#ownUs(ticks) + (this.#offset.value ?? 0);
  }

  #ownUs(ticks: number): number {
    return (ticks * 1e6) / this.clockRate;
  }
}
