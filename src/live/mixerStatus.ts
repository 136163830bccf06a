import type { MixerStats } from '../../mixer/protocol/control.ts';

/** What a room's mixer last said of itself. */
export class MixerStatus {
  #stats: MixerStats | undefined;

  heard(stats: MixerStats): void {
    this.#stats = stats;
  }

  /** Another mixer works now, or none. */
  forget(): void {
    this.#stats = undefined;
  }

  get tickLatenessP99Ms(): number {
    return this.#stats?.tickLatenessP99Ms ?? 0;
  }

  /** How much somebody's sound is ahead of their picture, in ms, as they are mixed; 0 when unknown. */
  avOffsetMs(participant: string): number {
    const isTheirs = (source: MixerStats['sources'][number]): boolean =>
      source.participant === participant && source.kind === 'camera';
    return this.#stats?.sources.find(isTheirs)?.avOffsetMs ?? 0;
  }
}
