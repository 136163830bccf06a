import { readdirSync, readFileSync } from 'node:fs';
import { cpus } from 'node:os';

/** Ticks per second of the times in /proc: 100 on every Linux that Node runs on (`getconf CLK_TCK`). */
const TICKS_PER_S = 100;

interface ProcessTimes {
  parent: number;
  cpuS: number;
}

/** @returns undefined when the process has ended */
function readProcess(pid: number): ProcessTimes | undefined {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  } catch {
    return undefined;
  }
  // The name in parentheses may hold spaces; the numbered fields of proc(5) go on after it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [userTicks, systemTicks, endedUser, endedSystem] = fields.slice(11, 15).map(Number);
  const ticks = userTicks! + systemTicks! + endedUser! + endedSystem!;
  return { parent: Number(fields[1]), cpuS: ticks / TICKS_PER_S };
}

/** User and system seconds of a process and everything below it, ended children included. */
export function treeCpuS(root: number): number {
  const all = new Map<number, ProcessTimes>();
  for (const name of readdirSync('/proc')) {
    const times = /^\d+$/.test(name) ? readProcess(Number(name)) : undefined;
    if (times) all.set(Number(name), times);
  }
  const isBelow = (pid: number): boolean => {
    for (let at: number | undefined = pid; at; at = all.get(at)?.parent) if (at === root) return true;
    return false;
  };
  let total = 0;
  for (const [pid, times] of all) if (isBelow(pid)) total += times.cpuS;
  return total;
}

export interface MachineTimes {
  totalS: number;
  idleS: number;
}

/** Times of all processors together since boot. */
export function machineTimes(): MachineTimes {
  const line = readFileSync('/proc/stat', 'latin1').split('\n', 1)[0]!;
  const ticks = line.trim().split(/\s+/).slice(1, 9).map(Number);
  const total = ticks.reduce((sum, value) => sum + value, 0);
  return { totalS: total / TICKS_PER_S, idleS: (ticks[3]! + ticks[4]!) / TICKS_PER_S };
}

export function machineModel(): { model: string; cores: number } {
  const all = cpus();
  return { model: all[0]?.model ?? 'unknown', cores: all.length };
}
