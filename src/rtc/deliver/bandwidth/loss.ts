/** Up to here loss is the network's nature, repaired by retransmission; beyond, it is too much of us. */
const TOLERATED = 0.08;
/** The same where no queue is to be seen: less of us would not mean less of it. */
const TOLERATED_WITHOUT_QUEUE = 0.15;
const MIN_PACKETS = 30;
const DEVIATIONS = 3;

/**
 * Whether `lost` of `packets` is more than a network that loses a tolerable share at random would lose by
 * chance: of few packets many must be missing before that is said.
 */
export function isCongested(packets: number, lost: number, queue: boolean): boolean {
  if (packets < MIN_PACKETS) return false;
  const share = queue ? TOLERATED : TOLERATED_WITHOUT_QUEUE;
  return lost > packets * share + DEVIATIONS * Math.sqrt(packets * share * (1 - share));
}
