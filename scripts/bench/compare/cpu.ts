import type { TreeUse } from '../machine/tree.ts';
import { emptyParts, type Part, sumOf } from '../profile/parts.ts';
import type { ThreadShares } from '../profile/samples.ts';
import type { CpuParts, CpuUse } from './result.ts';

/** What a tree took, without a profile. */
export function cpuOf(use: TreeUse, serverPid: number): CpuUse {
  let withoutMixers = 0;
  for (const { pid, cores } of use.threads.values()) if (pid === serverPid) withoutMixers += cores;
  return { total: use.cores, parts: null, profiledTotal: null, withoutMixers };
}

/**
 * Shares the CPU of each thread out as its profile says. A profile knows when a thread ran JavaScript, or
 * native code called by it; what the thread took beyond that (the event loop's own reads, the collector's
 * threads) is `other`.
 */
export function partsOf(use: TreeUse, shares: ReadonlyMap<number, ThreadShares>): CpuParts {
  const parts = emptyParts();
  for (const [tid, { cores }] of use.threads) {
    const ran = shares.get(tid);
    const active = ran === undefined ? 0 : sumOf(ran);
    if (ran === undefined || active === 0) {
      parts.other += cores;
      continue;
    }
    // A sample taken while somebody else had the processor counts as running: never more than there was.
    const scale = Math.min(1, cores / active);
    for (const part of Object.keys(parts) as Part[]) parts[part] += ran[part] * scale;
    parts.other += Math.max(0, cores - active * scale);
  }
  return scaled(parts, use.cores);
}

/** So that the parts sum to the total, whatever ended or began meanwhile. */
function scaled(parts: CpuParts, total: number): CpuParts {
  const sum = sumOf(parts);
  if (sum === 0) return { ...parts, other: total };
  const factor = total / sum;
  return Object.fromEntries(
    Object.entries(parts).map(([part, cores]) => [part, cores * factor]),
  ) as unknown as CpuParts;
}
