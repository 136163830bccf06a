import type { Feed, ToDelivery } from '../contract.ts';

type Create = Extract<ToDelivery, { type: 'create' }>;
type Select = Extract<ToDelivery, { type: 'select' }>;

/** Every source that a viewer may be shown: what its slots name, all rungs included. */
export class References {
  readonly #slots = new Map<string, readonly string[]>();

  constructor({ audio, lossyAudio, video }: Pick<Create, 'audio' | 'lossyAudio' | 'video'>) {
    audio.forEach((source, slot) => {
      this.#slots.set(`audio ${slot}`, soundOf(source, lossyAudio?.[slot]));
    });
    video.forEach((feed, slot) => {
      this.#slots.set(`video ${slot}`, picturesOf(feed));
    });
  }

  select(message: Select): void {
    const sources =
      message.media === 'audio' ? soundOf(message.source, message.lossy) : picturesOf(message.feed);
    const name = `${message.media} ${message.slot}`;
    // A slot that it never had is none of its own.
    if (this.#slots.has(name)) this.#slots.set(name, sources);
  }

  get all(): Set<string> {
    return new Set([...this.#slots.values()].flat());
  }
}

const soundOf = (...sources: (string | null | undefined)[]): string[] =>
  sources.filter((source) => typeof source === 'string');

const picturesOf = (feed: Feed | null): string[] =>
  Object.values(feed ?? {}).flatMap((rungs) => rungs.map(({ source }) => source));
