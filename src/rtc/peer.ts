/**
 * One peer connection, always the answerer's end: socket, guard, ICE, DTLS and SRTP, in the order of a
 * packet's way. What the packets mean is its owner's affair.
 *
 * - States only move forward: connecting, connected, then failed or closed.
 * - Its own `close()` raises no event; the peer's doing or the network's does, once.
 * - After it ended, its socket and timers are gone.
 */

import type { RemoteInfo } from 'node:dgram';
import { nowUs } from './clock.ts';
import type { PeerOrigin, PeerState, RtcSettings } from './contract.ts';
import { localCertificate } from './dtls/certificate.ts';
import { DtlsConnection } from './dtls/client.ts';
import { Guard } from './guard.ts';
import { IceAgent } from './ice/agent.ts';
import { localCandidates, usableCandidate } from './ice/candidates.ts';
import { isRtcp } from './rtp/header.ts';
import type { LocalTransport } from './sdp/answer.ts';
import { readFragment, restartOf, writeFragment } from './sdp/fragment.ts';
import type { Offer, OfferedCandidate } from './sdp/offer.ts';
import type { Selection } from './sdp/select.ts';
import { PeerSocket } from './socket.ts';
import { PacketBatch } from './srtp/batch.ts';
import { createSrtpSession, type SrtpSession } from './srtp/session.ts';

/** Where packets are written for whoever is sent them next: all peers of a thread take turns. */
export const outbox = new PacketBatch();

export interface PeerEvents {
  /**
   * ICE has found a way. `start` begins the DTLS handshake, the costly part of a connection: when many come
   * at once its owner may let it wait. At once where this is left out.
   */
  admit?(start: () => void): void;
  connected(): void;
  /** A connectivity check was answered by the pair in use. */
  answered?(rttMs: number): void;
  /** Authentic and new; the buffer is the listener's. Left out where the peer sends no media. */
  rtp?(packet: Buffer, arrivalUs: number): void;
  rtcp(compound: Buffer, arrivalUs: number): void;
  ended(state: 'failed' | 'closed', reason: string): void;
}

export class Peer {
  readonly transport: LocalTransport;
  readonly guard: Guard;
  readonly #socket: PeerSocket;
  readonly #ice: IceAgent;
  readonly #dtls: DtlsConnection;
  readonly #origin: PeerOrigin;
  readonly #events: PeerEvents;
  readonly #selections: Selection[];
  readonly #connectTimer: NodeJS.Timeout;
  #srtp: SrtpSession | undefined;
  #address = '';
  #port = 0;
  #sends = false;
  #state: PeerState = 'connecting';
  #admitted = false;

  /** @throws RostrumError full */
  static async open(
    offer: Offer,
    selections: Selection[],
    origin: PeerOrigin,
    settings: RtcSettings,
    events: PeerEvents,
  ): Promise<Peer> {
    const certificate = await localCertificate();
    const socket = await PeerSocket.open(settings.portRange);
    const candidates = localCandidates(socket.port, settings.publicAddresses, origin.loopback);
    return new Peer(offer, selections, origin, settings, events, certificate, socket, candidates);
  }

  private constructor(
    offer: Offer,
    selections: Selection[],
    origin: PeerOrigin,
    settings: RtcSettings,
    events: PeerEvents,
    certificate: Awaited<ReturnType<typeof localCertificate>>,
    socket: PeerSocket,
    candidates: ReturnType<typeof localCandidates>,
  ) {
    this.#socket = socket;
    this.#origin = origin;
    this.#events = events;
    this.#selections = selections;
    this.#ice = new IceAgent(offer.ice, settings.maxRemoteCandidates, {
      send: (datagram, port, address) => socket.send(datagram, 0, datagram.length, port, address),
      selected: (pair) => {
        this.#address = pair.address;
        this.#port = pair.port;
        this.#shake();
      },
      answered: (rttMs) => this.#events.answered?.(rttMs),
      settled: (pair) => {
        if (this.#sends) socket.connect(pair.port, pair.address);
      },
      unsettled: () => socket.disconnect(),
      failed: (reason) => this.#end('failed', reason),
    });
    this.#dtls = new DtlsConnection(certificate, offer.fingerprints, {
      send: (datagram) => socket.send(datagram, 0, datagram.length, this.#port, this.#address),
      connected: (keys) => {
        clearTimeout(this.#connectTimer);
        this.#srtp = createSrtpSession(keys);
        this.#state = 'connected';
        this.#events.connected();
      },
      closed: () => this.#end('closed', 'the peer closed the connection'),
      failed: (reason) => this.#end('failed', reason),
    });
    const verified = (address: string, port: number) => this.#ice.verified(address, port);
    this.guard = new Guard(verified, events.rtp !== undefined);
    this.transport = { ice: this.#ice.local, fingerprint: certificate.fingerprint, candidates };
    this.#connectTimer = setTimeout(
      () => this.#end('failed', this.#notConnected(settings.connectTimeoutMs)),
      settings.connectTimeoutMs,
    ).unref();
    this.#addCandidates(offer.candidates);
    socket.listen((packet, from) => this.#receive(packet, from));
  }

