import type { Forwarder } from './forwarder.ts';
import type { OutgoingTrack } from './track.ts';

/** One sound of a viewer: the ordinary one, or the one with error correction while its network loses packets. */
export class SoundSlot {
  readonly track: OutgoingTrack;
  readonly #forwarder: (source: string) => Forwarder;
  #source: string | null = null;
  #lossySource: string | null = null;
  #lossy = false;

  constructor(track: OutgoingTrack, forwarder: (source: string) => Forwarder) {
    this.track = track;
    this.#forwarder = forwarder;
  }

  /** The source that must be encoded for this viewer's sake, where it is not everybody's. */
  get uses(): string[] {
    return this.track.sources.filter((source) => source === this.#lossySource);
  }

  get isOn(): boolean {
    return this.#source !== null;
  }

  select(source: string | null, lossy: string | null, nowUs: number): void {
    this.#source = source;
    this.#lossySource = source === null ? null : lossy;
    this.#choose(nowUs);
  }

  /** @param lossy whether the viewer's network loses packets */
  protect(lossy: boolean, nowUs: number): void {
    if (lossy === this.#lossy) return;
    this.#lossy = lossy;
    this.#choose(nowUs);
  }

  #choose(nowUs: number): void {
    const source = (this.#lossy ? this.#lossySource : null) ?? this.#source;
    this.track.select(source === null ? null : this.#forwarder(source), nowUs);
  }
}
