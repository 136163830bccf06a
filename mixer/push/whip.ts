import {
  AV_CHANNEL_LAYOUT_STEREO,
  AV_CODEC_ID_H264,
  AV_CODEC_ID_OPUS,
  AV_PIX_FMT_YUV420P,
  AV_PKT_FLAG_KEY,
  AV_SAMPLE_FMT_FLT,
  AVMEDIA_TYPE_AUDIO,
  AVMEDIA_TYPE_VIDEO,
} from 'node-av/constants';
import { FFmpegError, FormatContext, Packet, Rational, type Stream } from 'node-av/lib';
import type { Chunk } from '../protocol/framing.ts';
import { PushEncoder, type PushOrder } from '../protocol/push.ts';

export interface WhipEvents {
  /** The target takes the stream. */
  running(): void;
  /** Told once; nothing is sent any more. */
  failed(reason: string): void;
}

/** Time base of what comes in: microseconds. */
const MICROSECONDS = new Rational(1, 1_000_000);

/**
 * A stream to a WHIP endpoint (RFC 9725), begun with the first key frame. Writing waits for the network
 * on a thread of its own; what piles up meanwhile is dropped up to the next key frame.
 */
export class WhipStream {
  readonly #order: PushOrder;
  readonly #events: WhipEvents;
  readonly #maxWaiting: number;
  readonly #context = new FormatContext();
  readonly #streams = new Map<number, Stream>();
  #waiting: Chunk[] = [];
  #writing: Promise<void> | undefined;
  #begun = false;
  #dropping = false;
  #over = false;

  constructor(order: PushOrder, maxWaiting: number, events: WhipEvents) {
    this.#order = order;
    this.#maxWaiting = maxWaiting;
    this.#events = events;
  }

  push(chunk: Chunk): void {
    if (this.#over) return;
    const isKey = chunk.encoder === PushEncoder.VIDEO && chunk.keyFrame;
    if (!this.#begun && !isKey) return;
    if (this.#waiting.length > this.#maxWaiting) {
      this.#waiting = [];
      this.#dropping = true;
    }
    if (this.#dropping && !isKey) return;
    this.#dropping = false;
    this.#waiting.push({ ...chunk, bytes: Buffer.from(chunk.bytes) });
    if (this.#begun) this.#write();
    else this.#begin(chunk);
  }

  /** Says goodbye to the target, if it was ever there. */
  async end(): Promise<void> {
    if (this.#over) return;
    this.#over = true;
    await this.#writing;
    if (this.#streams.size > 0) await this.#context.writeTrailer();
  }

  #begin(first: Chunk): void {
    this.#begun = true;
    this.#writing = this.#open(first).then(() => {
      this.#writing = undefined;
      this.#write();
    });
  }

  async #open(first: Chunk): Promise<void> {
    const allocated = this.#context.allocOutputContext2(null, 'whip', this.#order.url);
    if (allocated < 0) return this.#fail('no WHIP', allocated);
    this.#addVideo(first);
    this.#addAudio();
    const opened = await this.#context.writeHeader();
    if (opened < 0) {
      this.#streams.clear();
      return this.#fail('the connection was not made', opened);
    }
    this.#events.running();
  }

  #addVideo(first: Chunk): void {
    const { width, height, fps, kbps } = this.#order;
    const stream = this.#context.newStream();
    const parameters = stream.codecpar;
    parameters.codecType = AVMEDIA_TYPE_VIDEO;
    parameters.codecId = AV_CODEC_ID_H264;
    parameters.format = AV_PIX_FMT_YUV420P;
    parameters.width = width;
    parameters.height = height;
    parameters.bitRate = BigInt(kbps * 1000);
    parameters.frameRate = new Rational(fps, 1);
    // Profile and level are read from it; the parameter sets are in every key frame anyway.
    parameters.extradata = Buffer.from(first.bytes);
    this.#streams.set(PushEncoder.VIDEO, stream);
  }

  #addAudio(): void {
    const stream = this.#context.newStream();
    const parameters = stream.codecpar;
    parameters.codecType = AVMEDIA_TYPE_AUDIO;
    parameters.codecId = AV_CODEC_ID_OPUS;
    parameters.format = AV_SAMPLE_FMT_FLT;
    parameters.sampleRate = 48_000;
    parameters.channelLayout = AV_CHANNEL_LAYOUT_STEREO;
    this.#streams.set(PushEncoder.AUDIO, stream);
  }

  #write(): void {
    if (this.#writing || this.#over || this.#waiting.length === 0) return;
    this.#writing = this.#writeAll().finally(() => {
      this.#writing = undefined;
    });
  }

  async #writeAll(): Promise<void> {
    const packet = new Packet();
    packet.alloc();
    for (let chunk = this.#waiting.shift(); chunk && !this.#over; chunk = this.#waiting.shift()) {
      const stream = this.#streams.get(chunk.encoder);
      if (!stream) continue;
      load(packet, chunk, stream);
      const written = await this.#context.writeFrame(packet);
      packet.unref();
      if (written < 0) this.#fail('sending failed', written);
    }
    packet.free();
  }

  #fail(what: string, code: number): void {
    if (this.#over) return;
    this.#over = true;
    this.#waiting = [];
    this.#events.failed(`${what}: ${FFmpegError.strerror(code)}`);
  }
}

function load(packet: Packet, { bytes, ptsUs, durationUs, keyFrame }: Chunk, stream: Stream): void {
  packet.data = bytes;
  packet.streamIndex = stream.index;
  packet.pts = BigInt(Math.round(ptsUs));
  packet.dts = packet.pts;
  packet.duration = BigInt(durationUs);
  if (keyFrame) packet.setFlags(AV_PKT_FLAG_KEY);
  packet.rescaleTs(MICROSECONDS, stream.timeBase);
}
