import type { VideoCodec } from '../protocol/control.ts';
import { writePicture } from '../protocol/picture.ts';
import type { Packetizer } from '../rtp/frame.ts';
import { H264Packetizer } from '../rtp/h264.ts';
import { buildRtp } from '../rtp/packet.ts';
import { Vp8Packetizer } from '../rtp/vp8.ts';
import type { EncodedPicture } from './encoderThread.ts';

/** Least pause between two key frames that were asked for. */
const KEY_FRAME_INTERVAL_US = 300_000;

/** A new rate that waits for a key frame waits no longer than this for one that is wanted anyway. */
const RATE_WAIT_US = 2_000_000;

/** One coded form of the program: coalesces requests for key frames, cuts pictures into packets. */
export class Rendition {
  readonly encoder: number;
  readonly codec: VideoCodec;
  readonly fps: number;
  readonly #packetizer: Packetizer;
  /** It has every picture of its canvas, which need not tick by the clock. */
  readonly #isWhole: boolean;
  #sequence = 0;
  #keyFrameWanted = true;
  #lastKeyFrameUs = Number.NEGATIVE_INFINITY;
  /** Beside those asked for: one at every multiple of this, 0 for none. */
  #everyUs = 0;
  #lastPtsUs = 0;
  /** By when there must be a key frame, for a new rate. */
  #keyFrameByUs = Number.POSITIVE_INFINITY;
  /** Number of its last picture, counted in its own rate. */
  #turn = 0;
  tapped = false;
  frames = 0;
  keyFrames = 0;
  bytes = 0;
  encodeUs = 0;

  /** @param canvasFps of what it is made from; one of fewer pictures a second leaves some out */
  constructor(
    encoder: number,
    { codec, fps }: { codec: VideoCodec; fps: number },
    canvasFps = Number.POSITIVE_INFINITY,
  ) {
    this.encoder = encoder;
    this.codec = codec;
    this.fps = fps;
    this.#isWhole = fps >= canvasFps;
    this.#packetizer = codec === 'vp8' ? new Vp8Packetizer() : new H264Packetizer();
  }

  requestKeyFrame(): void {
    this.#keyFrameWanted = true;
  }

  /** The first picture at or after each multiple of `intervalUs` will be a key frame; 0 ends that. */
  keyFrameEvery(intervalUs: number): void {
    this.#everyUs = intervalUs;
  }

  /** Its rate has changed; libvpx takes the new one with a key frame. */
  noteRate(nowUs: number): void {
    if (this.codec === 'vp8') this.#keyFrameByUs = Math.min(this.#keyFrameByUs, nowUs + RATE_WAIT_US);
  }

  /**
   * Whether it takes part in the picture shown at `ptsUs`: a rendition of fewer pictures a second than
   * the canvas leaves some out, evenly.
   */
  takeTurn(ptsUs: number): boolean {
    if (this.#isWhole) return true;
    // Half a millisecond of leeway: pictures of the same rate must not miss their turn by a rounding.
    const turn = Math.floor(((ptsUs + 500) * this.fps) / 1e6);
    if (turn === this.#turn) return false;
    this.#turn = turn;
    return true;
  }

  /** Somebody keeps what it gives, at its whole rate. */
  get recorded(): boolean {
    return this.tapped || this.#everyUs > 0;
  }

  /** Whether the picture shown at `ptsUs` would be a key frame. */
  keyFrameDue(ptsUs: number): boolean {
    const byClock = this.#everyUs > 0 && ptsUs % this.#everyUs < ptsUs - this.#lastPtsUs;
    const overdue = ptsUs >= this.#keyFrameByUs;
    const paused = ptsUs - this.#lastKeyFrameUs < KEY_FRAME_INTERVAL_US;
    return byClock || ((this.#keyFrameWanted || overdue) && !paused);
  }

  /** Whether the picture shown at `ptsUs` is to be a key frame; asking takes the request. */
  takeKeyFrame(ptsUs: number): boolean {
    const due = this.keyFrameDue(ptsUs);
    this.#lastPtsUs = ptsUs;
    if (!due) return false;
    this.#keyFrameWanted = false;
    this.#keyFrameByUs = Number.POSITIVE_INFINITY;
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
