import type { PayloadReader } from './payload.ts';
import { type PlainPacket, payloadOf } from './plainPacket.ts';
import type { InOrder } from './reorderBuffer.ts';

/** Packets of one picture at most: 600 kB, more than any encoder at a meeting's rate makes. */
const MAX_PACKETS = 512;

export interface WholePicture {
  keyFrame: boolean;
  rtpTimestamp: number;
  packets: { plain: PlainPacket; value: number }[];
}

/**
 * Makes whole pictures of packets that come in order: all of one timestamp, up to the marker or the next
 * timestamp. A picture of which something is missing is left out.
 */
export class PictureAssembler {
  readonly #reader: PayloadReader;
  readonly #each: (picture: WholePicture) => void;
  readonly #broken: () => void;
  #packets: WholePicture['packets'] = [];
  #rtpTimestamp = -1;
  /** The picture begun last is not whole and never will be. */
  #spoilt = false;
  /** The picture before had its marker, so the next packet begins one. */
  #ended = false;

  /** @param broken pictures are missing: those that follow may refer to them */
  constructor(reader: PayloadReader, each: (picture: WholePicture) => void, broken: () => void) {
    this.#reader = reader;
    this.#each = each;
    this.#broken = broken;
  }

  push({ item: plain, value, lost }: InOrder<PlainPacket>): void {
    if (lost > 0) this.#broken();
    if (plain.rtpTimestamp !== this.#rtpTimestamp) this.#begin(plain, lost);
    else if (lost > 0 || this.#ended) this.#spoil();
    if (!this.#spoilt) this.#packets.push({ plain, value });
    if (this.#packets.length > MAX_PACKETS) this.#spoil();
    this.#ended = plain.marker;
    if (plain.marker) this.#complete();
  }

  #begin(plain: PlainPacket, lost: number): void {
    // A sender that sets no marker ends its pictures by the next timestamp.
    if (lost === 0) this.#complete();
    else if (this.#packets.length > 0) this.#spoil();
    this.#packets = [];
    this.#rtpTimestamp = plain.rtpTimestamp;
    this.#spoilt = (lost > 0 || !this.#ended) && !this.#reader.beginsPicture(payloadOf(plain));
  }

  #spoil(): void {
    this.#packets = [];
    if (!this.#spoilt) this.#broken();
    this.#spoilt = true;
  }

  #complete(): void {
    const packets = this.#packets;
    this.#packets = [];
    if (packets.length === 0) return;
    const keyFrame = packets.some(({ plain }) => this.#reader.isKeyFrame(payloadOf(plain)));
    this.#each({ keyFrame, rtpTimestamp: this.#rtpTimestamp, packets });
  }
}
