import type { SpeakerStats, SpeakOrder } from '../reports.ts';
import { BEAT_LEAD_MS, Camera } from './camera.ts';
import { type Negotiated, negotiate, preferCodecs } from './negotiate.ts';
import { Tone } from './sound.ts';

/** Somebody on stage: one colour, one tone, published by WHIP. */
export class Speaker {
  readonly peer = new RTCPeerConnection();
  readonly #camera: Camera | undefined;
  readonly #tone: Tone | undefined;
  #session: Negotiated | undefined;

  constructor(order: SpeakOrder) {
    const stream = new MediaStream();
    const beat = { startMs: performance.now() + BEAT_LEAD_MS, lengthMs: 100 };
    if (order.toneHz !== null) {
      this.#tone = new Tone(order.toneHz, order.beat ? beat : undefined);
      this.peer.addTransceiver(this.#tone.track, { direction: 'sendonly', streams: [stream] });
    }
    if (order.codec !== null) {
      const { colour, width, height, fps } = order;
      this.#camera = new Camera(colour, width, height, fps, order.beat ? beat : undefined, order.detail);
      const options: RTCRtpTransceiverInit = { direction: 'sendonly', streams: [stream] };
      const { scalabilityMode } = order;
      if (scalabilityMode) options.sendEncodings = [{ scalabilityMode } as RTCRtpEncodingParameters];
      preferCodecs(this.peer.addTransceiver(this.#camera.track, options), [order.codec]);
    }
  }

  /** What is sent. */
  get tracks(): MediaStreamTrack[] {
    return [this.#tone, this.#camera].flatMap((source) => source?.track ?? []);
  }

  async publish({ server, room, token, via }: SpeakOrder): Promise<void> {
    this.#session = await negotiate(this.peer, `${server}/whip/${room}`, token, via);
  }

  /** When its beeps began, in seconds of the page's audio context. */
  get beepsS(): number[] {
    return this.#tone?.beepsS ?? [];
  }

  /** As the server gave it. */
  get answer(): string {
    return this.#session!.answer;
  }

  async stats(): Promise<SpeakerStats> {
    const all = [...(await this.peer.getStats()).values()] as Record<string, never>[];
    const video = all.find((each) => each.type === 'outbound-rtp' && each.kind === 'video') ?? {};
    const pair = all.find((each) => each.type === 'candidate-pair' && each.nominated) ?? {};
    const count = (value: unknown) => Number(value ?? 0);
    return {
      framesPerSecond: count(video.framesPerSecond),
      width: count(video.frameWidth),
      height: count(video.frameHeight),
      targetKbps: count(video.targetBitrate) / 1000,
      rttMs: count(pair.currentRoundTripTime) * 1000,
      bytesSent: count(video.bytesSent),
    };
  }

  /** @returns the status of the DELETE */
  async leave(): Promise<number> {
    const status = await this.#session!.leave();
    this.close();
    return status;
  }

  close(): void {
    this.peer.close();
    this.#camera?.close();
    this.#tone?.close();
  }
}
