/**
 * Interactive Connectivity Establishment for an answerer (RFC 8445): a full agent, always controlled,
 * with one component and one UDP socket.
 *
 * - No STUN message without the right USERNAME and MESSAGE-INTEGRITY has any effect, or any answer.
 * - Nothing but checks is sent to an address that has not answered one (RFC 8445, RFC 7675).
 * - A pair the peer nominates later is followed, so a rebinding NAT costs a second, not the session.
 * - Checks to each address are few and spaced: a list of candidates is no way to make us flood.
 */

import { randomBytes } from 'node:crypto';
import { peerReflexivePriority, type RemoteCandidate } from './candidates.ts';
import type { Pair } from './pair.ts';
import { createCredentials, type IceCredentials, IceSession } from './session.ts';
import {
  integrityHolds,
  parseStun,
  type StunMessage,
  StunType,
  writeCheck,
  writeRoleConflict,
  writeSuccess,
} from './stun.ts';

const PACE_MS = 50;
const IDLE_MS = 1_000;
/** First retransmission timeout; doubles with each check. */
const RTO_MS = 500;
const MAX_CHECKS = 4;
const CONSENT_INTERVAL_MS = 5_000;
const CONSENT_RETRY_MS = 1_000;
/** RFC 7675 5.1. */
const CONSENT_TIMEOUT_MS = 30_000;
/** After that long without a word the selected pair gives way to one the peer nominates. */
const SILENT_MS = 1_000;
/** A pair in use for this long is not about to be exchanged for a better one. */
const SETTLING_MS = 3_000;
/** After that long without a word somebody else at a new address may be the peer. */
const DEAF_MS = 2_000;
/** Zero, so that a role conflict is always repaired by the other side (RFC 8445 7.3.1.1). */
const TIE_BREAKER = Buffer.alloc(8);

export interface IceEvents {
  send(datagram: Buffer, port: number, address: string): void;
  /** Where media goes now: the first pair that works, then whatever the peer nominates. */
  selected(pair: Pair): void;
  /** The pair in use is the one that stays: nobody else needs to be heard. Told again with each tick. */
  settled(pair: Pair): void;
  /** The peer may come from another address any time. */
  unsettled(): void;
  /** The pair in use answered a check. */
  answered?(rttMs: number): void;
  /** Consent was lost: nothing was answered for 30 s. */
  failed(reason: string): void;
}

export class IceAgent {
  readonly #events: IceEvents;
  readonly #maxCandidates: number;
  #session: IceSession;
  /** The credentials before an ICE restart: valid until the new ones have found a pair. */
  #previous: IceSession | undefined;
  #selected: Pair | undefined;
  #selectedMs = 0;
  #nominated = false;
  #candidates = 0;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  /** @param maxCandidates candidates taken from the peer; as many peer-reflexive ones may be added */
  constructor(remote: IceCredentials, maxCandidates: number, events: IceEvents) {
    this.#events = events;
    this.#maxCandidates = maxCandidates;
    this.#session = new IceSession(createCredentials(), remote, maxCandidates * 2 + 8);
    this.#schedule(PACE_MS);
  }

  get local(): IceCredentials {
    return this.#session.local;
  }

  get remote(): IceCredentials {
    return this.#session.remote;
  }

  get selected(): Pair | undefined {
    return this.#selected;
  }

