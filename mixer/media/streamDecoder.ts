import {
  AV_CODEC_ID_AAC,
  AV_CODEC_ID_AV1,
  AV_CODEC_ID_H264,
  AV_CODEC_ID_HEVC,
  AV_CODEC_ID_MJPEG,
  AV_CODEC_ID_MP3,
  AV_CODEC_ID_OPUS,
  AV_CODEC_ID_PNG,
  AV_CODEC_ID_VORBIS,
  AV_CODEC_ID_VP8,
  AV_CODEC_ID_VP9,
  AV_CODEC_ID_WEBP,
} from 'node-av/constants';
import { Codec, CodecContext, Frame } from 'node-av/lib';
import { type MediaFile, type MediaStream, usOf } from './mediaFile.ts';

/** What is in files that people have; everything else is code that nobody needs to be attacked by. */
const CODECS: ReadonlySet<number> = new Set([
  ...[AV_CODEC_ID_H264, AV_CODEC_ID_HEVC, AV_CODEC_ID_VP8, AV_CODEC_ID_VP9, AV_CODEC_ID_AV1],
  ...[AV_CODEC_ID_PNG, AV_CODEC_ID_MJPEG, AV_CODEC_ID_WEBP],
  ...[AV_CODEC_ID_AAC, AV_CODEC_ID_MP3, AV_CODEC_ID_OPUS, AV_CODEC_ID_VORBIS],
]);

/** Of a frame that does not say how long it lasts. */
const FRAME_US = 40_000;

/** The frame is lent: it is gone when the call returns. */
export type EachFrame = (frame: Frame, fileUs: number, durationUs: number) => void;

/** Decodes one stream of a file, packet by packet. */
export class StreamDecoder {
  readonly #file: MediaFile;
  readonly #from: MediaStream;
  readonly #context = new CodecContext();
  readonly #frame = new Frame();
  #nextUs = 0;
  #ended = false;
  #closed = false;

  /** @throws Error when there is no decoder for it */
  constructor(file: MediaFile, from: MediaStream, maxPixels: number) {
    this.#file = file;
    this.#from = from;
    const { codecpar, timeBase } = from.stream;
    const codec = CODECS.has(codecpar.codecId) ? Codec.findDecoder(codecpar.codecId) : null;
    if (codec === null) throw new Error(`its codec (${codecpar.codecId}) is not played`);
    this.#context.allocContext3(codec);
    this.#context.parametersToContext(codecpar);
    this.#context.pktTimebase = timeBase;
    this.#context.threadCount = 1;
    this.#context.setOption('max_pixels', maxPixels);
    const opened = this.#context.open2Sync(codec, null);
    if (opened < 0) throw new Error(`it cannot be decoded (${codec.name}, ${opened})`);
    this.#frame.alloc();
  }

  /** Decodes one packet. Damaged ones give nothing. */
  step(each: EachFrame): 'more' | 'end' | 'starved' {
    if (this.#ended) return 'end';
    const packet = this.#file.next(this.#from);
    if (packet === 'starved') return 'starved';
    this.#ended = packet === 'end';
    this.#context.sendPacketSync(packet === 'end' ? null : packet);
    if (packet !== 'end') packet.free();
    this.#receive(each);
    return this.#ended ? 'end' : 'more';
  }

  /** After the file was sought. */
  flush(): void {
    this.#context.flushBuffers();
    this.#ended = false;
    this.#nextUs = 0;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#frame.free();
    this.#context.freeContext();
  }

  #receive(each: EachFrame): void {
    const { stream } = this.#from;
    while (this.#context.receiveFrameSync(this.#frame) >= 0) {
      const ticksUs = usOf(this.#frame.bestEffortTimestamp, stream);
      const fileUs = ticksUs === undefined ? this.#nextUs : ticksUs - this.#file.startUs;
      const saidUs = this.#frame.duration > 0n ? usOf(this.#frame.duration, stream) : undefined;
      const durationUs = saidUs ?? frameUs(stream.avgFrameRate);
      this.#nextUs = fileUs + durationUs;
      each(this.#frame, fileUs, durationUs);
      this.#frame.unref();
    }
  }
}

const frameUs = ({ num, den }: { num: number; den: number }) =>
  num > 0 && den > 0 ? (den * 1e6) / num : FRAME_US;
