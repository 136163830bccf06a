import { writePicture } from '../../../../mixer/protocol/picture.ts';
import { rtpPacket } from '../packets.ts';

/** A VP8 payload descriptor with a 15-bit picture id and TL0PICIDX, and a byte of payload. */
export function vp8Payload(pictureId: number, tl0: number, first = true): Buffer {
  return Buffer.from([
    first ? 0x90 : 0x80,
    0xc0,
    0x80 | (pictureId >> 8),
    pictureId & 0xff,
    tl0 & 0xff,
    0xaa,
  ]);
}

export interface SourceStart {
  sequence: number;
  timestamp: number;
  pictureId: number;
  ptsUs: number;
}

/** Makes the pictures of one 30 fps VP8 source, two packets each. */
export class PictureSource {
  sequence: number;
  timestamp: number;
  pictureId: number;
  ptsUs: number;
  #tl0 = 200;

  constructor(start: SourceStart) {
    this.sequence = start.sequence;
    this.timestamp = start.timestamp;
    this.pictureId = start.pictureId;
    this.ptsUs = start.ptsUs;
  }

  next(keyFrame = false): Buffer {
    const packets = [true, false].map((first) =>
      rtpPacket({
        sequence: this.sequence++,
        timestamp: this.timestamp,
        marker: !first,
        payload: vp8Payload(this.pictureId & 0x7fff, this.#tl0, first),
      }),
    );
    const picture = writePicture({ keyFrame, rtpTimestamp: this.timestamp, ptsUs: this.ptsUs, packets });
    this.timestamp = (this.timestamp + 3_000) >>> 0;
    this.ptsUs += 33_333;
    this.pictureId++;
    this.#tl0 = (this.#tl0 + 1) & 0xff;
    return picture;
  }
}
