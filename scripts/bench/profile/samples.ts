import type { Profiler } from 'node:inspector';
import type { CpuParts } from '../compare/result.ts';
import { emptyParts, partOf, type StackFrame } from './parts.ts';

/** How a thread spent a profiled span, as shares of it, 0..1; what is missing to 1 it was idle. */
export type ThreadShares = CpuParts;

/** V8 names what is no function of anybody like this. */
const IDLE = '(idle)';
const ROOT = '(root)';

/** Counts each sample for the part that its stack belongs to. */
export function sharesOf(profile: Profiler.Profile): ThreadShares {
  const parents = new Map<number, number>();
  const nodes = new Map(profile.nodes.map((node) => [node.id, node]));
  for (const { id, children } of profile.nodes) for (const child of children ?? []) parents.set(child, id);
  const counts = new Map<number, number>();
  for (const id of profile.samples ?? []) counts.set(id, (counts.get(id) ?? 0) + 1);
  const shares = emptyParts();
  const total = profile.samples?.length ?? 0;
  for (const [id, count] of counts) {
    const name = nodes.get(id)!.callFrame.functionName;
    if (name === IDLE || name === ROOT) continue;
    const stack: StackFrame[] = [];
    for (let at: number | undefined = id; at !== undefined; at = parents.get(at)) {
      stack.push(nodes.get(at)!.callFrame);
    }
    shares[partOf(stack)] += count / total;
  }
  return shares;
}
