import { type CodedFrame, type Depacketizer, MAX_PARTS } from './frame.ts';
import type { RtpPacket } from './packet.ts';

/** What a codec makes of the packets of one picture. */
export type Unit = Pick<CodedFrame, 'data' | 'keyFrame' | 'size' | 'layers'>;

/**
 * Pictures of codecs whose packets tell one from the next by timestamp and marker alone (VP9, AV1). When a
 * packet is missing or makes no sense, the rest of its picture is passed over.
 */
export abstract class UnitDepacketizer implements Depacketizer {
  #packets = 0;
  #rtpTimestamp: number | undefined;
  #broken = false;
  #afterLoss = false;

  push(packet: RtpPacket): CodedFrame | null {
    if (packet.payload.length === 0) return null;
    if (packet.rtpTimestamp !== this.#rtpTimestamp) this.#begin(packet.rtpTimestamp);
    if (!this.#broken && !this.#take(packet.payload)) this.lost();
    return packet.marker ? this.#complete(packet) : null;
  }

  lost(): void {
    this.#clear();
    this.#afterLoss = true;
    this.#broken = true;
  }

  /** False when the payload makes no sense where it stands. */
  protected abstract take(payload: Buffer): boolean;
  /** The picture of what was taken; null when it is not whole, or none. */
  protected abstract unit(): Unit | null;
  /** Forgets what was taken. */
  protected abstract forget(): void;

  #begin(rtpTimestamp: number): void {
    // The picture before never had its last packet.
    if (this.#packets > 0) this.#afterLoss = true;
    this.#clear();
    this.#broken = false;
    this.#rtpTimestamp = rtpTimestamp;
  }

  #take(payload: Buffer): boolean {
    return ++this.#packets <= MAX_PARTS && this.take(payload);
  }

  #complete({ rtpTimestamp, arrivalUs }: RtpPacket): CodedFrame | null {
    const unit = this.#broken ? null : this.unit();
    this.#clear();
    this.#broken = false;
    this.#rtpTimestamp = undefined;
    const afterLoss = this.#afterLoss;
    this.#afterLoss = unit === null;
    return unit && { rtpTimestamp, arrivalUs, afterLoss, ...unit };
  }

  #clear(): void {
    this.#packets = 0;
    this.forget();
  }
}
