import {
  AV_PICTURE_TYPE_I,
  AV_PICTURE_TYPE_NONE,
  AV_PIX_FMT_YUV420P,
  FF_ENCODER_LIBVPX_VP8,
  FF_ENCODER_LIBX264,
} from 'node-av/constants';
import { Codec, CodecContext, type Frame, Packet, Rational } from 'node-av/lib';
import type { VideoCodec } from '../protocol/control.ts';

export interface VideoEncoderSettings {
  codec: VideoCodec;
  width: number;
  height: number;
  fps: number;
  kbps: number;
  /** How much time is spent on a picture: x264's preset, libvpx's cpu-used; default: what suits the size. */
  effort?: string | number;
}

export interface CodedPicture {
  keyFrame: boolean;
  data: Buffer;
}

const names = { vp8: FF_ENCODER_LIBVPX_VP8, h264: FF_ENCODER_LIBX264 } as const;

/**
 * Realtime settings. x264: constrained baseline, which every browser decodes; key frames only when asked
 * for.
 */
const options: Record<VideoCodec, Record<string, string | number>> = {
  vp8: { deadline: 'realtime', 'lag-in-frames': 0, 'auto-alt-ref': 0, 'static-thresh': 1 },
  h264: { tune: 'zerolatency', profile: 'baseline', 'forced-idr': 1, sc_threshold: 0, aud: 0 },
};

const effortOption = { vp8: 'cpu-used', h264: 'preset' } as const;

/** Pictures of at most so many lines are small: more time for each costs next to nothing. */
const SMALL = { vp8: 240, h264: 432 } as const;

/**
 * What suits the size, from the table of `npm run bench -- encoders` in docs/performance.md. libvpx: a
 * positive cpu-used would mean "as slow as there is time for".
 */
function effortFor({ codec, height }: VideoEncoderSettings): string | number {
  const isSmall = height <= SMALL[codec];
  if (codec === 'vp8') return isSmall ? -4 : -8;
  return isSmall ? 'veryfast' : 'superfast';
}

/** One encoder, synchronous: it lives on a thread of its own (`encoderThread.ts`). */
export class VideoEncoder {
  readonly #context = new CodecContext();
  readonly #packet = new Packet();
  #pictures = 0;
  #closed = false;

  /** @throws Error when libav refuses the settings. */
  constructor(settings: VideoEncoderSettings) {
    const codec = Codec.findEncoderByName(names[settings.codec]);
    this.#context.allocContext3(codec);
    this.#configure(settings);
    const opened = this.#context.open2Sync(codec, null);
    if (opened < 0) throw new Error(`${settings.codec} encoder does not open: ${opened}`);
    this.#packet.alloc();
  }

  /**
   * Encodes one picture of the encoder's size. The frame stays the caller's.
   * @throws Error when libav does not take it.
   */
  encode(frame: Frame, keyFrame: boolean): CodedPicture[] {
    if (this.#closed) return [];
    // Numbers instead of times: after a skipped picture libvpx would take the gap for a lower frame rate
    // and spend up to ten pictures' worth of bits on the next one.
    frame.pts = BigInt(this.#pictures++);
    frame.pictType = keyFrame ? AV_PICTURE_TYPE_I : AV_PICTURE_TYPE_NONE;
    const sent = this.#context.sendFrameSync(frame);
    if (sent < 0) throw new Error(`a picture was not encoded: ${sent}`);
    const pictures: CodedPicture[] = [];
    while (this.#context.receivePacketSync(this.#packet) >= 0) {
      pictures.push({ keyFrame: this.#packet.isKeyframe, data: Buffer.from(this.#packet.data!) });
      this.#packet.unref();
    }
    return pictures;
  }

  /** Another rate from the next picture on: x264 follows, libvpx would have to be opened anew. */
  setRate(kbps: number): void {
    if (this.#closed) return;
    setRate(this.#context, kbps);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#packet.free();
    this.#context.freeContext();
  }

  #configure(settings: VideoEncoderSettings): void {
    const { codec, width, height, fps, kbps } = settings;
    const context = this.#context;
    context.width = width;
    context.height = height;
    context.pixelFormat = AV_PIX_FMT_YUV420P;
    context.timeBase = new Rational(1, fps);
    context.framerate = new Rational(fps, 1);
    setRate(context, kbps);
    context.gopSize = 1_000_000;
    context.maxBFrames = 0;
    context.threadCount = 1;
    const effort = { [effortOption[codec]]: settings.effort ?? effortFor(settings) };
    for (const [name, value] of Object.entries({ ...effort, ...options[codec] })) {
      const set = context.setOption(name, value);
      if (set < 0) throw new Error(`${codec} encoder knows no ${name}=${value}: ${set}`);
    }
  }
}

/** Constant rate, with a second's worth of buffer. */
function setRate(context: CodecContext, kbps: number): void {
  const bitRate = BigInt(kbps * 1000);
  context.bitRate = bitRate;
  context.rcMinRate = bitRate;
  context.rcMaxRate = bitRate;
  context.rcBufferSize = kbps * 1000;
}
