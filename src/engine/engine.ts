import type {
  AddTrack,
  Configure,
  FromMixer,
  MixerStats,
  PlacedTile,
  Play,
  ProgramName,
  Scene,
  SenderReport,
  SourceKind,
  SourceLevel,
  StartEncoder,
  ToMixer,
} from '../../mixer/protocol/control.ts';
import type { Chunk, TrackFrame } from '../../mixer/protocol/framing.ts';
import { Desired, type Gain, type SoundSettings, sceneMessage } from './desired.ts';
import { Numbers } from './numbers.ts';
import { Snapshots } from './snapshots.ts';
import type { Supervisor } from './supervisor.ts';

/** What a room hears from its mixer, whichever process that is. */
export interface EngineEvents {
  placed(tiles: PlacedTile[], program: ProgramName): void;
  levels(sources: SourceLevel[]): void;
  /** A file that is played began, was paused, has ended or cannot be played. */
  playing?(playing: Playing): void;
  /** An image cannot be used, and why. */
  assetRefused?(asset: string, detail: string): void;
  stats(stats: MixerStats): void;
  /** Another process took over and has been told everything: ask for key frames, expect jumps. */
  restarted(): void;
  /** Nothing is mixed any more, since nobody needs it. */
  ended?(): void;
}

/** What the owner of one track hears. */
export interface TrackListener {
  nack(sequences: number[]): void;
  keyFrameWanted(): void;
  refused(code: Extract<FromMixer, { type: 'refused' }>['code'], detail: string): void;
  accepted(): void;
  /** A whole coded frame, while a tap is on. */
  frame?(frame: TrackFrame): void;
}

/** What the owner of one encoder hears. */
export interface EncoderListener {
  /** One picture or sound frame (`mixer/protocol/picture.ts`). */
  media(picture: Buffer): void;
  /** Coded bytes, while a tap is on. */
  chunk?(chunk: Chunk): void;
  /** The mixer could not open it, or it cannot go on: no media comes until another is started. */
  failed?(detail: string): void;
}

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;
export type Playing = Omit<Extract<FromMixer, { type: 'playing' }>, 'type'>;
export type TrackSpec = Omit<AddTrack, 'type' | 'track'>;
export type EncoderSpec = DistributiveOmit<StartEncoder, 'type' | 'encoder'>;

/**
 * A room's mixer as the room sees it: it is told what should be, and stays when processes do not.
 *  - Numbers of tracks and encoders stay the same over restarts.
 *  - Everything may be called whether a process runs or not; media is dropped while none does.
 *  - Messages about tracks and encoders that have ended are dropped.
 */
export class Engine {
  readonly #desired: Desired;
  readonly #supervisor: Supervisor;
  readonly #events: EngineEvents;
  readonly #trackListeners = new Map<number, TrackListener>();
  readonly #encoderListeners = new Map<number, EncoderListener>();
  readonly #trackNumbers = new Numbers();
  readonly #encoderNumbers = new Numbers();
  readonly #snapshots = new Snapshots();

  constructor(configure: Omit<Configure, 'type'>, supervisor: Supervisor, events: EngineEvents) {
    this.#desired = new Desired({ type: 'configure', ...configure });
    this.#supervisor = supervisor;
    this.#events = events;
    supervisor.attach({
      brief: () => this.#brief(),
      restarted: () => events.restarted(),
      unread: () => this.#desired.acquit(),
      ended: () => {
        this.#desired.acquit();
        events.ended?.();
      },
      control: (message) => this.#hear(message),
      media: (encoder, picture) => this.#encoderListeners.get(encoder)?.media(picture),
      chunk: (chunk) => this.#encoderListeners.get(chunk.encoder)?.chunk?.(chunk),
      trackFrame: (frame) => this.#trackListeners.get(frame.track)?.frame?.(frame),
    });
  }

  /** The process that mixes now, or null. */
  get pid(): number | null {
    return this.#supervisor.mixer?.pid ?? null;
  }

  /** How often a dead mixer was replaced. */
  get restarts(): number {
    return this.#supervisor.restarts;
  }

  /** True when mixers keep failing to start. */
  get failing(): boolean {
    return this.#supervisor.failing;
  }

