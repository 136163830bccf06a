import { randomInt } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { nowUs } from '../../../../src/rtc/clock.ts';
import type { VideoClip } from '../../load/clip.ts';
import type { Paced } from '../../load/pace.ts';
import { rtpPacket } from '../../rtp/header.ts';
import { type MountpointPorts, mountpointTypes } from './mountpoint.ts';

/** As speakers of the load do: a picture at two and a half times its rate, in bursts every 5 ms. */
const PACING_FACTOR = 2.5;
const BURST_US = 5_000;
const SOUND_US = 20_000;
const LOOPBACK = '127.0.0.1';

export interface FeedMedia {
  clip: VideoClip;
  /** Opus packets of 20 ms, sent over and over. */
  sound: readonly Buffer[];
}

interface Queued {
  payload: Buffer;
  timestamp: number;
  marker: boolean;
  dueUs: number;
}

/** One RTP stream over plain UDP. */
class PlainStream {
  readonly #socket: Socket;
  readonly #port: number;
  readonly #payloadType: number;
  readonly #ssrc = randomInt(1, 2 ** 32);
  #sequence = 0;

  constructor(socket: Socket, port: number, payloadType: number) {
    this.#socket = socket;
    this.#port = port;
    this.#payloadType = payloadType;
  }

  send(payload: Buffer, timestamp: number, marker: boolean): void {
    const header = { payloadType: this.#payloadType, marker, sequence: this.#sequence++, timestamp };
    this.#socket.send(rtpPacket({ ...header, ssrc: this.#ssrc }, [payload]), this.#port, LOOPBACK);
  }
}

/** Feeds a mountpoint in real time as an encoder would: a clip and its sound, over and over. */
export class MountpointFeed implements Paced {
  readonly #socket: Socket;
  readonly #media: FeedMedia;
  readonly #video: PlainStream;
  readonly #audio: PlainStream;
  readonly #startUs = nowUs();
  readonly #queue: Queued[] = [];
  #pictures = 0;
  #sounds = 0;
  #freeUs = 0;

  static async open(ports: MountpointPorts, media: FeedMedia): Promise<MountpointFeed> {
    const socket = createSocket('udp4');
    const listening = once(socket, 'listening');
    socket.bind(0, LOOPBACK);
    await listening;
    return new MountpointFeed(socket, ports, media);
  }

  private constructor(socket: Socket, ports: MountpointPorts, media: FeedMedia) {
    this.#socket = socket;
    this.#media = media;
    this.#video = new PlainStream(socket, ports.video, mountpointTypes.video);
    this.#audio = new PlainStream(socket, ports.audio, mountpointTypes.audio);
    // A mountpoint that has closed answers with "port unreachable".
    socket.on('error', () => {});
  }

  /** Sends what is due. @returns when it wants to be called next, µs on the monotonic clock */
  step(now: number): number {
    while (this.#pictureDueUs() <= now) this.#takePicture();
    while (this.#queue.length > 0 && this.#queue[0]!.dueUs <= now) {
      const { payload, timestamp, marker } = this.#queue.shift()!;
      this.#video.send(payload, timestamp, marker);
    }
    while (this.#soundDueUs() <= now) {
      const { sound } = this.#media;
      this.#audio.send(sound[this.#sounds % sound.length]!, this.#sounds * 960, this.#sounds === 0);
      this.#sounds++;
    }
    const packetDueUs = this.#queue[0]?.dueUs ?? Number.POSITIVE_INFINITY;
    return Math.min(this.#pictureDueUs(), packetDueUs, this.#soundDueUs());
  }

  close(): void {
    this.#socket.close();
  }

  #pictureDueUs(): number {
    return this.#startUs + (this.#pictures * 1e6) / this.#media.clip.fps;
  }

  #soundDueUs(): number {
    return this.#startUs + this.#sounds * SOUND_US;
  }

  /** Puts the next picture's packets where they belong in time. */
  #takePicture(): void {
    const { clip } = this.#media;
    const dueUs = this.#pictureDueUs();
    const { payloads } = clip.steady[this.#pictures % clip.steady.length]!;
    const timestamp = Math.round((this.#pictures * 90_000) / clip.fps);
    this.#pictures++;
    this.#freeUs = Math.max(this.#freeUs, dueUs);
    payloads.forEach((payload, index) => {
      const burstUs = dueUs + Math.ceil((this.#freeUs - dueUs) / BURST_US) * BURST_US;
      this.#queue.push({ payload, timestamp, marker: index === payloads.length - 1, dueUs: burstUs });
      this.#freeUs += (payload.length * 8_000) / (clip.kbps * PACING_FACTOR);
    });
  }
}
