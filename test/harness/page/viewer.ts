import type { Area, Look, Rgb, ViewerStats, WatchOrder } from '../reports.ts';
import { type Negotiated, negotiate, preferCodecs } from './negotiate.ts';
import { Spectrum } from './sound.ts';
import { clockMs, TimeCodeReader } from './timeCode.ts';

/** Somebody in the audience: watches the program by WHEP and can be asked what is seen and heard. */
export class Viewer {
  readonly peer = new RTCPeerConnection();
  readonly #video = document.createElement('video');
  readonly #reader = new TimeCodeReader();
  readonly #point = document.createElement('canvas').getContext('2d', { willReadFrequently: true })!;
  readonly #firstPicture: Promise<number>;
  #spectrum: Spectrum | undefined;
  #session: Negotiated | undefined;
  #lastPictureMs = 0;
  #look: Look & { areas: Area[]; startMs: number } = emptyLook([]);

  constructor(order: WatchOrder) {
    this.peer.addTransceiver('audio', { direction: 'recvonly' });
    preferCodecs(this.peer.addTransceiver('video', { direction: 'recvonly' }), order.codecs);
    const stream = new MediaStream();
    this.peer.ontrack = ({ track }) => {
      stream.addTrack(track);
      if (track.kind === 'audio') this.#spectrum = new Spectrum(track);
    };
    this.#video.muted = true;
    this.#video.autoplay = true;
    this.#video.srcObject = stream;
    document.body.append(this.#video);
    this.#firstPicture = new Promise((resolve) => {
      this.#video.requestVideoFrameCallback((nowMs) => resolve(nowMs));
    });
    this.#video.requestVideoFrameCallback((nowMs, frame) => this.#see(nowMs, frame));
  }

  async watch({ server, room, token }: WatchOrder): Promise<string> {
    this.#session = await negotiate(this.peer, `${server}/whep/${room}`, token);
    return this.#session.answer;
  }

  /** Time from the offer leaving to the first picture on the screen, in ms. */
  async firstPictureMs(): Promise<number> {
    return (await this.#firstPicture) - this.#session!.sentMs;
  }

  /** Forgets what was seen and looks anew; time codes are read in `areas`. */
  startLook(areas: Area[]): void {
    this.#look = emptyLook(areas);
    this.#lastPictureMs = performance.now();
  }

  look(): Look {
    const { pictures, longestGapMs, latenciesMs, inBrowserMs, unreadable, startMs } = this.#look;
    const nowMs = performance.now();
    return {
      seconds: (nowMs - startMs) / 1000,
      pictures,
      longestGapMs: Math.max(longestGapMs, nowMs - this.#lastPictureMs),
      latenciesMs,
      inBrowserMs,
      unreadable,
    };
  }

  /** The colour at a point, in fractions of the picture. */
  pixel(x: number, y: number): Rgb {
    const { videoWidth, videoHeight } = this.#video;
    this.#point.drawImage(this.#video, x * videoWidth - 1, y * videoHeight - 1, 2, 2, 0, 0, 1, 1);
    const [red, green, blue] = this.#point.getImageData(0, 0, 1, 1).data;
    return [red!, green!, blue!];
  }

  tonesDb(frequenciesHz: number[]): number[] {
    return this.#spectrum?.levelsDb(frequenciesHz) ?? frequenciesHz.map(() => -140);
  }

  async stats(): Promise<ViewerStats> {
    const all = [...(await this.peer.getStats()).values()] as Record<string, never>[];
    const inbound = (kind: string): Record<string, number | undefined> & { codecId?: never } =>
      all.find((each) => each.type === 'inbound-rtp' && each.kind === kind) ?? ({} as never);
    const video = inbound('video');
    const audio = inbound('audio');
    const codec = all.find((each) => each.id === video.codecId);
    return {
      framesDecoded: video.framesDecoded ?? 0,
      framesDropped: video.framesDropped ?? 0,
      freezeCount: video.freezeCount ?? 0,
      width: video.frameWidth ?? 0,
      height: video.frameHeight ?? 0,
      packetsLost: video.packetsLost ?? 0,
      packetsReceived: video.packetsReceived ?? 0,
      keyFramesDecoded: video.keyFramesDecoded ?? 0,
      bytesReceived: video.bytesReceived ?? 0,
      mimeType: codec?.mimeType ?? '',
      connectionState: this.peer.connectionState,
      videoWaitMs: meanWaitMs(video),
      audioWaitMs: meanWaitMs(audio),
      audioConcealedShare: (audio.concealedSamples ?? 0) / Math.max(1, audio.totalSamplesReceived ?? 0),
    };
  }

  /** @returns the status of the DELETE */
  async leave(): Promise<number> {
    const status = await this.#session!.leave();
    this.close();
    return status;
  }

  close(): void {
    this.#spectrum?.close();
    this.peer.close();
    this.#video.srcObject = null;
    this.#video.remove();
  }

  #see(nowMs: number, frame: VideoFrameCallbackMetadata): void {
    this.#video.requestVideoFrameCallback((next, its) => this.#see(next, its));
    const look = this.#look;
    look.pictures++;
    look.longestGapMs = Math.max(look.longestGapMs, nowMs - this.#lastPictureMs);
    this.#lastPictureMs = nowMs;
    const atMs = clockMs();
    const inBrowserMs = performance.now() - (frame.receiveTime ?? Number.NaN);
    look.inBrowserMs.push(inBrowserMs);
    look.areas.forEach((area, index) => {
      const ageMs = this.#reader.ageMs(this.#video, area, atMs);
      if (ageMs === null) look.unreadable[index]!++;
      else look.latenciesMs[index]!.push(ageMs);
    });
  }
}

/** Mean wait in the browser's jitter buffer, per picture or sample. */
function meanWaitMs(inbound: Record<string, number | undefined>): number {
  return ((inbound.jitterBufferDelay ?? 0) / Math.max(1, inbound.jitterBufferEmittedCount ?? 0)) * 1000;
}

function emptyLook(areas: Area[]): Look & { areas: Area[]; startMs: number } {
  return {
    areas,
    startMs: performance.now(),
    seconds: 0,
    pictures: 0,
    longestGapMs: 0,
    latenciesMs: areas.map(() => []),
    inBrowserMs: [],
    unreadable: areas.map(() => 0),
  };
}
