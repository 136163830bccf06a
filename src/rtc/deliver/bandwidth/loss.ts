/** Up to here loss is the network's nature, repaired by retransmission; beyond, it is too much of us. */
const TOLERATED = 0.08;
const MIN_PACKETS = 30;
const DEVIATIONS = 3;

/**
 * Whether `lost` of `packets` is more than a network that loses 8 % at random would lose by chance: of
 * few packets many must be missing before that is said.
 */
export function isCongested(packets: number, lost: number): boolean {
  if (packets < MIN_PACKETS) return false;
  return lost > packets * TOLERATED + DEVIATIONS * Math.sqrt(packets * TOLERATED * (1 - TOLERATED));
}