  get state(): PeerState {
    return this.#state;
  }

  /** Changes with each ICE restart. */
  get etag(): string {
    return `"${this.#ice.local.ufrag}"`;
  }

  /** Of the last answered connectivity check; null before the first. */
  get rttMs(): number | null {
    return this.#ice.selected?.rttMs ?? null;
  }

  /**
   * Encrypts the packets of the batch and sends them; the batch is empty afterwards. No promise, no event,
   * nothing kept; what the kernel does not take is dropped, as any link does.
   */
  send(batch: PacketBatch): void {
    const srtp = this.#srtp;
    if (srtp === undefined || batch.count === 0) {
      batch.clear();
      return;
    }
    this.#sends = true;
    srtp.sender.protect(batch);
    const { bytes, starts, lengths, count } = batch;
    for (let i = 0; i < count; i++) {
      this.#socket.send(bytes, starts[i]!, lengths[i]!, this.#port, this.#address);
    }
    if (this.#socket.waiting) batch.renew();
    else batch.clear();
  }

  /** A packet by itself: `packet[0..length)`, at most `MAX_PACKET_BYTES`. */
  sendRtp(packet: Buffer, length: number): void {
    packet.copy(outbox.bytes, outbox.room(length), 0, length);
    outbox.add(length);
    this.send(outbox);
  }

  /** Sends a connectivity check now; `answered` tells the round trip. */
  ping(): void {
    this.#ice.ping();
  }

  /** @param compound plain RTCP, one or several packets */
  sendRtcp(compound: Buffer): void {
    const srtp = this.#srtp;
    if (srtp === undefined) return;
    const packet = srtp.sender.protectRtcp(compound);
    this.#socket.send(packet, 0, packet.length, this.#port, this.#address);
  }

  /**
   * Takes trickled candidates, or restarts ICE.
   *
   * @returns the answer fragment of a restart
   * @throws RostrumError sdp-malformed | sdp-refused
   */
  patch(text: string): string | undefined {
    const fragment = readFragment(text);
    const restart = restartOf(fragment, this.#ice.remote);
    if (restart !== null) this.#ice.restart(restart);
    this.#addCandidates(fragment.candidates);
    if (restart === null) return undefined;
    const mids = this.#selections.flatMap(({ section }) => section.mid ?? []);
    const kinds = this.#selections.map(({ media }) => media);
    return writeFragment(mids, kinds, { ...this.transport, ice: this.#ice.local });
  }

  close(): void {
    this.#release('closed');
  }

  #addCandidates(candidates: OfferedCandidate[]): void {
    for (const each of candidates) {
      const candidate = usableCandidate(each, this.#origin.loopback);
      if (candidate !== null) this.#ice.addRemoteCandidate(candidate);
    }
  }

  #shake(): void {
    if (this.#admitted) return;
    this.#admitted = true;
    const start = () => this.#dtls.start();
    if (this.#events.admit === undefined) start();
    else this.#events.admit(start);
  }

  #receive(packet: Buffer, from: RemoteInfo): void {
    const arrivalUs = nowUs();
    switch (this.guard.admit(packet, from.address, from.port, arrivalUs)) {
      case 'stun':
        if (!this.#ice.receive(packet, from.address, from.port)) this.guard.counters.forged++;
        return;
      case 'dtls':
        this.#dtls.receive(packet);
        return;
      case 'media':
        this.#media(packet, from, arrivalUs);
    }
  }

  #media(packet: Buffer, from: RemoteInfo, arrivalUs: number): void {
    const receiver = this.#srtp?.receiver;
    if (receiver === undefined) return;
    const rtcp = isRtcp(packet);
    const plain = rtcp ? receiver.unprotectRtcp(packet) : receiver.unprotectRtp(packet);
    if (plain === null) return;
    this.#ice.heard(from.address, from.port);
    if (rtcp) this.#events.rtcp(plain, arrivalUs);
    else this.#events.rtp?.(plain, arrivalUs);
  }

  #notConnected(timeoutMs: number): string {
    const missing = this.#ice.selected === undefined ? 'no candidate pair worked' : 'DTLS did not complete';
    return `not connected within ${timeoutMs / 1000} s: ${missing}`;
  }

  #end(state: 'failed' | 'closed', reason: string): void {
    if (this.#release(state)) this.#events.ended(state, reason);
  }

  #release(state: 'failed' | 'closed'): boolean {
    if (this.#state === 'failed' || this.#state === 'closed') return false;
    this.#state = state;
    clearTimeout(this.#connectTimer);
    this.#dtls.close();
    this.#ice.close();
    this.#socket.close();
    return true;
  }
}
