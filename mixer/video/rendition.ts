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

  /** Whether the picture of `nowUs` is to be a key frame; asking takes the request. */
  takeKeyFrame(nowUs: number): boolean {
    if (!this.#keyFrameWanted || nowUs - this.#lastKeyFrameUs < KEY_FRAME_INTERVAL_US) return false;
    this.#keyFrameWanted = false;
    this.#lastKeyFrameUs = nowUs;
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
