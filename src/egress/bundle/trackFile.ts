import { appendFile } from 'node:fs/promises';
import { MatroskaWriter, type MediaPacket } from '../matroska/writer.ts';

export interface TrackSpec {
  media: 'audio' | 'video';
  codec: 'vp8' | 'h264' | 'vp9' | 'av1' | 'opus';
  /** 0 for sound. */
  width: number;
  height: number;
}

type Packet = Omit<MediaPacket, 'media'>;

/** Sound that was overtaken on its way is put in its place as long as that is not written. */
const REORDER_US = 200_000;
/** How long the last picture lasts that nobody replaced. */
const LAST_PICTURE_US = 33_333;
/** A disk that takes nothing for this long costs the track, never the memory. */
const MAX_WAITING_BYTES = 16 * 1024 * 1024;
const FPS = 30;

/** `.webm` where every browser plays it. */
export const suffixOf = (codec: TrackSpec['codec']): string => (codec === 'h264' ? 'mkv' : 'webm');

/** One file of one track while it is written. Times are from its own beginning. */
export class TrackFile {
  /** Why it is not written any more, or null. */
  problem: string | null = null;
  readonly #path: string;
  readonly #spec: TrackSpec;
  readonly #writer: MatroskaWriter;
  #waiting: Packet[] = [];
  #waitingBytes = 0;
  #writtenUs = Number.NEGATIVE_INFINITY;
  #last: Promise<void> = Promise.resolve();

  constructor(path: string, spec: TrackSpec) {
    this.#path = path;
    this.#spec = spec;
    const { codec, width, height } = spec;
    const video = codec === 'opus' ? null : { codec, width, height, fps: FPS };
    const file = suffixOf(codec) === 'webm' ? 'webm' : 'matroska';
    this.#writer = new MatroskaWriter({ video, audio: codec === 'opus', file });
  }

  push(packet: Packet): void {
    if (this.problem !== null) return;
    if (this.#waitingBytes > MAX_WAITING_BYTES) {
      this.problem = 'the disk is too slow';
      return;
    }
    // A copy: the packet is a view on a larger piece of the channel's memory.
    const kept = { ...packet, bytes: Buffer.from(packet.bytes) };
    if (this.#spec.media === 'video') this.#waiting.push(kept);
    else this.#insert(kept);
    this.#waitingBytes += kept.bytes.length;
  }

  /** Writes what has its place and its length. Never rejects. */
  flush(): Promise<void> {
    const newestUs = this.#waiting.at(-1)?.timeUs ?? 0;
    const isSettled = ({ timeUs }: Packet, index: number) =>
      this.#spec.media === 'video' ? index < this.#waiting.length - 1 : timeUs < newestUs - REORDER_US;
    return this.#write(this.#waiting.filter(isSettled).length);
  }

  /** Writes the rest. */
  close(): Promise<void> {
    return this.#write(this.#waiting.length);
  }

  #insert(packet: Packet): void {
    // What comes later than its successors were written has lost its place.
    if (packet.timeUs <= this.#writtenUs) return;
    const at = this.#waiting.findLastIndex(({ timeUs }) => timeUs <= packet.timeUs) + 1;
    this.#waiting.splice(at, 0, packet);
  }

  #write(count: number): Promise<void> {
    const packets = this.#waiting.slice(0, count);
    const pieces = packets.flatMap((packet, index) => {
      this.#writtenUs = packet.timeUs;
      const durationUs = this.#durationOf(packet, this.#waiting[index + 1]);
      return this.#writer.write({ ...packet, durationUs, media: this.#spec.media });
    });
    this.#waiting.splice(0, count);
    if (pieces.length === 0) return this.#last;
    const bytes = Buffer.concat(pieces);
    this.#last = this.#last
      .then(() => (this.problem === null ? appendFile(this.#path, bytes) : undefined))
      .then(
        () => {
          for (const packet of packets) this.#waitingBytes -= packet.bytes.length;
        },
        (error: Error) => {
          this.problem ??= error.message;
        },
      );
    return this.#last;
  }

  #durationOf({ timeUs, durationUs }: Packet, next: Packet | undefined): number {
    if (this.#spec.media === 'audio') return durationUs;
    return next ? Math.max(0, next.timeUs - timeUs) : LAST_PICTURE_US;
  }
}
