import {
  AV_DISPOSITION_ATTACHED_PIC,
  AVMEDIA_TYPE_AUDIO,
  AVMEDIA_TYPE_VIDEO,
  type AVMediaType,
  AVSEEK_FLAG_BACKWARD,
} from 'node-av/constants';
import { FormatContext, InputFormat, Packet, type Stream } from 'node-av/lib';
import { type FileFormat, formatOf } from './fileFormat.ts';

/** Coded bytes of one stream held while packets of the other are looked for. */
const MAX_QUEUED_BYTES = 32 * 1024 * 1024;
const MAX_STREAMS = 32;
/** Packets of streams that are not played, skipped in one go. */
const MAX_SKIPPED = 1000;

/** `end`: there are no more. `starved`: there may be, too far behind those of the other stream. */
export type NextPacket = Packet | 'end' | 'starved';

export interface MediaStream {
  readonly stream: Stream;
  /** Coded packets that wait; whoever takes one frees it. */
  readonly queue: Packet[];
}

/** AV_NOPTS_VALUE. */
const NO_TIME = -(2n ** 63n);

/**
 * A file, demuxed: the first stream of pictures and the first of sound. Only headers are read when it is
 * opened: libavformat's own analysis would decode pictures of any size.
 */
export class MediaFile {
  readonly format: FileFormat;
  readonly pictures: MediaStream | undefined;
  readonly sound: MediaStream | undefined;
  /** Microseconds; null where the file does not say. */
  readonly durationUs: number | null;
  /** Time of the first packet, which is called zero. */
  readonly startUs: number;
  readonly #context = new FormatContext();
  readonly #packet = new Packet();
  #queuedBytes = 0;
  #ended = false;
  #closed = false;

  /** @throws Error when it cannot be opened, or has nothing to play */
  constructor(path: string) {
    this.format = formatOf(path);
    this.#context.allocContext();
    this.#context.setOption('protocol_whitelist', 'file');
    const demuxer = InputFormat.findInputFormat(this.format.demuxer);
    if (demuxer === null) throw new Error(`${this.format.demuxer} files cannot be read`);
    if (this.#context.openInputSync(`file:${path}`, demuxer, null) < 0)
      throw new Error('the file is damaged: its header cannot be read');
    this.#packet.alloc();
    const streams = this.#context.streams.slice(0, MAX_STREAMS);
    this.pictures = firstOf(streams, AVMEDIA_TYPE_VIDEO);
    this.sound = firstOf(streams, AVMEDIA_TYPE_AUDIO);
    this.durationUs = this.format.still ? null : this.#readDurationUs();
    this.startUs = this.#readStartUs();
  }

  /** The next packet of one of the two streams; the caller frees it. */
  next(of: MediaStream): NextPacket {
    for (let skipped = 0; of.queue.length === 0; skipped++) {
      if (this.#ended) return 'end';
      if (this.#queuedBytes > MAX_QUEUED_BYTES || skipped > MAX_SKIPPED) return 'starved';
      this.#read();
    }
    const packet = of.queue.shift()!;
    this.#queuedBytes -= packet.size;
    return packet;
  }

  /** Goes on before `us`, from the start of the file, where decoding can begin. False when it cannot. */
  seek(us: number): boolean {
    this.#clear();
    this.#ended = false;
    const target = (at: number) => BigInt(Math.round(at + this.startUs));
    const sought = this.#context.seekFrameSync(-1, target(us), AVSEEK_FLAG_BACKWARD);
    return sought >= 0 || this.#context.seekFrameSync(-1, target(0), AVSEEK_FLAG_BACKWARD) >= 0;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#clear();
    this.#packet.free();
    this.#context.closeInputSync();
  }

  /** What cannot be read any more is the end: what is damaged plays as far as it is whole. */
  #read(): void {
    if (this.#context.readFrameSync(this.#packet) < 0) {
      this.#ended = true;
      return;
    }
    const { streamIndex } = this.#packet;
    const to = [this.pictures, this.sound].find((each) => each?.stream.index === streamIndex);
    const kept = to && this.#packet.clone();
    if (to && kept) {
      to.queue.push(kept);
      this.#queuedBytes += kept.size;
    }
    this.#packet.unref();
  }

  #clear(): void {
    for (const { queue } of this.#streams()) for (const packet of queue.splice(0)) packet.free();
    this.#queuedBytes = 0;
  }

  #streams(): MediaStream[] {
    return [this.pictures, this.sound].filter((each) => each !== undefined);
  }

  #readDurationUs(): number | null {
    const lengths = this.#streams().map(({ stream }) => usOf(stream.duration, stream));
    lengths.push(this.#context.duration === NO_TIME ? undefined : Number(this.#context.duration));
    const known = lengths.filter((us) => us !== undefined && us > 0) as number[];
    return known.length === 0 ? null : Math.max(...known);
  }

  #readStartUs(): number {
    const starts = this.#streams().map(({ stream }) => usOf(stream.startTime, stream) ?? 0);
    return Math.max(0, Math.min(...starts));
  }
}

function firstOf(streams: Stream[], type: AVMediaType): MediaStream | undefined {
  // A cover picture of a song is no video.
  const stream = streams.find(
    (each) => each.codecpar.codecType === type && !each.hasDisposition(AV_DISPOSITION_ATTACHED_PIC),
  );
  return stream && { stream, queue: [] };
}

/** Undefined where nothing is said. */
export function usOf(ticks: bigint, { timeBase }: Stream): number | undefined {
  if (ticks === NO_TIME || timeBase.den === 0) return undefined;
  return (Number(ticks) * timeBase.num * 1e6) / timeBase.den;
}
