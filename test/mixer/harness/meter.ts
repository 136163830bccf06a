import { BLOCK_LENGTH, BLOCK_SAMPLES } from '../../../mixer/audio/format.ts';
import { KWeighting, lufs } from '../../../mixer/audio/loudness.ts';

/** A loudness meter for stereo: short-term, of the last 3 s (EBU Tech 3341). */
export class LoudnessMeter {
  readonly #sides = [new KWeighting(), new KWeighting()] as const;
  readonly #mono = new Float32Array(BLOCK_SAMPLES);
  readonly #blocks: number[] = [];

  push(block: Float32Array): void {
    if (block.length !== BLOCK_LENGTH) throw new RangeError(`a block of ${block.length}`);
    let meanSquare = 0;
    for (const [side, weighting] of this.#sides.entries()) {
      for (let i = 0; i < BLOCK_SAMPLES; i++) this.#mono[i] = block[2 * i + side]!;
      meanSquare += weighting.push(this.#mono);
    }
    this.#blocks.push(meanSquare);
  }

  get shortTerm(): number {
    const last = this.#blocks.slice(-150);
    return lufs(last.reduce((sum, block) => sum + block, 0) / last.length);
  }
}
