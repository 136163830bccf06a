/** Whether something built is older than what it was built from. */

import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Never part of anything's sources. */
const skipped = new Set(['node_modules', 'dist', '.git', 'data']);

/** Newest modification below the paths, in ms; 0 when there is nothing. */
export function newestMs(paths) {
  let newest = 0;
  for (const path of paths) newest = Math.max(newest, newestBelow(path));
  return newest;
}

function newestBelow(path) {
  let stats;
  try {
    stats = statSync(path);
  } catch {
    return 0;
  }
  if (!stats.isDirectory()) return stats.mtimeMs;
  const entries = readdirSync(path).filter((name) => !skipped.has(name));
  // The folder's own time changes when a file in it is removed.
  return Math.max(stats.mtimeMs, newestMs(entries.map((name) => join(path, name))));
}

/** @param stamp a file written after the last successful build */
export const isStale = (stamp, sources) => newestMs([stamp]) < newestMs(sources);
