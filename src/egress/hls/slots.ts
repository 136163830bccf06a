/**
 * How the program's time is cut. Slots are counted from a moment before any of them, on the wall clock,
 * so that their numbers go on rising when the stream, or the server, begins anew.
 */

/** Length of a segment, and of the time between key frames. */
export const SLOT_US = 2_000_000;
/** Length of a part, as low-latency players fetch them. */
export const PART_US = 500_000;

export const slotOf = (ptsUs: number): number => Math.floor(ptsUs / SLOT_US);
export const slotStartUs = (slot: number): number => slot * SLOT_US;
/** Which part of its slot. */
export const partOf = (ptsUs: number): number => Math.floor((ptsUs - slotStartUs(slotOf(ptsUs))) / PART_US);
