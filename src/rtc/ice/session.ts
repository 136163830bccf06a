import { randomBytes } from 'node:crypto';
import { createPair, type Pair, pairKey } from './pair.ts';

export interface IceCredentials {
  ufrag: string;
  password: string;
}

/** Random ice-chars: 8 for the fragment, 24 for the password (RFC 8839 5.4 wants 4 and 22). */
export function createCredentials(): IceCredentials {
  return { ufrag: randomBytes(6).toString('base64'), password: randomBytes(18).toString('base64') };
}

/** Checks sent and not yet answered; older ones are forgotten first. */
const MAX_TRANSACTIONS = 256;

/** What belongs to one pair of credentials: an ICE restart begins another one (RFC 8445 2.4). */
export class IceSession {
  readonly local: IceCredentials;
  readonly remote: IceCredentials;
  readonly pairs = new Map<string, Pair>();
  readonly #transactions = new Map<string, { pair: Pair; sentMs: number }>();
  readonly #maxPairs: number;

  constructor(local: IceCredentials, remote: IceCredentials, maxPairs: number) {
    this.local = local;
    this.remote = remote;
    this.#maxPairs = maxPairs;
  }

  get usernameIn(): string {
    return `${this.local.ufrag}:${this.remote.ufrag}`;
  }

  get usernameOut(): string {
    return `${this.remote.ufrag}:${this.local.ufrag}`;
  }

  find(address: string, port: number): Pair | undefined {
    return this.pairs.get(pairKey(address, port));
  }

  /** The pair of that address; a new one takes the place of a failed or idle one when there are many. */
  pair(address: string, port: number, priority: number, keep: Pair | undefined): Pair | undefined {
    const known = this.find(address, port);
    if (known !== undefined) return known;
    if (this.pairs.size >= this.#maxPairs && !this.#evict(keep)) return undefined;
    const pair = createPair(address, port, priority);
    this.pairs.set(pairKey(address, port), pair);
    return pair;
  }

  #evict(keep: Pair | undefined): boolean {
    let worst: Pair | undefined;
    for (const pair of this.pairs.values()) {
      if (pair === keep) continue;
      if (worst === undefined || pair.answeredMs < worst.answeredMs) worst = pair;
    }
    return worst !== undefined && this.pairs.delete(pairKey(worst.address, worst.port));
  }

  remember(transaction: string, pair: Pair, nowMs: number): void {
    if (this.#transactions.size >= MAX_TRANSACTIONS) {
      const [oldest] = this.#transactions.keys();
      if (oldest !== undefined) this.#transactions.delete(oldest);
    }
    this.#transactions.set(transaction, { pair, sentMs: nowMs });
  }

  /** The check that `transaction` answers, when it was ours and came from where it was sent to. */
  answered(transaction: string, address: string, port: number): { pair: Pair; sentMs: number } | undefined {
    const check = this.#transactions.get(transaction);
    if (check === undefined || check.pair.port !== port || check.pair.address !== address) return undefined;
    this.#transactions.delete(transaction);
    return check;
  }
}
