import type { Engine } from '../../src/engine/engine.ts';
import type { BundleToCompose, TrackToCompose } from './bundleFolder.ts';
import { clockRateOf, type Due, play } from './trackPlayer.ts';

/** A tile keeps its last picture this long after its track's end, as it would in a room. */
const AFTER_US = 500_000;

const silent = { nack() {}, keyFrameWanted() {}, refused() {}, accepted() {} };

/** Plays one track into a mixer, as time goes by. */
class Playing {
  readonly #track: TrackToCompose;
  readonly #blocks: AsyncGenerator<Due>;
  readonly #engine: Engine;
  #next: Due | undefined;
  #number: number | undefined;
  #lastUs = 0;
  isOver = false;

  constructor(bundle: BundleToCompose, track: TrackToCompose, engine: Engine) {
    this.#track = track;
    this.#engine = engine;
    this.#blocks = play(bundle, track);
  }

  /** Sends what is due at `nowUs` of the recording, whose beginning was at `zeroUs` of our clock. */
  async advance(nowUs: number, zeroUs: number): Promise<void> {
    if (this.isOver || this.#track.startMs * 1000 > nowUs) return;
    for (;;) {
      this.#next ??= (await this.#blocks.next()).value ?? undefined;
      if (!this.#next || this.#next.atUs > nowUs) break;
      const { atUs, packets } = this.#next;
      const { participant, kind, codec } = this.#track;
      const spec = { participant, kind, codec, clockRate: clockRateOf(this.#track) };
      this.#number ??= this.#engine.addTrack(spec, silent);
      // The time it was captured at, so that sound and picture meet as they did.
      for (const packet of packets) this.#engine.rtp(this.#number, zeroUs + atUs, packet);
      this.#lastUs = atUs;
      this.#next = undefined;
    }
    if (!this.#next && nowUs > this.#lastUs + AFTER_US) await this.end();
  }

  async end(): Promise<void> {
    this.isOver = true;
    if (this.#number !== undefined) this.#engine.removeTrack(this.#number);
    await this.#blocks.return(undefined);
  }
}

/** Plays all tracks and scenes of a bundle into a mixer. */
export class Player {
  readonly #engine: Engine;
  readonly #tracks: Playing[];
  readonly #scenes: BundleToCompose['timeline'];

  constructor(bundle: BundleToCompose, engine: Engine) {
    this.#engine = engine;
    this.#tracks = bundle.tracks.map((track) => new Playing(bundle, track, engine));
    this.#scenes = [...bundle.timeline];
  }

  async advance(nowUs: number, zeroUs: number): Promise<void> {
    while (this.#scenes.length > 0 && this.#scenes[0]!.atMs * 1000 <= nowUs)
      this.#engine.scene(this.#scenes.shift()!.scene);
    for (const track of this.#tracks) await track.advance(nowUs, zeroUs);
  }

  async close(): Promise<void> {
    for (const track of this.#tracks) await track.end();
  }
}
