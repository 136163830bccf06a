/**
 * Frames on the channel between the server and a mixer (a Unix stream socket): one length-prefixed
 * frame per message, so that a whole batch of packets costs one write.
 *
 *     frame   = u32 length of the rest · u8 type · payload        (big endian throughout)
 *     CONTROL = JSON
 *     RTP     = repeated: u16 track · f64 arrivalUs · u16 length · RTP packet
 *     MEDIA   = u16 encoder · picture (see `picture.ts`)
 *     CHUNK   = u16 encoder · u8 flags · f64 ptsUs · u32 durationUs · coded bytes
 *     TRACK   = u16 track · u8 flags · f64 ptsUs · u32 durationUs · u16 width · u16 height · coded bytes
 */

export const FrameType = { CONTROL: 1, RTP: 2, MEDIA: 3, CHUNK: 4, TRACK: 5 } as const;

/** Longest frame accepted; a longer one means the stream is out of step. */
const MAX_FRAME_BYTES = 16 * 1024 * 1024;
const PREFIX = 5;

/** Head of a frame whose payload of `length` bytes follows in a separate write. */
export function frameHead(type: number, length: number): Buffer {
  const head = Buffer.allocUnsafe(PREFIX);
  head.writeUInt32BE(length + 1, 0);
  head[4] = type;
  return head;
}

export function controlFrame(message: object): Buffer {
  const json = Buffer.from(JSON.stringify(message));
  return Buffer.concat([frameHead(FrameType.CONTROL, json.length), json]);
}

/** Cuts a byte stream into frames. Payloads are views that stay valid after the call. */
export class FrameReader {
  #chunks: Buffer[] = [];
  #bytes = 0;
  /** Bytes without which nothing can be read: a large frame is put together once, not at every piece. */
  #wanted = PREFIX;

  /** @throws RangeError when a frame is impossibly long: the stream cannot be followed any more. */
  push(chunk: Buffer, each: (type: number, payload: Buffer) => void): void {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    if (this.#bytes < this.#wanted) return;
    this.#wanted = PREFIX;
    let buffer = this.#chunks.length === 1 ? chunk : Buffer.concat(this.#chunks);
    while (buffer.length >= PREFIX) {
      const length = buffer.readUInt32BE(0);
      if (length < 1 || length > MAX_FRAME_BYTES) throw new RangeError(`frame of ${length} bytes`);
      if (buffer.length < 4 + length) {
        this.#wanted = 4 + length;
        break;
      }
      each(buffer[4]!, buffer.subarray(PREFIX, 4 + length));
      buffer = buffer.subarray(4 + length);
    }
    this.#chunks = buffer.length > 0 ? [buffer] : [];
    this.#bytes = buffer.length;
  }
}

const RTP_ENTRY_HEAD = 12;

/** Gathers RTP packets of one turn of the event loop into one RTP frame. */
export class RtpBatch {
  #buffer = Buffer.allocUnsafe(256 * 1024);
  #end = PREFIX;

  get empty(): boolean {
    return this.#end === PREFIX;
  }

  add(track: number, arrivalUs: number, packet: Buffer): void {
    const needed = this.#end + RTP_ENTRY_HEAD + packet.length;
    if (needed > this.#buffer.length) {
      const larger = Buffer.allocUnsafe(needed * 2);
      this.#buffer.copy(larger, 0, 0, this.#end);
      this.#buffer = larger;
    }
    const at = this.#end;
    this.#buffer.writeUInt16BE(track, at);
    this.#buffer.writeDoubleBE(arrivalUs, at + 2);
    this.#buffer.writeUInt16BE(packet.length, at + 10);
    packet.copy(this.#buffer, at + RTP_ENTRY_HEAD);
    this.#end = needed;
  }

  /** The whole frame, prefix included; the batch is empty afterwards. */
  take(): Buffer {
    this.#buffer.writeUInt32BE(this.#end - 4, 0);
    this.#buffer[4] = FrameType.RTP;
    const frame = Buffer.from(this.#buffer.subarray(0, this.#end));
    this.#end = PREFIX;
    return frame;
  }
}

/** Reads the payload of an RTP frame. */
export function eachRtp(
  payload: Buffer,
  each: (track: number, arrivalUs: number, packet: Buffer) => void,
): void {
  let at = 0;
  while (at + RTP_ENTRY_HEAD <= payload.length) {
    const length = payload.readUInt16BE(at + 10);
    const start = at + RTP_ENTRY_HEAD;
    if (start + length > payload.length) return;
    each(payload.readUInt16BE(at), payload.readDoubleBE(at + 2), payload.subarray(start, start + length));
    at = start + length;
  }
}

export interface Chunk {
  encoder: number;
  keyFrame: boolean;
  ptsUs: number;
  durationUs: number;
  bytes: Buffer;
}

const CHUNK_HEAD = 15;

export function chunkFrame(chunk: Chunk): Buffer {
  const head = Buffer.allocUnsafe(CHUNK_HEAD);
  head.writeUInt16BE(chunk.encoder, 0);
  head[2] = chunk.keyFrame ? 1 : 0;
  head.writeDoubleBE(chunk.ptsUs, 3);
  head.writeUInt32BE(chunk.durationUs, 11);
  return Buffer.concat([frameHead(FrameType.CHUNK, CHUNK_HEAD + chunk.bytes.length), head, chunk.bytes]);
}

export function readChunk(payload: Buffer): Chunk {
  return {
    encoder: payload.readUInt16BE(0),
    keyFrame: payload[2] === 1,
    ptsUs: payload.readDoubleBE(3),
    durationUs: payload.readUInt32BE(11),
    bytes: payload.subarray(CHUNK_HEAD),
  };
}

/** A frame of a speaker's own track, as it came: coded by them, at the moment it was captured. */
export interface TrackFrame {
  track: number;
  keyFrame: boolean;
  /** On the monotonic clock, as that of the program's chunks. */
  ptsUs: number;
  /** Of sound; 0 for pictures, which last until the next one. */
  durationUs: number;
  /** Of a picture, as its last key frame announced it; 0 for sound. */
  width: number;
  height: number;
  /** VP8, VP9, H.264 as Annex B, AV1 as a temporal unit, or Opus. */
  bytes: Buffer;
}

export const TRACK_HEAD = 19;

export function trackFrame(frame: TrackFrame): Buffer {
  const head = Buffer.allocUnsafe(TRACK_HEAD);
  head.writeUInt16BE(frame.track, 0);
  head[2] = frame.keyFrame ? 1 : 0;
  head.writeDoubleBE(frame.ptsUs, 3);
  head.writeUInt32BE(frame.durationUs, 11);
  head.writeUInt16BE(frame.width, 15);
  head.writeUInt16BE(frame.height, 17);
  return Buffer.concat([frameHead(FrameType.TRACK, TRACK_HEAD + frame.bytes.length), head, frame.bytes]);
}

export function readTrackFrame(payload: Buffer): TrackFrame {
  return {
    track: payload.readUInt16BE(0),
    keyFrame: payload[2] === 1,
    ptsUs: payload.readDoubleBE(3),
    durationUs: payload.readUInt32BE(11),
    width: payload.readUInt16BE(15),
    height: payload.readUInt16BE(17),
    bytes: payload.subarray(TRACK_HEAD),
  };
}
