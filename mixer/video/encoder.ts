import {
  AV_PICTURE_TYPE_I,
  AV_PICTURE_TYPE_NONE,
  AV_PIX_FMT_YUV420P,
  FF_ENCODER_LIBVPX_VP8,
  FF_ENCODER_LIBX264,
} from 'node-av/constants';
import { Codec, CodecContext, Frame, Packet, Rational } from 'node-av/lib';
import type { VideoCodec } from '../protocol/control.ts';
import type { Planes } from './planes.ts';

export interface VideoEncoderSettings {
  codec: VideoCodec;
  width: number;
  height: number;
  fps: number;
  kbps: number;
}

export interface CodedPicture {
  keyFrame: boolean;
  data: Buffer;
}

const names = { vp8: FF_ENCODER_LIBVPX_VP8, h264: FF_ENCODER_LIBX264 } as const;

/**
 * Realtime settings. libvpx: a positive cpu-used would mean "as slow as there is time for". x264:
 * constrained baseline, which every browser decodes; key frames only when asked for.
 */
const options: Record<VideoCodec, Record<string, string | number>> = {
  vp8: { deadline: 'realtime', 'cpu-used': -8, 'lag-in-frames': 0, 'auto-alt-ref': 0, 'static-thresh': 1 },
  h264: {
    preset: 'superfast',
    tune: 'zerolatency',
    profile: 'baseline',
    'forced-idr': 1,
    sc_threshold: 0,
    aud: 0,
  },
};

/** One encoder, synchronous: it lives on a thread of its own (`encoderThread.ts`). */
export class VideoEncoder {
  readonly #context = new CodecContext();
  readonly #frame = new Frame();
  readonly #planes: Buffer[];
  readonly #packet = new Packet();
  readonly #settings: VideoEncoderSettings;
  #pictures = 0;
  #closed = false;

  /** @throws Error when libav refuses the settings. */
  constructor(settings: VideoEncoderSettings) {
    this.#settings = settings;
    const codec = Codec.findEncoderByName(names[settings.codec]);
    this.#context.allocContext3(codec);
    this.#configure(settings);
    const opened = this.#context.open2Sync(codec, null);
    if (opened < 0) throw new Error(`${settings.codec} encoder does not open: ${opened}`);
    this.#packet.alloc();
    this.#frame.alloc();
    this.#frame.width = settings.width;
    this.#frame.height = settings.height;
    this.#frame.format = AV_PIX_FMT_YUV420P;
    this.#frame.getBuffer(0);
    this.#planes = this.#frame.data!;
  }

  /** Encodes one picture. */
  encode(canvas: Planes, keyFrame: boolean): CodedPicture[] {
    if (this.#closed) return [];
    this.#load(canvas);
    // Numbers instead of times: after a skipped picture libvpx would take the gap for a lower frame rate
    // and spend up to ten pictures' worth of bits on the next one.
    this.#frame.pts = BigInt(this.#pictures++);
    this.#frame.pictType = keyFrame ? AV_PICTURE_TYPE_I : AV_PICTURE_TYPE_NONE;
    if (this.#context.sendFrameSync(this.#frame) < 0) return [];
    const pictures: CodedPicture[] = [];
    while (this.#context.receivePacketSync(this.#packet) >= 0) {
      pictures.push({ keyFrame: this.#packet.isKeyframe, data: Buffer.from(this.#packet.data!) });
      this.#packet.unref();
    }
    return pictures;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#packet.free();
    this.#frame.free();
    this.#context.freeContext();
  }

  #configure({ codec, width, height, fps, kbps }: VideoEncoderSettings): void {
    const context = this.#context;
    const bitRate = BigInt(kbps * 1000);
    context.width = width;
    context.height = height;
    context.pixelFormat = AV_PIX_FMT_YUV420P;
    context.timeBase = new Rational(1, fps);
    context.framerate = new Rational(fps, 1);
    context.bitRate = bitRate;
    context.rcMinRate = bitRate;
    context.rcMaxRate = bitRate;
    context.rcBufferSize = kbps * 1000;
    context.gopSize = 1_000_000;
    context.maxBFrames = 0;
    context.threadCount = 1;
    for (const [name, value] of Object.entries(options[codec])) {
      const set = context.setOption(name, value);
      if (set < 0) throw new Error(`${codec} encoder knows no ${name}=${value}: ${set}`);
    }
  }

  #load(canvas: Planes): void {
    const strides = this.#frame.linesize;
    copyPlane(canvas.y, canvas.width, this.#planes[0]!, strides[0]!, this.#settings.height);
    copyPlane(canvas.u, canvas.width / 2, this.#planes[1]!, strides[1]!, this.#settings.height / 2);
    copyPlane(canvas.v, canvas.width / 2, this.#planes[2]!, strides[2]!, this.#settings.height / 2);
  }
}

function copyPlane(from: Buffer, width: number, to: Buffer, stride: number, rows: number): void {
  if (width === stride) {
    from.copy(to, 0, 0, width * rows);
    return;
  }
  for (let row = 0; row < rows; row++) from.copy(to, row * stride, row * width, (row + 1) * width);
}
