import type { ThreadShares } from './samples.ts';

/** Names the Unix socket on which a benchmark listens. Not `ROSTRUM_…`: mixers inherit none of those. */
export const SOCKET_VARIABLE = 'BENCH_PROFILER_SOCKET';

/** A line of JSON each. To the thread go lines `begin` and `end`. */
export type FromThread =
  | { type: 'thread'; pid: number; tid: number }
  | { type: 'shares'; tid: number; shares: ThreadShares };
