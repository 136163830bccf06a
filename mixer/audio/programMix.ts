import { Ducker } from './ducker.ts';
import { Fader } from './fader.ts';
import { BLOCK_LENGTH, CHANNELS } from './format.ts';
import type { Strip } from './strip.ts';

/** A strip with its block of now; null while it is silent. */
export interface Playing {
  strip: Strip;
  key: string;
  block: Float32Array | null;
}

/** What one strip gives to one program. */
interface Send {
  fader: Fader;
  /** The block with the fader applied; only where that is not the strip's own. */
  faded: Float32Array | undefined;
  /** What went into the last sum; null for nothing. */
  part: Float32Array | null;
}

/**
 * The sum of one program: everybody who is heard in it, screens and media lowered while somebody talks.
 * Who listens without themselves gets the sum less their own part: it is mixed once, however many listen.
 */
export class ProgramMix {
  readonly sum = new Float32Array(BLOCK_LENGTH);
  readonly #ducker = new Ducker();
  readonly #sends = new Map<Strip, Send>();
  #heard: Set<string> | null = null;

  /** Sources by key; null for all. Who comes or goes fades within 10 ms. */
  hear(keys: Iterable<string> | null): void {
    this.#heard = keys === null ? null : new Set(keys);
  }

  set duckingDb(depthDb: number) {
    this.#ducker.depthDb = depthDb;
  }

  advance(playing: Playing[]): void {
    this.sum.fill(0);
    const isTalking = playing.some(
      ({ strip, key }) => strip.isVoice && strip.level.talking && this.#hears(key),
    );
    const duck = this.#ducker.advance(isTalking);
    for (const { strip, key, block } of playing) {
      const gain = this.#hears(key) ? (strip.isVoice ? 1 : duck) : 0;
      const send = this.#sendOf(strip, gain);
      send.fader.moveTo(gain);
      send.part = block === null ? null : faded(send, block);
      if (send.part !== null) add(this.sum, send.part);
    }
  }

  /** `strip` has left for good. */
  drop(strip: Strip): void {
    this.#sends.delete(strip);
  }

  /** Everybody but `participant`, whose parts are subtracted, into `out`. */
  without(participant: string | undefined, out: Float32Array): void {
    out.set(this.sum);
    if (participant === undefined) return;
    for (const [strip, { part }] of this.#sends) {
      if (strip.participant === participant && part !== null) subtract(out, part);
    }
  }

  #hears(key: string): boolean {
    return this.#heard?.has(key) ?? true;
  }

  #sendOf(strip: Strip, gain: number): Send {
    let send = this.#sends.get(strip);
    if (send === undefined) {
      send = { fader: new Fader(gain), faded: undefined, part: null };
      this.#sends.set(strip, send);
    }
    return send;
  }
}

function faded(send: Send, block: Float32Array): Float32Array | null {
  if (send.fader.closed) return null;
  if (send.fader.steadyAt(1)) return block;
  send.faded ??= new Float32Array(BLOCK_LENGTH);
  send.faded.set(block);
  send.fader.process(send.faded, CHANNELS);
  return send.faded;
}

function add(sum: Float32Array, block: Float32Array): void {
  for (let i = 0; i < sum.length; i++) sum[i]! += block[i]!;
}

function subtract(sum: Float32Array, block: Float32Array): void {
  for (let i = 0; i < sum.length; i++) sum[i]! -= block[i]!;
}
