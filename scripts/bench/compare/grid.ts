import { seededRandom } from '../clips/random.ts';
import type { CompareOptions } from './options.ts';
import type { BenchMode } from './result.ts';

/** Points that share a room and its speakers; viewers come and go between them. */
export interface Series {
  mode: BenchMode;
  speakers: number;
  /** From 1. */
  repetition: number;
  /** In the order in which they are measured. */
  viewers: number[];
}

/**
 * The whole grid in a random order that the seed repeats: whatever grows or fades while a run goes on (heat,
 * caches, neighbours) falls on all points alike. Each repetition is through before the next one begins.
 */
export function seriesOf(options: CompareOptions): Series[] {
  const random = seededRandom(options.seed);
  const repetitions = Array.from({ length: options.repetitions }, (_, index) => index + 1);
  return repetitions.flatMap((repetition) => {
    const cells = options.modes.flatMap((mode) => options.speakers.map((speakers) => ({ mode, speakers })));
    return shuffled(cells, random).map((cell) => ({
      ...cell,
      repetition,
      viewers: shuffled(options.viewers, random),
    }));
  });
}

/** Fisher and Yates. */
export function shuffled<T>(all: readonly T[], random: () => number): T[] {
  const order = [...all];
  for (let last = order.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [order[last], order[other]] = [order[other]!, order[last]!];
  }
  return order;
}
