import type { Media, PublishedTrack } from '../contract.ts';
import {
  headerLength,
  payloadTypeOf,
  sequenceOf,
  ssrcOf,
  timestampOf,
  unpaddedLength,
} from '../rtp/header.ts';
import { unwrapRtx } from '../rtp/rtx.ts';
import type { OfferedCodec } from '../sdp/codecs.ts';
import type { Selection } from '../sdp/select.ts';
import { ReceivedStream } from './receivedStream.ts';
import { type Arrival, SsrcLatch } from './ssrcLatch.ts';

/** One section of a publisher: from decrypted packets to those its owner hears. */
export class ReceivedTrack {
  readonly media: Media;
  readonly codec: OfferedCodec;
  readonly #latch = new SsrcLatch();
  readonly #deliver: (packet: Buffer, arrivalUs: number) => void;
  #stream: ReceivedStream | undefined;
  #rtxStream: ReceivedStream | undefined;
  #lostBefore = 0;

  constructor(selection: Selection, deliver: (packet: Buffer, arrivalUs: number) => void) {
    this.media = selection.media;
    this.codec = selection.codec;
    this.#deliver = deliver;
  }

  get published(): PublishedTrack {
    return { media: this.media, codec: this.codec.codec, clockRate: this.codec.clockRate };
  }

  /** SSRC in use; undefined until the first packet. */
  get ssrc(): number | undefined {
    return this.#latch.active;
  }

  get lost(): number {
    return this.#lostBefore + (this.#stream?.lost ?? 0);
  }

  takes(payloadType: number): boolean {
    return payloadType === this.codec.payloadType || payloadType === this.codec.rtx;
  }

  packet(packet: Buffer, arrivalUs: number): void {
    if (payloadTypeOf(packet) === this.codec.rtx) this.#retransmission(packet, arrivalUs);
    else this.#latch.push(ssrcOf(packet), { packet, arrivalUs }, this.#accept);
  }

  senderReport(ssrc: number, ntpUs: number, arrivalUs: number): boolean {
    if (this.#rtxStream?.ssrc === ssrc) this.#rtxStream.senderReport(ntpUs, arrivalUs);
    if (ssrc !== this.#latch.active) return false;
    this.#stream?.senderReport(ntpUs, arrivalUs);
    return true;
  }

  bye(ssrc: number): void {
    this.#latch.release(ssrc);
  }

  streams(): ReceivedStream[] {
    return [this.#stream, this.#rtxStream].filter((stream) => stream !== undefined);
  }

  readonly #accept = ({ packet, arrivalUs }: Arrival): void => {
    const ssrc = ssrcOf(packet);
    if (this.#stream?.ssrc !== ssrc) {
      this.#lostBefore = this.lost;
      this.#stream = new ReceivedStream(ssrc, this.codec.clockRate);
    }
    this.#stream.packet(sequenceOf(packet), timestampOf(packet), arrivalUs);
    const plain = withoutPadding(packet);
    if (plain !== null) this.#deliver(plain, arrivalUs);
  };

  #retransmission(packet: Buffer, arrivalUs: number): void {
    const ssrc = ssrcOf(packet);
    if (this.#rtxStream?.ssrc !== ssrc) this.#rtxStream = new ReceivedStream(ssrc, this.codec.clockRate);
    this.#rtxStream.packet(sequenceOf(packet), timestampOf(packet), arrivalUs);
    const active = this.#latch.active;
    if (active === undefined) return;
    const original = unwrapRtx(packet, active, this.codec.payloadType);
    if (original !== null) this.#deliver(original, arrivalUs);
  }
}

function withoutPadding(packet: Buffer): Buffer | null {
  if ((packet[0]! & 0x20) === 0) return packet;
  const end = unpaddedLength(packet, headerLength(packet));
  if (end < 0) return null;
  packet[0] = packet[0]! & ~0x20;
  return packet.subarray(0, end);
}
