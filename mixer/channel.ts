import { Socket } from 'node:net';
import type { FromMixer, ToMixer } from './protocol/control.ts';
import {
  type Chunk,
  chunkFrame,
  controlFrame,
  eachRtp,
  FrameReader,
  FrameType,
  frameHead,
  type TrackFrame,
  trackFrame,
} from './protocol/framing.ts';

export interface ChannelEvents {
  control(message: ToMixer): void;
  rtp(track: number, packet: Buffer, arrivalUs: number): void;
  /** The server has gone: the mixer has nothing more to do. */
  closed(): void;
}

/** Media waiting to be written, at most; a server that reads no more must not fill our memory. */
const MAX_BACKLOG_BYTES = 8 * 1024 * 1024;

const READ_BYTES = 256 * 1024;

/** The mixer's end of the channel to the server, an inherited Unix socket. */
export class Channel {
  readonly #socket: Socket;
  readonly #reader = new FrameReader();
  droppedFrames = 0;

  constructor(fd: number, events: ChannelEvents) {
    const take = (type: number, payload: Buffer) => {
      if (type === FrameType.CONTROL) events.control(JSON.parse(payload.toString()));
      else if (type === FrameType.RTP)
        eachRtp(payload, (track, arrivalUs, packet) => events.rtp(track, packet, arrivalUs));
    };
    // One buffer for all reads: else Node sets aside 64 KiB for each, hundreds of times a second.
    const buffer = Buffer.allocUnsafeSlow(READ_BYTES);
    const callback = (length: number) => {
      this.#reader.push(Buffer.from(buffer.subarray(0, length)), take);
      return true;
    };
    const options = { fd, readable: true, writable: true, onread: { buffer, callback } };
    this.#socket = new Socket(options);
    this.#socket.on('close', () => events.closed());
    this.#socket.on('end', () => events.closed());
    this.#socket.on('error', () => events.closed());
  }

  /**
   * Reads what has come, then calls `work`, and reads no more until the next call. Packets come many
   * hundred times a second and are needed at the next tick only; so everything a tick needs is done in
   * one go, with warm caches.
   */
  gather(work: () => void): void {
    this.#socket.resume();
    setImmediate(() => {
      this.#socket.pause();
      work();
    });
  }

  send(message: FromMixer): void {
    this.#socket.write(controlFrame(message));
  }

  /** A picture or sound frame of `encoder`, as `protocol/picture.ts` writes it. */
  sendMedia(encoder: number, picture: Buffer): void {
    if (this.#full()) return;
    const head = Buffer.allocUnsafe(7);
    frameHead(FrameType.MEDIA, 2 + picture.length).copy(head);
    head.writeUInt16BE(encoder, 5);
    this.#socket.cork();
    this.#socket.write(head);
    this.#socket.write(picture);
    this.#socket.uncork();
  }

  sendChunk(chunk: Chunk): void {
    if (!this.#full()) this.#socket.write(chunkFrame(chunk));
  }

  sendTrackFrame(frame: TrackFrame): void {
    if (!this.#full()) this.#socket.write(trackFrame(frame));
  }

  #full(): boolean {
    const full = this.#socket.writableLength > MAX_BACKLOG_BYTES;
    if (full) this.droppedFrames++;
    return full;
  }
}
