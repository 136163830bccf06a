import type {
  AddTrack,
  Asset,
  Configure,
  FromMixer,
  Play,
  ProgramName,
  Scene,
  SenderReport,
  SourceKind,
  StartEncoder,
  ToMixer,
} from '../../mixer/protocol/control.ts';
import { Trials } from './trials.ts';

/** Gain of one source; `volumeDb` in dB, −60..20. */
export interface Gain {
  participant: string;
  kind: SourceKind;
  muted: boolean;
  volumeDb: number;
}

export type SoundSettings = Omit<Extract<ToMixer, { type: 'sound' }>, 'type'>;

/** So many mixers in a row may be told to play a file and die; reports of it come about once a second. */
const FILM_MIXERS = 3;
const FILM_REPORTS = 10;
/** An image kills while it is read or when it is drawn first: who lives two seconds with it can live with it. */
const IMAGE_MIXERS = 1;
const IMAGE_REPORTS = 2;

/** Everything a mixer has been told and must be told again when it is replaced. */
export class Desired {
  readonly #configure: Configure;
  readonly tracks = new Map<number, AddTrack>();
  readonly encoders = new Map<number, StartEncoder>();
  /** The last report of each track: with it a new mixer is in sync from the first picture. */
  readonly reports = new Map<number, SenderReport>();
  readonly taps = new Set<number>();
  readonly trackTaps = new Set<number>();
  /** Key frames by the clock, in microseconds, by encoder. */
  readonly keyFrameIntervals = new Map<number, number>();
  /** Rates that differ from those the encoders were started with, in kbit/s. */
  readonly rates = new Map<number, number>();
  readonly #assets = new Map<string, Asset>();
  /** Those that the present mixer has said something of. */
  readonly #answered = new Set<string>();
  readonly #imageTrials = new Trials(IMAGE_MIXERS, IMAGE_REPORTS);
  readonly #plays = new Map<string, Play>();
  /** Those of them that have ended or cannot be played: the mixer keeps their players until they are stopped. */
  readonly #over = new Set<string>();
  readonly #filmTrials = new Trials(FILM_MIXERS, FILM_REPORTS);
  readonly #gains = new Map<string, Gain>();
  readonly #scenes = new Map<ProgramName, Scene>();
  #sound: SoundSettings | undefined;

  constructor(configure: Configure) {
    this.#configure = configure;
  }

  /** Notes the scene. Returns false when it is the one that was there. */
  scene(scene: Scene, program: ProgramName): boolean {
    if (same(this.#scenes.get(program), scene)) return false;
    this.#scenes.set(program, scene);
    return true;
  }

  /** Notes how sound is mixed. Returns false when nothing changes. */
  sound(sound: SoundSettings): boolean {
    if (same(this.#sound, sound)) return false;
    this.#sound = sound;
    return true;
  }

  /** Notes what is played. Returns false when nothing changes. */
  play(play: Play): boolean {
    if (play.positionMs === null && same({ ...this.#plays.get(play.participant), positionMs: null }, play))
      return false;
    if (!this.#plays.has(play.participant)) this.#filmTrials.meet(play.participant);
    this.#plays.set(play.participant, play);
    if (play.positionMs !== null) this.#over.delete(play.participant);
    return true;
  }

  /** Returns false when it was not played. */
  stopPlay(participant: string): boolean {
    this.#over.delete(participant);
    this.#filmTrials.forget(participant);
    return this.#plays.delete(participant);
  }

  /** How far a file has come: another mixer goes on there. What is over is not begun again. */
  played({ participant, state, positionMs }: Extract<FromMixer, { type: 'playing' }>): void {
    const play = this.#plays.get(participant);
    if (!play) return;
    this.#filmTrials.report(participant);
    if (state === 'ended' || state === 'failed') this.#over.add(participant);
    else {
      this.#over.delete(participant);
      this.#plays.set(participant, { ...play, positionMs });
    }
  }

  /** To be called for each new mixer: files with which one after the other has died are over. Returns those. */
  giveUp(): Play[] {
    const given: Play[] = [];
    for (const [participant, play] of this.#plays) {
      if (this.#over.has(participant) || this.#filmTrials.begin(participant)) continue;
      this.#over.add(participant);
      given.push(play);
    }
    return given;
  }

  /** Notes an image; null forgets it. Returns false when nothing changes. */
  asset(asset: string, path: string | null): boolean {
    if ((this.#assets.get(asset)?.path ?? null) === path) return false;
    this.#answered.delete(asset);
    if (path === null) {
      this.#assets.delete(asset);
      this.#imageTrials.forget(asset);
    } else {
      this.#assets.set(asset, { type: 'asset', asset, path });
      this.#imageTrials.meet(asset);
    }
    return true;
  }

  /** The mixer has read an image, or will not have it. */
  assetAnswered(asset: string): void {
    this.#answered.add(asset);
  }

  /** The mixer lives, and so it does with what it has read before. */
  lives(): void {
    for (const asset of this.#answered) this.#imageTrials.report(asset);
  }

  /** As `giveUp`, of images, which are forgotten. */
  giveUpImages(): string[] {
    this.#answered.clear();
    const given = [...this.#assets.keys()].filter((asset) => !this.#imageTrials.begin(asset));
    for (const asset of given) this.#assets.delete(asset);
    return given;
  }

  /** The last mixer ended for another reason than what it was told. */
  acquit(): void {
    this.#filmTrials.acquit();
    this.#imageTrials.acquit();
  }

  /** Notes a gain. Returns false when nothing changes. */
  gain(gain: Gain): boolean {
    const key = sourceKey(gain);
    const before = this.#gains.get(key);
    if (before && before.muted === gain.muted && before.volumeDb === gain.volumeDb) return false;
    this.#gains.set(key, gain);
    return true;
  }

  /** Returns false when none was noted. */
  forgetGain(participant: string, kind: SourceKind): boolean {
    return this.#gains.delete(sourceKey({ participant, kind }));
  }

  /** The messages that bring a new mixer to this state, in an order that it can follow. */
  *messages(): IterableIterator<ToMixer> {
    yield this.#configure;
    yield* this.tracks.values();
    for (const track of this.trackTaps) yield { type: 'tap-track', track, on: true };
    yield* this.reports.values();
    for (const gain of this.#gains.values()) yield { type: 'gain', ...gain };
    if (this.#sound) yield { type: 'sound', ...this.#sound };
    yield* this.#assets.values();
    for (const play of this.#plays.values()) if (!this.#over.has(play.participant)) yield play;
    for (const [program, scene] of this.#scenes) yield sceneMessage(scene, program);
    yield* this.encoders.values();
    for (const [encoder, kbps] of this.rates) yield { type: 'encoder-rate', encoder, kbps };
    for (const encoder of this.taps) yield { type: 'tap', encoder, on: true };
    for (const [encoder, intervalUs] of this.keyFrameIntervals)
      yield { type: 'key-frame-every', encoder, intervalUs };
  }
}

/** The first program needs no name. */
export const sceneMessage = (scene: Scene, program: ProgramName): ToMixer =>
  program === 'program' ? { type: 'scene', scene } : { type: 'scene', scene, program };

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

const sourceKey = (source: { participant: string; kind: SourceKind }): string =>
  `${source.kind} ${source.participant}`;
