import { sequenceDistance } from '../sequence.ts';

/**
 * The 48-bit packet index a sequence number most likely stands for (RFC 3711 3.3.1): the one closest to
 * the highest index so far, so that a gap of hundreds of packets over the wrap is followed.
 *
 * @param highest highest index so far, −1 before the first packet
 */
export function guessIndex(sequence: number, highest: number): number {
  if (highest < 0) return sequence;
  const index = highest + sequenceDistance(sequence, highest % 0x10000);
  return index < 0 ? index + 0x10000 : index;
}

export const rolloverOf = (index: number): number => Math.floor(index / 0x10000);
