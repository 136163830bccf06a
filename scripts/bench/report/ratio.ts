import type { BenchReference } from '../compare/result.ts';
import type { ReferenceRatio } from './analysisTypes.ts';

/** @returns undefined when either side was not measured */
export function ratioOf({ name, cpu, packetUs, ours }: BenchReference): ReferenceRatio | undefined {
  const theirs = cpu ?? packetUs;
  if (ours === null || theirs === null || !(theirs > 0)) return undefined;
  return { name, unit: cpu === null ? 'µs per packet' : 'cores', theirs, ours, ratio: ours / theirs };
}