  /** Says whether anybody needs the program: a process is started at once and ended after a while. */
  demand(needed: boolean): void {
    this.#supervisor.demand(needed);
  }

  /** Announces a track; its packets go by the returned number. */
  addTrack(spec: TrackSpec, listener: TrackListener): number {
    const track = this.#trackNumbers.next(this.#desired.tracks);
    const message: AddTrack = { type: 'add-track', track, ...spec };
    this.#desired.tracks.set(track, message);
    this.#trackListeners.set(track, listener);
    this.#supervisor.mixer?.send(message);
    return track;
  }

  removeTrack(track: number): void {
    if (!this.#desired.tracks.delete(track)) return;
    this.#desired.reports.delete(track);
    this.#desired.trackTaps.delete(track);
    this.#trackListeners.delete(track);
    this.#supervisor.mixer?.send({ type: 'remove-track', track });
  }

  /** Sends the frames of this track back to its listener, whole and coded as they came. */
  tapTrack(track: number, on: boolean): void {
    if (!this.#desired.tracks.has(track) || this.#desired.trackTaps.has(track) === on) return;
    if (on) this.#desired.trackTaps.add(track);
    else this.#desired.trackTaps.delete(track);
    this.#supervisor.mixer?.send({ type: 'tap-track', track, on });
  }

  rtp(track: number, arrivalUs: number, packet: Buffer): void {
    this.#supervisor.mixer?.rtp(track, arrivalUs, packet);
  }

  /** A report is worth nothing when late, and the next one comes soon: a full channel drops it. */
  senderReport(report: Omit<SenderReport, 'type'>): void {
    if (!this.#desired.tracks.has(report.track)) return;
    const message: SenderReport = { type: 'sender-report', ...report };
    this.#desired.reports.set(report.track, message);
    this.#supervisor.mixer?.sendUnlessClogged(message);
  }

  scene(scene: Scene, program: ProgramName = 'program'): void {
    if (this.#desired.scene(scene, program)) this.#supervisor.mixer?.send(sceneMessage(scene, program));
  }

  sound(sound: SoundSettings): void {
    if (this.#desired.sound(sound)) this.#supervisor.mixer?.send({ type: 'sound', ...sound });
  }

  /** An image under the name by which scenes know it; null forgets it. */
  asset(asset: string, path: string | null): void {
    if (this.#desired.asset(asset, path)) this.#supervisor.mixer?.send({ type: 'asset', asset, path });
  }

  /** Plays a file, or changes how it is played. */
  play(play: Omit<Play, 'type'>): void {
    const message: Play = { type: 'play', ...play };
    if (this.#desired.play(message)) this.#supervisor.mixer?.send(message);
  }

  stopPlay(participant: string): void {
    if (this.#desired.stopPlay(participant)) this.#supervisor.mixer?.send({ type: 'stop-play', participant });
  }

  gain(gain: Gain): void {
    if (this.#desired.gain(gain)) this.#supervisor.mixer?.send({ type: 'gain', ...gain });
  }

  /** The source has left for good; should it return, its gain is told anew. */
  forgetGain(participant: string, kind: SourceKind): void {
    if (!this.#desired.forgetGain(participant, kind)) return;
    this.#supervisor.mixer?.send({ type: 'forget-gain', participant, kind });
  }

  /** Starts an encoder; its media comes to `listener` until `stopEncoder`. */
  startEncoder(spec: EncoderSpec, listener: EncoderListener): number {
    const encoder = this.#encoderNumbers.next(this.#desired.encoders);
    const message: StartEncoder = { type: 'start-encoder', encoder, ...spec };
    this.#desired.encoders.set(encoder, message);
    this.#encoderListeners.set(encoder, listener);
    this.#supervisor.mixer?.send(message);
    return encoder;
  }

  stopEncoder(encoder: number): void {
    if (!this.#desired.encoders.delete(encoder)) return;
    this.#desired.taps.delete(encoder);
    this.#desired.keyFrameIntervals.delete(encoder);
    this.#desired.rates.delete(encoder);
    this.#encoderListeners.delete(encoder);
    this.#supervisor.mixer?.send({ type: 'stop-encoder', encoder });
  }

  /** Another rate for a running encoder, from its next key frame at the latest. */
  encoderRate(encoder: number, kbps: number): void {
    if (!this.#desired.encoders.has(encoder) || this.#desired.rates.get(encoder) === kbps) return;
    this.#desired.rates.set(encoder, kbps);
    this.#supervisor.mixer?.send({ type: 'encoder-rate', encoder, kbps });
  }

  /** The next picture of this encoder will be a key frame. */
  keyFrame(encoder: number): void {
    this.#supervisor.mixer?.send({ type: 'key-frame', encoder });
  }

  /** The first picture at or after each multiple of `intervalUs` will be a key frame; 0 ends that. */
  keyFrameEvery(encoder: number, intervalUs: number): void {
    if (!this.#desired.encoders.has(encoder)) return;
    if (intervalUs > 0) this.#desired.keyFrameIntervals.set(encoder, intervalUs);
    else this.#desired.keyFrameIntervals.delete(encoder);
    this.#supervisor.mixer?.send({ type: 'key-frame-every', encoder, intervalUs });
  }

  /** Sends coded chunks of this encoder to its listener, too. */
  tap(encoder: number, on: boolean): void {
    if (!this.#desired.encoders.has(encoder)) return;
    if (on) this.#desired.taps.add(encoder);
    else this.#desired.taps.delete(encoder);
    this.#supervisor.mixer?.send({ type: 'tap', encoder, on });
  }

  /** The program's picture as it is drawn next, a JPEG. @throws Error when no mixer gives one */
  snapshot(): Promise<Buffer> {
    return this.#snapshots.request((request) => this.#askSnapshot(request));
  }

  /** Ends the mixer for good; resolves when its process is gone. */
  close(): Promise<void> {
    this.#snapshots.close();
    return this.#supervisor.close();
  }

  *#brief(): IterableIterator<ToMixer> {
    for (const { participant, positionMs } of this.#desired.giveUp()) {
      const detail = 'mixer after mixer died while it played';
      const failed = {
        participant,
        state: 'failed',
        positionMs: positionMs ?? 0,
        durationMs: null,
        detail,
      } as const;
      // Whoever hears of it has more to tell the mixer, which comes after what it is told first.
      queueMicrotask(() => this.#events.playing?.(failed));
    }
    for (const asset of this.#desired.giveUpImages()) {
      queueMicrotask(() => this.#events.assetRefused?.(asset, 'mixer after mixer died while it was shown'));
    }
    yield* this.#desired.messages();
    for (const request of this.#snapshots.unanswered) yield { type: 'snapshot', request };
  }

  #askSnapshot(request: number): void {
    this.#supervisor.mixer?.send({ type: 'snapshot', request });
  }

  #hear(message: FromMixer): void {
    switch (message.type) {
      case 'placed':
        this.#events.placed(message.tiles, message.program ?? 'program');
        break;
      case 'levels':
        this.#events.levels(message.sources);
        break;
      case 'stats':
        this.#desired.lives();
        this.#events.stats(message);
        break;
      case 'snapshot':
        this.#snapshots.answered(message.request, Buffer.from(message.jpeg, 'base64'));
        break;
      case 'encoder-failed':
        this.#encoderListeners.get(message.encoder)?.failed?.(message.detail);
        break;
      case 'playing': {
        const { type: _, ...playing } = message;
        this.#desired.played(message);
        this.#events.playing?.(playing);
        break;
      }
      case 'asset':
        this.#desired.assetAnswered(message.asset);
        if (!message.ok) this.#events.assetRefused?.(message.asset, message.detail);
        break;
      case 'ready':
      case 'stuck':
        break;
      default: {
        const listener = this.#trackListeners.get(message.track);
        if (listener) tell(listener, message);
      }
    }
  }
}

type AboutTrack = Extract<FromMixer, { track: number }>;

function tell(listener: TrackListener, message: AboutTrack): void {
  switch (message.type) {
    case 'nack':
      listener.nack(message.sequences);
      break;
    case 'key-frame-wanted':
      listener.keyFrameWanted();
      break;
    case 'refused':
      listener.refused(message.code, message.detail);
      break;
    case 'accepted':
      listener.accepted();
  }
}
