import type { BenchMode } from '../compare/result.ts';
import type { ClientCost, Comparison, Forwarding, ModeFit } from './analysisTypes.ts';
import { breakEven, slopeRatio } from './fit/breakEven.ts';

const forwarding: readonly Forwarding[] = ['sfu', 'sfu-fit'];

/** Mixing against both kinds of forwarding, for each number of speakers that was measured with both. */
export function comparisonsOf(fits: readonly ModeFit[], clients: readonly ClientCost[]): Comparison[] {
  const find = <T extends { mode: BenchMode; speakers: number }>(
    all: readonly T[],
    mode: BenchMode,
    n: number,
  ) => all.find((each) => each.mode === mode && each.speakers === n);
  return forwarding.flatMap((against) =>
    fits.flatMap((mixing) => {
      const other = mixing.mode === 'mcu' ? find(fits, against, mixing.speakers) : undefined;
      if (!other) return [];
      const { speakers } = mixing;
      const [mine, theirs] = [find(clients, 'mcu', speakers), find(clients, against, speakers)];
      return {
        speakers,
        against,
        ...breakEven(mixing.line, other.line),
        savedPerViewer: other.line.slope - mixing.line.slope,
        viewerRatio: slopeRatio(mixing.line, other.line) ?? null,
        deliveryRatio: slopeRatio(mixing.delivery, other.delivery) ?? null,
        downlinkRatio: over(theirs?.downlinkBps, mine?.downlinkBps),
        decodeRatio: over(theirs?.decodeCpu, mine?.decodeCpu),
      };
    }),
  );
}

function over(a: number | null | undefined, b: number | null | undefined): number | null {
  return a !== null && a !== undefined && b ? a / b : null;
}
