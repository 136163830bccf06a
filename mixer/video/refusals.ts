import type { FromMixer } from '../protocol/control.ts';
import type { Size } from './fit.ts';

export type RefusalCode = Extract<FromMixer, { type: 'refused' }>['code'];

/** Who sends what we take and what we refuse by turns is told so this often. */
const REFUSED_AGAIN_US = 5_000_000;

/** A budget that is spent again so soon is too small for what is sent; its sender is told once in a while. */
const SPENT_AGAIN_US = 3_000_000;
const COST_TOLD_US = 60_000_000;

/** What a sender is told of pictures that are not shown: when it begins and ends, never for each. */
export class Refusals {
  readonly #tell: (code: RefusalCode, detail: string) => void;
  readonly #accepted: () => void;
  #isRefused = false;
  #refusedUs = Number.NEGATIVE_INFINITY;
  #sparedUs = Number.NEGATIVE_INFINITY;
  #costToldUs = Number.NEGATIVE_INFINITY;

  constructor(tell: (code: RefusalCode, detail: string) => void, accepted: () => void) {
    this.#tell = tell;
    this.#accepted = accepted;
  }

  /** Its sender knows that nothing of it is shown. */
  get isRefused(): boolean {
    return this.#isRefused;
  }

  refuse(code: RefusalCode, detail: string, nowUs: number): void {
    if (this.#isRefused || nowUs - this.#refusedUs < REFUSED_AGAIN_US) return;
    this.#isRefused = true;
    this.#refusedUs = nowUs;
    this.#tell(code, detail);
  }

  /** A picture is shown. */
  accept(): void {
    if (!this.#isRefused) return;
    this.#isRefused = false;
    this.#accepted();
  }

  /** For want of time some are left out, once more. */
  spare({ width, height }: Size, nowUs: number): void {
    const isHabit = nowUs - this.#sparedUs < SPENT_AGAIN_US;
    this.#sparedUs = nowUs;
    if (!isHabit || nowUs - this.#costToldUs < COST_TOLD_US) return;
    this.#costToldUs = nowUs;
    const detail = `so many pictures of ${width}×${height} take too long to decode: some are left out`;
    this.#tell('too-costly', detail);
  }
}
