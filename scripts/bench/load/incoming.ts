import { ReceivedStream } from '../../../src/rtc/publish/receivedStream.ts';
import type { ReportBlock } from '../../../src/rtc/rtcp/packet.ts';
import { sequenceDistance } from '../../../src/rtc/sequence.ts';
import { FreezeCounter } from './freezes.ts';
import type { AnsweredSection } from './sdp.ts';

/** A larger step is a sender that began anew, not loss. */
const MAX_GAP = 512;

/** What one stream brought since its counters were set to zero. */
export interface StreamCounts {
  packets: number;
  bytes: number;
  /** Packets that never came, retransmissions taken off. */
  lost: number;
  /** Pictures that came whole. */
  pictures: number;
  freezes: number;
}

/**
 * One stream that a viewer receives, told by its RTP headers, which SRTP leaves readable: a picture is
 * whole when no packet was missing between the markers before and behind it.
 */
export class IncomingStream {
  readonly section: AnsweredSection;
  /** When its first whole picture (or first sound) had come, µs; undefined before. */
  firstUs: number | undefined;
  /** Sequence numbers that are missing and have not been asked for. */
  missing: number[] = [];
  readonly #report: ReceivedStream;
  #freezes = new FreezeCounter();
  #counts: StreamCounts = { packets: 0, bytes: 0, lost: 0, pictures: 0, freezes: 0 };
  #last = -1;
  #isWhole = true;

  constructor(section: AnsweredSection, ssrc: number) {
    this.section = section;
    this.#report = new ReceivedStream(ssrc, section.media === 'audio' ? 48_000 : 90_000);
  }

  get ssrc(): number {
    return this.#report.ssrc;
  }

  get counts(): StreamCounts {
    return { ...this.#counts, freezes: this.#freezes.count };
  }

  begin(): void {
    this.#counts = { packets: 0, bytes: 0, lost: 0, pictures: 0, freezes: 0 };
    this.#freezes = new FreezeCounter();
  }

  packet(packet: Buffer, arrivalUs: number): void {
    const sequence = packet.readUInt16BE(2);
    this.#report.packet(sequence, packet.readUInt32BE(4), arrivalUs);
    this.#counts.packets++;
    this.#counts.bytes += packet.length;
    const ahead = this.#last < 0 ? 1 : sequenceDistance(sequence, this.#last);
    if (ahead <= 0) {
      // Sent again in the stream itself, where there is no other for that.
      if (this.#counts.lost > 0) this.#counts.lost--;
      return;
    }
    if (ahead > 1) this.#gap(ahead);
    this.#last = sequence;
    if (this.section.media === 'audio') this.firstUs ??= arrivalUs;
    else if ((packet[1]! & 0x80) !== 0) this.#endPicture(arrivalUs);
  }

  /** A packet that had been lost came again. */
  retransmitted(bytes: number): void {
    this.#counts.packets++;
    this.#counts.bytes += bytes;
    if (this.#counts.lost > 0) this.#counts.lost--;
  }

  senderReport(ntpUs: number, arrivalUs: number): void {
    this.#report.senderReport(ntpUs, arrivalUs);
  }

  report(nowUs: number): ReportBlock {
    return this.#report.report(nowUs);
  }

  #gap(ahead: number): void {
    this.#isWhole = false;
    if (ahead > MAX_GAP) return;
    this.#counts.lost += ahead - 1;
    for (let step = 1; step < ahead; step++) this.missing.push((this.#last + step) & 0xffff);
  }

  #endPicture(arrivalUs: number): void {
    if (this.#isWhole) {
      this.firstUs ??= arrivalUs;
      this.#counts.pictures++;
      this.#freezes.picture(arrivalUs / 1000);
    }
    this.#isWhole = true;
  }
}
