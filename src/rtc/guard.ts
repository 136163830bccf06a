/**
 * Stands between a peer's socket and everything that parses: tells STUN, DTLS and media apart
 * (RFC 7983), drops what is too long, too often, or from an address that has passed no check.
 */

import { TokenBucket } from './tokenBucket.ts';

export type DatagramKind = 'stun' | 'dtls' | 'media';

const MIN_BYTES = 13;
const MAX_BYTES = 2048;

/** Datagrams per second and at once. A speaker at 8 Mbit/s sends about 1,000 media packets a second. */
const limits: Record<DatagramKind | 'stranger' | 'reports', [perSecond: number, burst: number]> = {
  /** STUN from addresses that passed no check yet: a flood of it must not cost the peer its consent. */
  stranger: [100, 200],
  stun: [50, 100],
  dtls: [50, 100],
  media: [6_000, 3_000],
  /** Of who sends none: a browser that loses packets on sixteen streams reports 800 times a second. */
  reports: [1_000, 1_000],
};

export interface GuardCounters {
  taken: number;
  unknown: number;
  unverified: number;
  limited: number;
  /** STUN without the right credentials, or that answers nothing we asked. */
  forged: number;
}

export class Guard {
  readonly counters: GuardCounters = { taken: 0, unknown: 0, unverified: 0, limited: 0, forged: 0 };
  readonly #verified: (address: string, port: number) => boolean;
  readonly #buckets: Record<DatagramKind | 'stranger', TokenBucket>;

  /**
   * @param verified whether a check of ours was answered from that address
   * @param sendsMedia false for a peer that only reports on what it receives
   */
  constructor(verified: (address: string, port: number) => boolean, sendsMedia = true) {
    this.#verified = verified;
    this.#buckets = {
      stranger: new TokenBucket(...limits.stranger),
      stun: new TokenBucket(...limits.stun),
      dtls: new TokenBucket(...limits.dtls),
      media: new TokenBucket(...(sendsMedia ? limits.media : limits.reports)),
    };
  }

  /** What the datagram is, or null when it must go no further. */
  admit(packet: Buffer, address: string, port: number, nowUs: number): DatagramKind | null {
    // To port 0 nothing can be sent, an answer neither.
    const kind = port === 0 ? null : kindOf(packet);
    if (kind === null) return this.#drop('unknown');
    const verified = this.#verified(address, port);
    if (kind !== 'stun' && !verified) return this.#drop('unverified');
    if (!this.#buckets[verified ? kind : 'stranger'].take(nowUs)) return this.#drop('limited');
    this.counters.taken++;
    return kind;
  }

  #drop(why: keyof GuardCounters): null {
    this.counters[why]++;
    return null;
  }
}

function kindOf(packet: Buffer): DatagramKind | null {
  if (packet.length < MIN_BYTES || packet.length > MAX_BYTES) return null;
  const first = packet[0]!;
  if (first <= 3) return 'stun';
  if (first >= 20 && first <= 63) return 'dtls';
  return first >= 128 && first <= 191 ? 'media' : null;
}