  addRemoteCandidate(candidate: RemoteCandidate): void {
    if (this.#closed || this.#candidates >= this.#maxCandidates) return;
    this.#candidates++;
    this.#session.pair(candidate.address, candidate.port, candidate.priority, this.#selected);
    this.#schedule(0);
  }

  /** New credentials; media goes on over the pair it has until the new ones have found one. */
  restart(remote: IceCredentials): void {
    const selected = this.#selected;
    // Where the restart before has found nothing yet, the pair in use is still that of an earlier session.
    const isOurs = selected !== undefined && this.#session.find(selected.address, selected.port) === selected;
    if (isOurs) this.#previous = this.#session;
    this.#session = new IceSession(createCredentials(), remote, this.#maxCandidates * 2 + 8);
    this.#nominated = false;
    this.#candidates = 0;
    this.#events.unsettled();
    this.#schedule(PACE_MS);
  }

  /** Whether media from there may be believed: a check of ours was answered from there. */
  verified(address: string, port: number): boolean {
    const selected = this.#selected;
    if (selected !== undefined && selected.port === port && selected.address === address) return true;
    const pair = this.#session.find(address, port) ?? this.#previous?.find(address, port);
    return pair?.state === 'succeeded';
  }

  /** Something authentic came from there: the pair in use is not silent. */
  heard(address: string, port: number): void {
    const selected = this.#selected;
    if (selected !== undefined && selected.port === port && selected.address === address) {
      selected.heardMs = performance.now();
    }
  }

  /** Checks the pair in use now, for its round trip. */
  ping(): void {
    const pair = this.#selected;
    if (this.#closed || pair === undefined) return;
    const session = [this.#session, this.#previous].find(
      (each) => each?.find(pair.address, pair.port) === pair,
    );
    if (session !== undefined) this.#check(session, pair);
  }

  /** A STUN message; false when it was dropped. */
  receive(packet: Buffer, address: string, port: number): boolean {
    if (this.#closed) return false;
    const message = parseStun(packet);
    if (message === null) return false;
    if (message.type === StunType.REQUEST) return this.#request(packet, message, address, port);
    if (message.type === StunType.SUCCESS || message.type === StunType.ERROR) {
      return this.#response(packet, message, address, port);
    }
    return false;
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  #request(packet: Buffer, message: StunMessage, address: string, port: number): boolean {
    const session = [this.#session, this.#previous].find((each) => each?.usernameIn === message.username);
    if (session === undefined || !integrityHolds(packet, message, session.local.password)) return false;
    const transaction = packet.subarray(8, 20);
    if (message.controlled) {
      this.#events.send(writeRoleConflict(transaction, session.local.password), port, address);
      return true;
    }
    this.#events.send(writeSuccess(transaction, address, port, session.local.password), port, address);
    const priority = message.priority ?? peerReflexivePriority;
    const pair = session.pair(address, port, priority, this.#selected);
    if (pair === undefined) return true;
    const nowMs = performance.now();
    pair.heardMs = nowMs;
    if (message.useCandidate && session === this.#session) this.#nominate(pair);
    if (pair.state === 'failed') pair.unanswered = 0;
    if (pair.state !== 'succeeded' && nowMs - pair.checkedMs >= PACE_MS) this.#check(session, pair);
    return true;
  }

  #response(packet: Buffer, message: StunMessage, address: string, port: number): boolean {
    for (const session of [this.#session, this.#previous]) {
      if (session === undefined || !integrityHolds(packet, message, session.remote.password)) continue;
      const check = session.answered(message.transaction, address, port);
      if (check === undefined) continue;
      if (message.type === StunType.SUCCESS) this.#succeed(session, check.pair, check.sentMs);
      return true;
    }
    return false;
  }

  #succeed(session: IceSession, pair: Pair, sentMs: number): void {
    const nowMs = performance.now();
    pair.state = 'succeeded';
    pair.unanswered = 0;
    pair.answeredMs = nowMs;
    pair.heardMs = nowMs;
    pair.rttMs = nowMs - sentMs;
    if (pair === this.#selected) this.#events.answered?.(pair.rttMs);
    pair.nextCheckMs = nowMs + CONSENT_INTERVAL_MS * (0.8 + 0.4 * Math.random());
    if (session !== this.#session) return;
    if (pair.nominated) this.#nominate(pair);
    else if (this.#selected === undefined) this.#select(pair);
  }

  /**
   * The peer wants this pair. When it wants several (aggressive nomination) the highest priority wins,
   * unless the pair in use has fallen silent.
   */
  #nominate(pair: Pair): void {
    pair.nominated = true;
    if (pair.state !== 'succeeded' || pair === this.#selected) {
      if (pair === this.#selected) this.#nominated = true;
      return;
    }
    const selected = this.#selected;
    const silent = selected !== undefined && performance.now() - selected.heardMs > SILENT_MS;
    if (this.#nominated && selected !== undefined && !silent && pair.priority <= selected.priority) return;
    this.#nominated = true;
    this.#previous = undefined;
    this.#select(pair);
  }

  #select(pair: Pair): void {
    this.#selected = pair;
    this.#selectedMs = performance.now();
    this.#events.unsettled();
    this.#events.selected(pair);
  }

  #schedule(afterMs: number): void {
    if (this.#closed) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#tick(), afterMs).unref();
  }

  /** At most one check each 50 ms (RFC 8445 14), and consent for the pair in use. */
  #tick(): void {
    const nowMs = performance.now();
    const selected = this.#selected;
    if (selected !== undefined && nowMs - selected.answeredMs > CONSENT_TIMEOUT_MS) {
      this.close();
      this.#events.failed('the peer answered no connectivity check for 30 s');
      return;
    }
    // Whoever has fallen silent is asked whether it is still there.
    if (selected !== undefined && nowMs - selected.heardMs > SILENT_MS) {
      selected.nextCheckMs = Math.min(selected.nextCheckMs, selected.checkedMs + CONSENT_RETRY_MS);
    }
    const due = this.#due(nowMs);
    if (due !== undefined) this.#check(due.session, due.pair);
    const pending = this.#pending();
    if (selected !== undefined && !pending && this.#isSettled(selected, nowMs))
      this.#events.settled(selected);
    else this.#events.unsettled();
    this.#schedule(pending ? PACE_MS : IDLE_MS);
  }

  #isSettled(selected: Pair, nowMs: number): boolean {
    if (!this.#nominated || this.#previous !== undefined) return false;
    return nowMs - this.#selectedMs > SETTLING_MS && nowMs - selected.heardMs < DEAF_MS;
  }

  #due(nowMs: number): { session: IceSession; pair: Pair } | undefined {
    for (const session of [this.#session, this.#previous]) {
      for (const pair of session?.pairs.values() ?? []) {
        if (pair.nextCheckMs > nowMs || pair.state === 'failed') continue;
        if (pair.state === 'succeeded' && pair !== this.#selected) continue;
        if (pair !== this.#selected && pair.unanswered >= MAX_CHECKS) pair.state = 'failed';
        else return { session: session!, pair };
      }
    }
    return undefined;
  }

  #pending(): boolean {
    for (const pair of this.#session.pairs.values()) {
      if (pair.state === 'waiting' || pair.state === 'checking') return true;
    }
    return false;
  }

  #check(session: IceSession, pair: Pair): void {
    const nowMs = performance.now();
    const transaction = randomBytes(12);
    session.remember(transaction.toString('hex'), pair, nowMs);
    if (pair.state !== 'succeeded') pair.state = 'checking';
    const backoffMs = RTO_MS * 2 ** Math.min(pair.unanswered, MAX_CHECKS);
    pair.nextCheckMs = nowMs + (pair.state === 'succeeded' ? CONSENT_RETRY_MS : backoffMs);
    pair.checkedMs = nowMs;
    pair.unanswered++;
    const { usernameOut, remote } = session;
    const check = writeCheck(transaction, usernameOut, remote.password, peerReflexivePriority, TIE_BREAKER);
    this.#events.send(check, pair.port, pair.address);
  }
}
