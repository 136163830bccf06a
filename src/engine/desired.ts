import type {
  AddTrack,
  Configure,
  Scene,
  SenderReport,
  SourceKind,
  StartEncoder,
  ToMixer,
} from '../../mixer/protocol/control.ts';

/** Gain of one source; `volumeDb` in dB, −60..20. */
export interface Gain {
  participant: string;
  kind: SourceKind;
  muted: boolean;
  volumeDb: number;
}

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
  readonly #gains = new Map<string, Gain>();
  #scene: Scene | undefined;

  constructor(configure: Configure) {
    this.#configure = configure;
  }

  /** Notes the scene. Returns false when it is the one that was there. */
  scene(scene: Scene): boolean {
    if (this.#scene && JSON.stringify(this.#scene) === JSON.stringify(scene)) return false;
    this.#scene = scene;
    return true;
  }

  /** Notes a gain. Returns false when nothing changes. */
  gain(gain: Gain): boolean {
    const key = sourceKey(gain);
    const before = this.#gains.get(key);
    if (before && before.muted === gain.muted && before.volumeDb === gain.volumeDb) return false;
    this.#gains.set(key, gain);
    return true;
  }

  forgetGain(participant: string, kind: SourceKind): void {
    this.#gains.delete(sourceKey({ participant, kind }));
  }

  /** The messages that bring a new mixer to this state, in an order that it can follow. */
  *messages(): IterableIterator<ToMixer> {
    yield this.#configure;
    yield* this.tracks.values();
    for (const track of this.trackTaps) yield { type: 'tap-track', track, on: true };
    yield* this.reports.values();
    for (const gain of this.#gains.values()) yield { type: 'gain', ...gain };
    if (this.#scene) yield { type: 'scene', scene: this.#scene };
    yield* this.encoders.values();
    for (const encoder of this.taps) yield { type: 'tap', encoder, on: true };
    for (const [encoder, intervalUs] of this.keyFrameIntervals)
      yield { type: 'key-frame-every', encoder, intervalUs };
  }
}

const sourceKey = (source: { participant: string; kind: SourceKind }): string =>
  `${source.kind} ${source.participant}`;
