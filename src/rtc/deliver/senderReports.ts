/** Sender reports of one viewer's streams (RFC 3550 6.4.1). */

import { randomBytes } from 'node:crypto';
import { ntpUs } from '../clock.ts';
import { writeBye, writeReceiverReport, writeSenderReport, writeSourceDescription } from '../rtcp/reports.ts';
import type { OutgoingTrack } from './track.ts';

export class SenderReports {
  /** All streams have one, so that a viewer can sync them. */
  readonly cname = randomBytes(12).toString('hex');
  readonly #tracks: readonly OutgoingTrack[];
  readonly #send: (compound: Buffer) => void;

  constructor(tracks: readonly OutgoingTrack[], send: (compound: Buffer) => void) {
    this.#tracks = tracks;
    this.#send = send;
  }

  /** One of each stream that has a source; where there is none, a word that we are here. */
  report(nowUs: number): void {
    let silent = true;
    for (const track of this.#tracks) {
      const report = track.report(nowUs, ntpUs(nowUs));
      if (report === undefined) continue;
      silent = false;
      this.#send(Buffer.concat([writeSenderReport(report), this.#description(report.ssrc)]));
    }
    const first = this.#tracks[0]?.outlet.ssrc;
    if (silent && first !== undefined) {
      this.#send(Buffer.concat([writeReceiverReport(first, []), this.#description(first)]));
    }
  }

  goodbye(nowUs: number): void {
    for (const track of this.#tracks) {
      const report = track.report(nowUs, ntpUs(nowUs));
      if (report === undefined) continue;
      this.#send(Buffer.concat([writeSenderReport(report), writeBye([report.ssrc])]));
    }
  }

  #description(ssrc: number): Buffer {
    return writeSourceDescription(ssrc, this.cname);
  }
}
