import { readFileSync } from 'node:fs';

/** Memory that a process has for itself: files it has mapped, which others may share, do not count. */
export function processMemoryBytes(pid: number): number {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1');
  return Number(/^Anonymous:\s+(\d+) kB/m.exec(text)?.[1] ?? Number.NaN) * 1024;
}
