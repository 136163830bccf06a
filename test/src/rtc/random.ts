/** Seeded random numbers (mulberry32), so that a failure can be repeated. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 0x100000000;
  };
}

/** A copy of `packet` with some bytes changed, cut short or prolonged. */
export function mutate(packet: Buffer, random: () => number): Buffer {
  let copy = Buffer.from(packet);
  const changes = 1 + Math.floor(random() * 4);
  for (let i = 0; i < changes; i++) {
    if (copy.length > 0) copy[Math.floor(random() * copy.length)] = Math.floor(random() * 256);
  }
  if (random() < 0.3) copy = copy.subarray(0, Math.floor(random() * copy.length));
  if (random() < 0.1) copy = Buffer.concat([copy, Buffer.alloc(Math.floor(random() * 64), random() * 256)]);
  return copy;
}
