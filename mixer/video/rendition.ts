import type { VideoCodec } from '../protocol/control.ts';
import { writePicture } from '../protocol/picture.ts';
import type { Packetizer } from '../rtp/frame.ts';
import { H264Packetizer } from '../rtp/h264.ts';
import { buildRtp } from '../rtp/packet.ts';
import { Vp8Packetizer } from '../rtp/vp8.ts';
import type { EncodedPicture } from './encoderThread.ts';

/** Least pause between two key frames that were asked for. */
const KEY_FRAME_INTERVAL_US = 300_000;

/** One coded form of the program: coalesces requests for key frames, cuts pictures into packets. */
export class Rendition {
  readonly encoder: number;
  readonly #packetizer: Packetizer;
  #sequence = 0;
  #keyFrameWanted = true;
  #lastKeyFrameUs = Number.NEGATIVE_INFINITY;
  /** Beside those asked for: one at every multiple of this, 0 for none. */
  #everyUs = 0;
  #lastPtsUs = 0;
  tapped = false;
  frames = 0;
  keyFrames = 0;
  bytes = 0;
  encodeUs = 0;

  constructor(encoder: number, codec: VideoCodec) {
    this.encoder = encoder;
    this.#packetizer = codec === 'vp8' ? new Vp8Packetizer() : new H264Packetizer();
  }

  requestKeyFrame(): void {
    this.#keyFrameWanted = true;
  }

  /** The first picture at or after each multiple of `intervalUs` will be a key frame; 0 ends that. */
  keyFrameEvery(intervalUs: number): void {
    this.#everyUs = intervalUs;
  }

  /** Whether the picture shown at `ptsUs` is to be a key frame; asking takes the request. */
  takeKeyFrame(ptsUs: number): boolean {
    const due = this.#everyUs > 0 && ptsUs % this.#everyUs < ptsUs - this.#lastPtsUs;
    this.#lastPtsUs = ptsUs;
    const wanted = this.#keyFrameWanted && ptsUs - this.#lastKeyFrameUs >= KEY_FRAME_INTERVAL_US;
    if (!due && !wanted) return false;
    this.#keyFrameWanted = false;
    this.#lastKeyFrameUs = ptsUs;
    return true;
  }

  /** Packets of one picture, as `mixer/protocol/picture.ts` writes them. */
  packetize(picture: EncodedPicture): Buffer {
    this.frames++;
    this.bytes += picture.data.length;
    this.encodeUs += picture.encodeUs;
    if (picture.keyFrame) this.keyFrames++;
    const rtpTimestamp = Math.round(picture.ptsUs * 0.09) % 2 ** 32;
    const payloads = this.#packetizer.cut(picture.data);
    const packets = payloads.map((parts, index) =>
      buildRtp(this.#sequence++, rtpTimestamp, index === payloads.length - 1, parts),
    );
    return writePicture({ keyFrame: picture.keyFrame, rtpTimestamp, ptsUs: picture.ptsUs, packets });
  }
}
