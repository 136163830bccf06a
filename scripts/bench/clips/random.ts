/** A small seeded generator (mulberry32): the same clips on every machine. Yields 0 ≤ x < 1. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Normally distributed integers, as camera noise is; `sigma` in 8-bit steps. */
export function gaussianTable(length: number, sigma: number, seed: number): Int8Array {
  const random = seededRandom(seed);
  const table = new Int8Array(length);
  for (let at = 0; at < length; at++) {
    const radius = Math.sqrt(-2 * Math.log(1 - random()));
    table[at] = Math.round(radius * Math.cos(2 * Math.PI * random()) * sigma);
  }
  return table;
}
