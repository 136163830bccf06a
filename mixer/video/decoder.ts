import {
  AV_CODEC_FLAG_LOW_DELAY,
  AV_CODEC_ID_H264,
  AV_CODEC_ID_VP8,
  AV_CODEC_ID_VP9,
  FF_DECODER_LIBDAV1D,
} from 'node-av/constants';
import { Codec, CodecContext, type Frame, Packet, Rational } from 'node-av/lib';
import type { SpeakerCodec } from '../protocol/control.ts';
import type { CodedFrame } from '../rtp/frame.ts';
import { giveFrame, takeFrame } from './framePool.ts';

const codecIds = { vp8: AV_CODEC_ID_VP8, h264: AV_CODEC_ID_H264, vp9: AV_CODEC_ID_VP9 } as const;

/** libavcodec's own AV1 decoder needs a graphics card. */
const decoderOf = (codec: SpeakerCodec) =>
  codec === 'av1' ? Codec.findDecoderByName(FF_DECODER_LIBDAV1D) : Codec.findDecoder(codecIds[codec]);

/** RTP's clock for video: pictures keep their unwrapped timestamp as pts. */
const TIME_BASE = new Rational(1, 90_000);

/** What a decoder made of a frame: a picture (the caller's to give back), nothing yet, or an error. */
export type Decoded = { picture: Frame } | { error: number } | null;

/** One stream's decoder. It refuses pictures over `maxPixels` before it allocates them. */
export class VideoDecoder {
  readonly #context = new CodecContext();
  readonly #packet = new Packet();
  #closed = false;

  constructor(codec: SpeakerCodec, maxPixels: number) {
    const decoder = decoderOf(codec);
    this.#context.allocContext3(decoder);
    // Frame threads would hold back one picture each.
    this.#context.threadCount = 1;
    this.#context.setFlags(AV_CODEC_FLAG_LOW_DELAY);
    this.#context.pktTimebase = TIME_BASE;
    this.#context.setOption('max_pixels', maxPixels);
    const opened = this.#context.open2Sync(decoder, null);
    if (opened < 0) throw new Error(`no ${codec} decoder: ${opened}`);
    this.#packet.alloc();
  }

  /** Of several layers the last one is the picture. */
  decode({ data, layers }: CodedFrame, ticks: number): Decoded {
    let decoded: Decoded = null;
    for (const layer of layers ?? [data]) {
      if (decoded !== null && 'picture' in decoded) giveFrame(decoded.picture);
      decoded = this.#decode(layer, ticks);
      if (decoded !== null && 'error' in decoded) break;
    }
    return decoded;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#packet.free();
    this.#context.freeContext();
  }

  #decode(data: Buffer, ticks: number): Decoded {
    if (this.#closed) return null;
    this.#packet.data = data;
    this.#packet.pts = BigInt(ticks);
    const sent = this.#context.sendPacketSync(this.#packet);
    this.#packet.unref();
    if (sent < 0) return { error: sent };
    const picture = takeFrame();
    const received = this.#context.receiveFrameSync(picture);
    if (received >= 0 && picture.decodeErrorFlags === 0) return { picture };
    giveFrame(picture);
    return received >= 0 ? { error: -1 } : null;
  }
}
