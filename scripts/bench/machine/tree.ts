import { readdirSync, readFileSync } from 'node:fs';
import { treeCpuS } from './cpu.ts';

/** Processes of a tree, the root first. */
export function treeOf(root: number): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    const parent = /^\d+$/.test(name) ? parentOf(Number(name)) : undefined;
    if (parent !== undefined) parents.set(Number(name), parent);
  }
  const found = [root];
  for (const pid of found) for (const [child, parent] of parents) if (parent === pid) found.push(child);
  return found;
}

/** Undefined when the process has ended. */
function parentOf(pid: number): number | undefined {
  const stat = read(`/proc/${pid}/stat`);
  // The name in parentheses may hold spaces; the numbered fields of proc(5) go on after it.
  return stat === undefined ? undefined : Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
}

/** Proportional set size of a whole tree, bytes: shared pages count once. */
export function treeMemoryBytes(root: number): number {
  let kilobytes = 0;
  for (const pid of treeOf(root)) {
    kilobytes += Number(/^Pss:\s+(\d+) kB/m.exec(read(`/proc/${pid}/smaps_rollup`) ?? '')?.[1] ?? 0);
  }
  return kilobytes * 1024;
}

/** CPU time of one thread since it began. */
interface ThreadTime {
  pid: number;
  ns: number;
}

/** By thread id; from `schedstat`, which counts nanoseconds where `stat` counts hundredths of a second. */
function threadTimes(root: number): Map<number, ThreadTime> {
  const times = new Map<number, ThreadTime>();
  for (const pid of treeOf(root)) {
    for (const tid of list(`/proc/${pid}/task`)) {
      const ns = Number(read(`/proc/${pid}/task/${tid}/schedstat`)?.split(' ')[0] ?? Number.NaN);
      if (!Number.isNaN(ns)) times.set(Number(tid), { pid, ns });
    }
  }
  return times;
}

export interface TreeUse {
  seconds: number;
  /** Cores that the whole tree took. */
  cores: number;
  /** Cores by thread id, with the process it belongs to. */
  threads: Map<number, { pid: number; cores: number }>;
}

/** The CPU of a process tree between two moments, thread by thread. */
export class TreeSpan {
  readonly #root: number;
  readonly #startNs = process.hrtime.bigint();
  readonly #start: Map<number, ThreadTime>;
  readonly #startTicksS: number;

  constructor(root: number) {
    this.#root = root;
    this.#startTicksS = treeCpuS(root);
    this.#start = threadTimes(root);
  }

  end(): TreeUse {
    const now = threadTimes(this.#root);
    const seconds = Number(process.hrtime.bigint() - this.#startNs) / 1e9;
    const ticksS = treeCpuS(this.#root) - this.#startTicksS;
    const threads = new Map<number, { pid: number; cores: number }>();
    let total = 0;
    for (const [tid, { pid, ns }] of now) {
      const cores = (ns - (this.#start.get(tid)?.ns ?? 0)) / 1e9 / seconds;
      threads.set(tid, { pid, cores });
      total += cores;
    }
    // A thread that has ended takes its time with it; its process' sum has it still, but coarser.
    const isWhole = now.size > 0 && [...this.#start.keys()].every((tid) => now.has(tid));
    return { seconds, cores: isWhole ? total : ticksS / seconds, threads };
  }
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return undefined;
  }
}
