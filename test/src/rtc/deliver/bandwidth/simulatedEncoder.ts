import { writePicture } from '../../../../../mixer/protocol/picture.ts';
import { Forwarder } from '../../../../../src/rtc/deliver/forwarder.ts';
import { rtpPacket } from '../../packets.ts';
import { vp8Payload } from '../pictures.ts';

const PACKET_BYTES = 1_100;
const KEY_FRAME_COSTS = 5;
const ENCODER_START_US = 100_000;

/** An encoder that runs while it is used, with a key frame first and whenever one is wanted. */
export class SimulatedEncoder {
  readonly forwarder: Forwarder;
  readonly kbps: number;
  keyFrames = 0;
  #wanted = true;
  #readyUs: number | undefined;
  #sequence = 1;
  #picture = 0;
  /** What its rate is turned to, as a share. */
  share = 1;

  constructor(source: string, kbps: number) {
    this.kbps = kbps;
    this.forwarder = new Forwarder(source, () => {
      this.#wanted = true;
    });
    this.forwarder.describe({ source, media: 'video', codec: 'vp8' });
  }

  encode(used: boolean, ptsUs: number, nowUs: number): void {
    if (!used) {
      this.#readyUs = undefined;
      this.#wanted = true;
      return;
    }
    this.#readyUs ??= nowUs + ENCODER_START_US;
    if (nowUs < this.#readyUs) return;
    const keyFrame = this.#wanted;
    this.#wanted = false;
    if (keyFrame) this.keyFrames++;
    const bytes = (this.kbps * this.share * 125) / 30;
    let left = keyFrame ? bytes * KEY_FRAME_COSTS : bytes * 0.95;
    const packets: Buffer[] = [];
    const id = this.#picture++ & 0x7fff;
    for (let first = true; left > 0 || first; left -= PACKET_BYTES, first = false) {
      const payload = Buffer.concat([
        vp8Payload(id, id, first),
        Buffer.alloc(Math.max(0, Math.min(left, PACKET_BYTES) - 6)),
      ]);
      const sequence = this.#sequence++ & 0xffff;
      const timestamp = Math.round(ptsUs * 0.09) >>> 0;
      packets.push(rtpPacket({ sequence, timestamp, marker: left <= PACKET_BYTES, payload }));
    }
    const rtpTimestamp = Math.round(ptsUs * 0.09) >>> 0;
    this.forwarder.push(writePicture({ keyFrame, rtpTimestamp, ptsUs, packets }), nowUs);
  }
}
