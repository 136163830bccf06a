import type { Duplex } from 'node:stream';
import type { FromMixer, ToMixer } from '../../mixer/protocol/control.ts';
import {
  type Chunk,
  controlFrame,
  FrameReader,
  FrameType,
  RtpBatch,
  readChunk,
  readTrackFrame,
  TRACK_HEAD,
  type TrackFrame,
} from '../../mixer/protocol/framing.ts';
import { ByteRate } from './byteRate.ts';
import { isPicture, parseControl } from './fromMixer.ts';

export interface ChannelEvents {
  control(message: FromMixer): void;
  /** A checked picture of `encoder`. */
  media(encoder: number, picture: Buffer): void;
  chunk(chunk: Chunk): void;
  trackFrame(frame: TrackFrame): void;
  /** Any frame at all: the other side lives. */
  alive(): void;
  /** The byte stream cannot be followed any more. */
  broken(reason: string): void;
}

const CHUNK_HEAD = 15;

/**
 * The server's end of the channel to one mixer.
 *  - RTP of one turn of the event loop goes out in one write.
 *  - With about one second of media waiting, RTP is dropped and counted; control never is.
 *  - What comes in is checked; what is not understood is dropped and counted.
 */
export class Channel {
  /** RTP packets dropped because the mixer did not keep up. */
  droppedPackets = 0;
  /** Frames that made no sense. */
  badFrames = 0;
  readonly #socket: Duplex;
  readonly #events: ChannelEvents;
  readonly #reader = new FrameReader();
  readonly #batch = new RtpBatch();
  readonly #rate = new ByteRate();
  /** Bytes in the batch. */
  #gathered = 0;
  #closed = false;

  constructor(socket: Duplex, events: ChannelEvents) {
    this.#socket = socket;
    this.#events = events;
    socket.on('data', (bytes: Buffer) => this.#read(bytes));
    socket.on('error', (error) => this.#break(error.message));
    socket.on('close', () => this.#break('channel closed by the mixer'));
  }

  send(message: ToMixer): void {
    if (this.#closed) return;
    // What was received before a message is handed on before it.
    this.#flush();
    this.#socket.write(controlFrame(message));
  }

  rtp(track: number, arrivalUs: number, packet: Buffer): void {
    if (this.#closed) return;
    if (this.clogged || packet.length > 0xffff) {
      this.droppedPackets++;
      return;
    }
    if (this.#gathered === 0) setImmediate(this.#flush);
    this.#batch.add(track, arrivalUs, packet);
    this.#gathered += packet.length;
  }

  /** True while about a second of media waits to be taken. */
  get clogged(): boolean {
    return this.#socket.writableLength + this.#gathered > this.#rate.perSecond;
  }

  /** Ends the channel; the mixer ends itself after that. Tells nobody. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#socket.destroy();
  }

  readonly #flush = (): void => {
    if (this.#closed || this.#batch.empty) return;
    this.#gathered = 0;
    const frame = this.#batch.take();
    this.#rate.add(frame.length, performance.now());
    this.#socket.write(frame);
  };

  #read(bytes: Buffer): void {
    if (this.#closed) return;
    try {
      this.#reader.push(bytes, (type, payload) => this.#take(type, payload));
    } catch (error) {
      this.#break(String(error));
    }
  }

  #take(type: number, payload: Buffer): void {
    if (this.#closed) return;
    this.#events.alive();
    if (type === FrameType.MEDIA) this.#takeMedia(payload);
    else if (type === FrameType.CONTROL) this.#takeControl(payload);
    else if (type === FrameType.CHUNK && payload.length > CHUNK_HEAD) this.#events.chunk(readChunk(payload));
    else if (type === FrameType.TRACK && payload.length > TRACK_HEAD)
      this.#events.trackFrame(readTrackFrame(payload));
    else this.badFrames++;
  }

  #takeMedia(payload: Buffer): void {
    const picture = payload.subarray(2);
    if (isPicture(picture)) this.#events.media(payload.readUInt16BE(0), picture);
    else this.badFrames++;
  }

  #takeControl(payload: Buffer): void {
    const message = parseControl(payload);
    if (message) this.#events.control(message);
    else this.badFrames++;
  }

  #break(reason: string): void {
    if (this.#closed) return;
    this.close();
    this.#events.broken(reason);
  }
}
