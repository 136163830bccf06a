import { Unwrapper } from '../rtp/sequence.ts';
import { WindowedMinimum } from './windowedMinimum.ts';

interface Report {
  ntpUs: number;
  /** Unwrapped. */
  ticks: number;
}

/**
 * One RTP clock: unrolls its timestamps and, once a sender report came, maps them to the sender's NTP
 * clock (RFC 3550 6.4.1).
 */
export class TrackClock {
  readonly clockRate: number;
  readonly #unwrapper = new Unwrapper(32);
  #report: Report | undefined;
  /** Least (arrival − own time): the path without its jitter, for use before any report. */
  #offset = new WindowedMinimum();

  constructor(clockRate: number) {
    this.clockRate = clockRate;
  }

  unwrap(rtpTimestamp: number): number {
    return this.#unwrapper.unwrap(rtpTimestamp);
  }

  noteReport(ntpUs: number, rtpTimestamp: number): void {
    this.#report = { ntpUs, ticks: this.unwrap(rtpTimestamp) };
  }

  noteArrival(ticks: number, arrivalUs: number): void {
    this.#offset.push(arrivalUs - this.#ownUs(ticks), arrivalUs);
  }

  get reported(): boolean {
    return this.#report !== undefined;
  }

  /** The sender's NTP time of `ticks`, microseconds; undefined before the first report. */
  ntpUs(ticks: number): number | undefined {
    const report = this.#report;
    if (report === undefined) return undefined;
    return report.ntpUs + ((ticks - report.ticks) * 1e6) / this.clockRate;
  }

  /** When `ticks` would have arrived on the quickest path, by this track's packets alone. */
  localUsByArrival(ticks: number): number {
    return this.#ownUs(ticks) + (this.#offset.value ?? 0);
  }

  #ownUs(ticks: number): number {
    return (ticks * 1e6) / this.clockRate;
  }
}
