import type { Histogram, MixerStats, SourceKind } from '../../mixer/protocol/control.ts';

/** What a room's mixer last said of itself. */
export class MixerStatus {
  #stats: MixerStats | undefined;
  /** Of mixers that are gone. */
  #skippedBefore = 0;
  #skippedLately = 0;

  heard(stats: MixerStats): void {
    this.#skippedLately = Math.max(0, stats.lateTicks - (this.#stats?.lateTicks ?? 0));
    this.#stats = stats;
  }

  /** Another mixer works now, or none. */
  forget(): void {
    this.#skippedBefore = this.skippedPictures;
    this.#skippedLately = 0;
    this.#stats = undefined;
  }

  /** Pictures of the program that were left out because the one before was not encoded yet. */
  get skippedPictures(): number {
    return this.#skippedBefore + (this.#stats?.lateTicks ?? 0);
  }

  /** Those of the last second. */
  get skippedLately(): number {
    return this.#skippedLately;
  }

  get tickLatenessP99Ms(): number {
    return this.#stats?.tickLatenessP99Ms ?? 0;
  }

  get tickLateness(): Histogram | null {
    return this.#stats?.tickLateness ?? null;
  }

  get pictureLatency(): Histogram | null {
    return this.#stats?.pictureLatency ?? null;
  }

  get soundLatency(): Histogram | null {
    return this.#stats?.soundLatency ?? null;
  }

  get avOffsets(): { participant: string; kind: SourceKind; offsetMs: number }[] {
    return (this.#stats?.sources ?? []).map(({ participant, kind, avOffsetMs: offsetMs }) => ({
      ...{ participant, kind, offsetMs },
    }));
  }

  /** How much somebody's sound is ahead of their picture, in ms, as they are mixed; 0 when unknown. */
  avOffsetMs(participant: string, kind: SourceKind = 'camera'): number {
    const isTheirs = (source: MixerStats['sources'][number]): boolean =>
      source.participant === participant && source.kind === kind;
    return this.#stats?.sources.find(isTheirs)?.avOffsetMs ?? 0;
  }
}
