import { Ducker } from './ducker.ts';
import { Fader } from './fader.ts';
import { BLOCK_LENGTH, CHANNELS } from './format.ts';
import { Panner } from './panner.ts';
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
  panner: Panner;
  /** The block as it goes into the sum; only where that is not the strip's own. */
  own: Float32Array | undefined;
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
  #pans: ReadonlyMap<string, number> = new Map();

  /** Sources by key; null for all. Who comes or goes fades within 10 ms. */
  hear(keys: Iterable<string> | null): void {
    this.#heard = keys === null ? null : new Set(keys);
  }

  /** Where voices are heard, −1 (left) to 1, by key; those that are not named are in the middle. */
  place(pans: ReadonlyMap<string, number>): void {
    this.#pans = pans;
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
      const pan = (strip.isVoice && this.#pans.get(key)) || 0;
      const send = this.#sendOf(strip, gain, pan);
      send.fader.moveTo(gain);
      send.panner.moveTo(pan);
      send.part = block === null ? null : sent(send, block);
      if (send.part === null) send.panner.jump();
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

  #sendOf(strip: Strip, gain: number, pan: number): Send {
    let send = this.#sends.get(strip);
    if (send === undefined) {
      send = { fader: new Fader(gain), panner: new Panner(pan), own: undefined, part: null };
      this.#sends.set(strip, send);
    }
    return send;
  }
}

function sent(send: Send, block: Float32Array): Float32Array | null {
  const { fader, panner } = send;
  if (fader.closed) return null;
  if (fader.steadyAt(1) && panner.centred) return block;
  send.own ??= new Float32Array(BLOCK_LENGTH);
  send.own.set(block);
  fader.process(send.own, CHANNELS);
  if (!panner.centred) panner.process(send.own);
  return send.own;
}

function add(sum: Float32Array, block: Float32Array): void {
  for (let i = 0; i < sum.length; i++) sum[i]! += block[i]!;
}

function subtract(sum: Float32Array, block: Float32Array): void {
  for (let i = 0; i < sum.length; i++) sum[i]! -= block[i]!;
}
