import type { TrackFrame } from '../../mixer/protocol/framing.ts';
import type { TrackStream } from '../egress/bundle/feed.ts';

type Each = (stream: TrackStream, frame: TrackFrame) => void;

/** Who takes the speakers' own tracks: while anybody does, those on the air are handed out. */
export class TrackTaps {
  readonly #changed: () => void;
  readonly #takers = new Set<{ each: Each }>();

  /** @param changed tracks are wanted, or not any more */
  constructor(changed: () => void) {
    this.#changed = changed;
  }

  get wanted(): boolean {
    return this.#takers.size > 0;
  }

  push(stream: TrackStream, frame: TrackFrame): void {
    for (const { each } of this.#takers) each(stream, frame);
  }

  open(each: Each): { close(): void } {
    const taker = { each };
    this.#takers.add(taker);
    this.#changed();
    return {
      close: () => {
        if (this.#takers.delete(taker)) this.#changed();
      },
    };
  }
}
