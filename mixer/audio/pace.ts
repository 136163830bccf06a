import { BLOCK_US } from './format.ts';

/** Samples of one block as time: packets are needed at its grid. */
const GRID_US = BLOCK_US;

/** So much more than is needed before anything is cut out: a wait that is measured moves a little. */
const SLACK_US = 5_000;
const TOLERANCE_US = 1_000;

/** From here on a correction is urgent. */
const URGENT_US = 60_000;

/** Blocks between two corrections, and when it is urgent. */
const PAUSE_BLOCKS = 3;
const URGENT_PAUSE_BLOCKS = 2;

/** How alike two places should be that are joined; less after a while, and none where sound would run dry. */
const SIMILAR = 0.8;
const PATIENCE_BLOCKS = 25;

/** How sound of one source stands to the moment at which it should be heard; all in microseconds. */
export interface Standing {
  /** From the arrival of the packet needed last, on the quickest path, to now. */
  marginUs: number;
  /** From the start of the block to the start of that packet. */
  offsetUs: number;
  /** Length of that packet. */
  frameUs: number;
  /** How long a packet should have been there when it is needed. */
  waitUs: number;
  /** The least delay from arrival to mix that is wanted for another reason; 0 for none. */
  holdUs: number;
}

/** A piece to be cut out (negative) or to be played twice, `lagUs` long about, where sound is `similar`. */
export interface Correction {
  byUs: number;
  similar: number;
}

/**
 * Decides when a source's sound is shortened or lengthened, so that its delay stays what its network
 * and its pictures need, whatever its clock does.
 *
 * A packet counts from the block on that needs its first sample. Cutting until a packet begins exactly
 * with a block therefore costs no safety at all; the sample after that costs a whole block of it.
 */
export class Pace {
  #sinceLast = 0;
  #wantedFor = 0;

  /** Once per block in which a packet was needed. Null: leave it as it is. */
  decide(standing: Standing): Correction | null {
    this.#sinceLast++;
    const missingUs = missing(standing);
    const excessUs = missingUs > 0 ? 0 : excess(standing);
    if (missingUs === 0 && excessUs === 0) {
      this.#wantedFor = 0;
      return null;
    }
    this.#wantedFor++;
    const pause = Math.max(missingUs, excessUs) > URGENT_US ? URGENT_PAUSE_BLOCKS : PAUSE_BLOCKS;
    if (this.#sinceLast < pause) return null;
    const isPatient = this.#wantedFor < PATIENCE_BLOCKS;
    if (missingUs > 0) return { byUs: missingUs, similar: isPatient ? SIMILAR : -1 };
    const isNeeded = excessUs >= GRID_US;
    return { byUs: -excessUs, similar: isPatient || !isNeeded ? SIMILAR : SIMILAR / 2 };
  }

  /** The correction that was decided has been made. */
  noteDone(): void {
    this.#sinceLast = 0;
  }
}

/** What each further packet in a block costs of the margin, and what may be cut before one is needed. */
const stepUs = ({ frameUs }: Standing) => Math.min(frameUs, GRID_US);
const freeUs = (standing: Standing) => standing.offsetUs - (GRID_US - stepUs(standing));

/** By how much sound should be lengthened. */
function missing(standing: Standing): number {
  const { marginUs, offsetUs, waitUs, holdUs } = standing;
  const lateUs = waitUs - marginUs;
  const steps = lateUs > TOLERANCE_US ? Math.ceil(lateUs / stepUs(standing)) : 0;
  const forNetworkUs = steps === 0 ? 0 : steps * stepUs(standing) - freeUs(standing);
  const forHoldUs = holdUs - (marginUs + offsetUs);
  return Math.max(0, forNetworkUs, forHoldUs > SLACK_US ? forHoldUs : 0);
}

/** By how much it may be shortened; 0 when that is not worth it. */
function excess(standing: Standing): number {
  const { marginUs, offsetUs, waitUs, holdUs } = standing;
  const steps = Math.max(0, Math.floor((marginUs - waitUs - SLACK_US) / stepUs(standing)));
  const byNetworkUs = freeUs(standing) + steps * stepUs(standing);
  const allowedUs = Math.min(byNetworkUs, marginUs + offsetUs - holdUs - SLACK_US);
  return allowedUs >= SLACK_US ? allowedUs : 0;
}
