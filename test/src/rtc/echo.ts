import { writePicture } from '../../../mixer/protocol/picture.ts';
import type { Media } from '../../../src/rtc/contract.ts';
import { headerLength, markerOf, timestampOf } from '../../../src/rtc/rtp/header.ts';

/** Whether a packet begins a key frame, as far as these tests need it. */
function isKeyFrame(codec: string, payload: Buffer): boolean {
  if (codec === 'h264') {
    const type = payload[0]! & 0x1f;
    if (type === 28) return (payload[1]! & 0x80) !== 0 && (payload[1]! & 0x1f) === 5;
    return type === 5 || type === 7 || type === 24;
  }
  if (codec !== 'vp8') return true;
  let at = 1;
  if ((payload[0]! & 0x80) !== 0) {
    const extension = payload[at++]!;
    if ((extension & 0x80) !== 0) at += (payload[at]! & 0x80) !== 0 ? 2 : 1;
    if ((extension & 0x40) !== 0) at++;
    if ((extension & 0x30) !== 0) at++;
  }
  return (payload[0]! & 0x17) === 0x10 && (payload[at]! & 1) === 0;
}

/** Turns a publisher's packets into the picture messages a delivery takes: what an SFU would do. */
export class Echo {
  readonly #codec: string;
  readonly #each: (picture: Buffer) => void;
  #packets: Buffer[] = [];
  #keyFrame = false;
  #timestamp = 0;

  constructor(codec: string, each: (picture: Buffer) => void) {
    this.#codec = codec;
    this.#each = each;
  }

  push(_media: Media, packet: Buffer, arrivalUs: number): void {
    const payload = packet.subarray(headerLength(packet));
    if (payload.length === 0) return;
    if (this.#packets.length > 0 && timestampOf(packet) !== this.#timestamp) this.#flush(arrivalUs);
    this.#timestamp = timestampOf(packet);
    this.#keyFrame ||= isKeyFrame(this.#codec, payload);
    const plain = Buffer.concat([packet.subarray(0, 12), payload]);
    plain[0] = 0x80;
    this.#packets.push(plain);
    if (markerOf(packet) || this.#codec === 'opus') this.#flush(arrivalUs);
  }

  #flush(ptsUs: number): void {
    const picture = {
      keyFrame: this.#keyFrame,
      rtpTimestamp: this.#timestamp,
      ptsUs,
      packets: this.#packets,
    };
    this.#packets = [];
    this.#keyFrame = false;
    this.#each(writePicture(picture));
  }
}
