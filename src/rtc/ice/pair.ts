/** One address of the peer, and what is known about the way there (RFC 8445 6.1.2). */
export interface Pair {
  readonly address: string;
  readonly port: number;
  readonly priority: number;
  /** `succeeded`: the peer answered an authenticated check from there; only then media may flow. */
  state: 'waiting' | 'checking' | 'succeeded' | 'failed';
  /** Checks sent since the last answer. */
  unanswered: number;
  nextCheckMs: number;
  /** When the last check was sent. */
  checkedMs: number;
  /** When anything was last heard from there. */
  heardMs: number;
  /** When a check was last answered from there. */
  answeredMs: number;
  /** The peer asked for this pair (USE-CANDIDATE) before it had succeeded. */
  nominated: boolean;
  rttMs: number | null;
}

export function createPair(address: string, port: number, priority: number): Pair {
  return {
    address,
    port,
    priority,
    state: 'waiting',
    unanswered: 0,
    nextCheckMs: 0,
    checkedMs: -Infinity,
    heardMs: 0,
    answeredMs: 0,
    nominated: false,
    rttMs: null,
  };
}

export const pairKey = (address: string, port: number): string => `${address}:${port}`;
