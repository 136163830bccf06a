/** Which rung each video slot of a viewer gets: arithmetic without state. */

import type { VideoCodec } from '../../../mixer/protocol/control.ts';
import type { Feed, Rung } from '../contract.ts';

/** Headers of IP, UDP and SRTP for packets of ~1,100 bytes, as a factor on the coded rate. */
const OVERHEAD = 1.07;

/** What a rung takes of a downlink, kbit/s; 0 for no picture at all. */
export const costOf = (rung: Rung | undefined): number => (rung === undefined ? 0 : rung.kbps * OVERHEAD);

/**
 * The rungs a slot can be given, best first, in the first of `codecs` that the feed has.
 *
 * @param maxHeight pictures of at most this height, the smallest where all are larger; 0 for none, null for all
 */
export function rungsOf(
  feed: Feed | null,
  codecs: readonly VideoCodec[],
  maxHeight: number | null,
): readonly Rung[] {
  if (feed === null || maxHeight === 0) return [];
  const all = codecs.map((codec) => feed[codec] ?? []).find((rungs) => rungs.length > 0) ?? [];
  if (maxHeight === null) return all;
  const allowed = all.filter(({ height }) => height <= maxHeight);
  return allowed.length > 0 ? allowed : all.slice(-1);
}

/**
 * Shares `budgetKbps` among the slots: each is raised by one rung in turn, in the order of the slots, as
 * long as there is anything left for it.
 *
 * @returns for each ladder the rung's index, or the ladder's length where not even the last one fits
 */
export function shareOut(ladders: readonly (readonly Rung[])[], budgetKbps: number): number[] {
  const chosen = ladders.map((rungs) => rungs.length);
  let leftKbps = budgetKbps;
  for (let raised = true; raised; ) {
    raised = false;
    ladders.forEach((rungs, slot) => {
      const extraKbps = extraOf(rungs, chosen[slot]!);
      if (extraKbps === undefined || extraKbps > leftKbps) return;
      leftKbps -= extraKbps;
      chosen[slot]!--;
      raised = true;
    });
  }
  return chosen;
}

/** What the next better rung than the one at `index` costs more; undefined at the top. */
export function extraOf(rungs: readonly Rung[], index: number): number | undefined {
  if (index <= 0) return undefined;
  return Math.max(0, costOf(rungs[index - 1]) - costOf(rungs[index]));
}
