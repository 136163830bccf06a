import type { ClapPlace, ViewerStats, WatchOrder } from '../reports.ts';
import { ClapWatch } from './clapWatch.ts';
import { Ear } from './ear.ts';
import { type Negotiated, negotiate, preferCodecs } from './negotiate.ts';
import { Screen } from './screen.ts';
import { Spectrum } from './sound.ts';

/** Somebody in the audience: watches the program by WHEP and can be asked what is seen and heard. */
export class Viewer {
  readonly peer = new RTCPeerConnection();
  readonly #video = document.createElement('video');
  readonly screen = new Screen(this.#video);
  readonly #firstPicture: Promise<number>;
  #spectrum: Spectrum | undefined;
  #sound: MediaStreamTrack | undefined;
  #ear: Ear | undefined;
  #session: Negotiated | undefined;

  constructor(order: WatchOrder) {
    this.peer.addTransceiver('audio', { direction: 'recvonly' });
    preferCodecs(this.peer.addTransceiver('video', { direction: 'recvonly' }), order.codecs);
    const stream = new MediaStream();
    this.peer.ontrack = ({ track }) => {
      stream.addTrack(track);
      if (track.kind !== 'audio') return;
      this.#sound = track;
      this.#spectrum = new Spectrum(track);
    };
    this.#video.muted = true;
    this.#video.autoplay = true;
    this.#video.srcObject = stream;
    document.body.append(this.#video);
    this.#firstPicture = new Promise((resolve) => {
      this.#video.requestVideoFrameCallback((nowMs) => resolve(nowMs));
    });
  }

  async watch({ server, room, token, via }: WatchOrder): Promise<string> {
    this.#session = await negotiate(this.peer, `${server}/whep/${room}`, token, via);
    return this.#session.answer;
  }

  /** Time from the offer leaving to the first picture on the screen, in ms. */
  async firstPictureMs(): Promise<number> {
    return (await this.#firstPicture) - this.#session!.sentMs;
  }

  tonesDb(frequenciesHz: number[]): number[] {
    return this.#spectrum?.levelsDb(frequenciesHz) ?? frequenciesHz.map(() => -140);
  }

  /** When beeps began since the first call, in seconds of the page's audio context. */
  async beepsS(): Promise<number[]> {
    this.#ear ??= await Ear.open(this.#sound!);
    return this.#ear.beepsS;
  }

  /** From now on it is noted when clappers are seen and heard; who asks for it closes it. */
  watchClaps(places: ClapPlace[]): Promise<ClapWatch> {
    return ClapWatch.open(this.#video, this.#sound!, places);
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
      pictureAheadMs:
        (video.estimatedPlayoutTimestamp ?? Number.NaN) - (audio.estimatedPlayoutTimestamp ?? Number.NaN),
      totalFreezesMs: (video.totalFreezesDuration ?? 0) * 1000,
      audioConcealed: (audio.concealedSamples ?? 0) - (audio.silentConcealedSamples ?? 0),
      audioPlayed: audio.totalSamplesReceived ?? 0,
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
    this.#ear?.close();
    this.peer.close();
    this.#video.srcObject = null;
    this.#video.remove();
  }
}

/** Mean wait in the browser's jitter buffer, per picture or sample. */
function meanWaitMs(inbound: Record<string, number | undefined>): number {
  return ((inbound.jitterBufferDelay ?? 0) / Math.max(1, inbound.jitterBufferEmittedCount ?? 0)) * 1000;
}
