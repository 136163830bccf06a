import type { Chunk } from '../../mixer/protocol/framing.ts';
import type { Engine } from '../engine/engine.ts';
import type { DeliveryLine } from './deliveryLine.ts';
import type { Rendition } from './renditions.ts';

/** Who takes coded chunks of a rendition. */
export interface ChunkListener {
  each(chunk: Chunk): void;
  /** Longest time between key frames, 0 for any. */
  keyFrameEveryUs: number;
}

/** How far the rate of a rendition may follow its viewers, as shares of its own. */
const LEAST_SHARE = 0.6;
const MOST_SHARE = 1.25;

/**
 * One rendition that somebody uses: a source of the delivery, and the encoder that fills it.
 *  - The encoder may fail and be begun again; source and listeners stay.
 *  - Its rate follows its viewers within bounds, but never while it is recorded or streamed.
 */
export class Encoding {
  readonly rendition: Rendition;
  consumers = 0;
  readonly #engine: Engine;
  readonly #line: DeliveryLine;
  readonly #failed: (detail: string) => void;
  readonly #listeners = new Set<ChunkListener>();
  /** Its number; undefined while there is none. */
  #encoder: number | undefined;
  #keyFrameEveryUs = 0;
  #fittingKbps: number;
  #kbps: number;

  /** @param failed there is no encoder any more, until `begin` */
  constructor(rendition: Rendition, engine: Engine, line: DeliveryLine, failed: (detail: string) => void) {
    const { source, spec } = rendition;
    this.rendition = rendition;
    this.#engine = engine;
    this.#line = line;
    this.#failed = failed;
    this.#fittingKbps = spec.kbps;
    this.#kbps = spec.kbps;
    line.addSource(
      { source, media: spec.media, codec: spec.codec },
      { keyFrameWanted: () => this.keyFrame(), fits: (kbps) => this.#fit(kbps) },
    );
  }

  get tapped(): boolean {
    return this.#listeners.size > 0;
  }

  /** Starts the encoder, unless it runs. */
  begin(): void {
    if (this.#encoder !== undefined) return;
    const { source, spec } = this.rendition;
    this.#encoder = this.#engine.startEncoder(spec, {
      media: (picture) => this.#line.media(source, picture),
      chunk: (chunk) => {
        for (const { each } of this.#listeners) each(chunk);
      },
      failed: (detail) => this.#fail(detail),
    });
    this.#kbps = spec.kbps;
    this.#keyFrameEveryUs = 0;
    if (this.tapped) this.#engine.tap(this.#encoder, true);
    this.#paceKeyFrames();
    this.#rate();
  }

  keyFrame(): void {
    if (this.#encoder !== undefined) this.#engine.keyFrame(this.#encoder);
  }

  /** Hands its chunks to `listener`, too. */
  addListener(listener: ChunkListener): void {
    this.#listeners.add(listener);
    if (this.#listeners.size === 1) this.#tap(true);
    this.#paceKeyFrames();
  }

  /** Returns false when it was none. */
  removeListener(listener: ChunkListener): boolean {
    if (!this.#listeners.delete(listener)) return false;
    if (this.#listeners.size === 0) this.#tap(false);
    this.#paceKeyFrames();
    return true;
  }

  close(): void {
    this.#stop();
    this.#line.removeSource(this.rendition.source);
  }

  #tap(on: boolean): void {
    if (this.#encoder !== undefined) this.#engine.tap(this.#encoder, on);
    this.#rate();
  }

  /** Returns false while it is recorded or streamed: then it keeps its own rate. */
  #fit(kbps: number): boolean {
    const own = this.rendition.spec.kbps;
    this.#fittingKbps = Math.round(Math.min(own * MOST_SHARE, Math.max(own * LEAST_SHARE, kbps)));
    this.#rate();
    return !this.tapped || kbps >= own;
  }

  #rate(): void {
    const kbps = this.tapped ? this.rendition.spec.kbps : this.#fittingKbps;
    if (this.#encoder === undefined || kbps === this.#kbps) return;
    this.#kbps = kbps;
    this.#engine.encoderRate(this.#encoder, kbps);
  }

  #paceKeyFrames(): void {
    const asked = [...this.#listeners].map(({ keyFrameEveryUs }) => keyFrameEveryUs).filter((us) => us > 0);
    const shortestUs = asked.length === 0 ? 0 : Math.min(...asked);
    if (this.#encoder === undefined || shortestUs === this.#keyFrameEveryUs) return;
    this.#keyFrameEveryUs = shortestUs;
    this.#engine.keyFrameEvery(this.#encoder, shortestUs);
  }

  #fail(detail: string): void {
    this.#stop();
    // Another encoder counts its packets anew.
    this.#line.restartSource(this.rendition.source);
    this.#failed(detail);
  }

  #stop(): void {
    if (this.#encoder !== undefined) this.#engine.stopEncoder(this.#encoder);
    this.#encoder = undefined;
  }
}
