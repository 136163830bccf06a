import type { Chunk } from '../../mixer/protocol/framing.ts';
import type { Engine } from '../engine/engine.ts';
import type { DeliveryLine } from './deliveryLine.ts';
import { EncoderFailures } from './encoderFailures.ts';
import { type ChunkListener, Encoding } from './encoding.ts';
import type { Rendition } from './renditions.ts';

export interface ProgramOptions {
  /** An encoder ends this long after its last consumer, in ms. */
  lingerMs: number;
  /** An encoder that failed is tried again after this, in ms; after twice that when it fails again. */
  retryMs: number;
  nowMs(): number;
}

export interface ProgramEvents {
  /** An encoder cannot go on. @param isFirst it has not failed before, or has worked for long since */
  failed(rendition: Rendition, detail: string, pauseMs: number, isFirst: boolean): void;
  /** The sources that cannot be had for now are others. */
  withheld(sources: ReadonlySet<string>): void;
}

/** Coded chunks of one rendition, for those who write files and streams. */
export interface Tap {
  /** Asks for a key frame; requests of all consumers coalesce. */
  keyFrame(): void;
  /** No chunk comes any more; twice is the same as once. */
  close(): void;
}

/**
 * The encoders of a room's program.
 *  - Each runs while somebody uses its rendition, and a little longer, so that a reload or a change of mind
 *    does not restart it.
 *  - One that fails rests; who used it gets the next one after that without asking again.
 */
export class Program {
  readonly #engine: Engine;
  readonly #line: DeliveryLine;
  readonly #options: ProgramOptions;
  readonly #events: ProgramEvents;
  readonly #failures: EncoderFailures;
  readonly #running = new Map<string, Encoding>();
  readonly #endings = new Map<Encoding, NodeJS.Timeout>();
  #resting: ReadonlySet<string> = new Set();

  constructor(engine: Engine, line: DeliveryLine, options: ProgramOptions, events: ProgramEvents) {
    this.#engine = engine;
    this.#line = line;
    this.#options = options;
    this.#events = events;
    this.#failures = new EncoderFailures(options.retryMs, () => this.#rest());
  }

  /** Encoders that run now. */
  count(media: 'audio' | 'video'): number {
    return [...this.#running.values()].filter(
      ({ rendition }) => rendition.spec.media === media && !this.#resting.has(rendition.source),
    ).length;
  }

  /** Makes sure the rendition is encoded. Returns its own undo, which may be called twice. */
  use(rendition: Rendition): () => void {
    const encoding = this.#of(rendition);
    encoding.consumers++;
    clearTimeout(this.#endings.get(encoding));
    let used = true;
    return () => {
      if (used) this.#unuse(encoding);
      used = false;
    };
  }

  /**
   * Makes sure the rendition is encoded and hands its coded chunks to `each`, even while no
   * viewer watches. A picture rendition begins with whatever comes next: ask for a key frame.
   * @param keyFrameEveryUs a key frame at each multiple of this; the shortest that is asked for counts
   */
  tap(rendition: Rendition, each: (chunk: Chunk) => void, keyFrameEveryUs = 0): Tap {
    const release = this.use(rendition);
    const encoding = this.#of(rendition);
    // A listener of its own, so that one who taps twice hears twice.
    const listener: ChunkListener = { each, keyFrameEveryUs };
    encoding.addListener(listener);
    return {
      keyFrame: () => encoding.keyFrame(),
      close: () => {
        if (encoding.removeListener(listener)) release();
      },
    };
  }

  /** True while anybody takes chunks: the mixer is needed then, viewers or not. */
  get tapped(): boolean {
    return [...this.#running.values()].some(({ tapped }) => tapped);
  }

  /** Another mixer encodes from now on. */
  restarted(): void {
    for (const source of this.#running.keys()) this.#line.restartSource(source);
  }

  close(): void {
    this.#failures.close();
    for (const encoding of this.#running.values()) this.#stop(encoding);
  }

  #of(rendition: Rendition): Encoding {
    return this.#running.get(rendition.source) ?? this.#start(rendition);
  }

  #start(rendition: Rendition): Encoding {
    const encoding = new Encoding(rendition, this.#engine, this.#line, (detail) =>
      this.#failed(rendition, detail),
    );
    this.#running.set(rendition.source, encoding);
    if (!this.#resting.has(rendition.source)) encoding.begin();
    return encoding;
  }

  #failed(rendition: Rendition, detail: string): void {
    const { pauseMs, isFirst } = this.#failures.note(rendition.source, this.#options.nowMs());
    this.#events.failed(rendition, detail, pauseMs, isFirst);
  }

  /** Begins what need not rest any more, and tells what must. */
  #rest(): void {
    this.#resting = this.#failures.resting;
    this.#events.withheld(this.#resting);
    for (const [source, encoding] of this.#running) if (!this.#resting.has(source)) encoding.begin();
  }

  #unuse(encoding: Encoding): void {
    if (--encoding.consumers > 0) return;
    const ending = setTimeout(() => this.#stop(encoding), this.#options.lingerMs).unref();
    this.#endings.set(encoding, ending);
  }

  #stop(encoding: Encoding): void {
    clearTimeout(this.#endings.get(encoding));
    this.#endings.delete(encoding);
    if (this.#running.get(encoding.rendition.source) !== encoding) return;
    this.#running.delete(encoding.rendition.source);
    encoding.close();
  }
}
