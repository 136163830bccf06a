import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { nowUs } from '../../../src/rtc/clock.ts';
import { type LocalCertificate, localCertificate } from '../../../src/rtc/dtls/certificate.ts';
import { createCredentials, type IceCredentials } from '../../../src/rtc/ice/session.ts';
import { integrityHolds, parseStun, StunType, writeSuccess } from '../../../src/rtc/ice/stun.ts';
import { parseRtcp, type RtcpItem } from '../../../src/rtc/rtcp/parse.ts';
import { isRtcp } from '../../../src/rtc/rtp/header.ts';
import { PacketBatch } from '../../../src/rtc/srtp/batch.ts';
import { type SrtpProfile, srtpProfiles } from '../../../src/rtc/srtp/profile.ts';
import type { SrtpSession } from '../../../src/rtc/srtp/session.ts';
import { connectivityCheck } from './check.ts';
import { Handshake } from './handshake.ts';

const PACE_MS = 50;
/** As often as libwebrtc checks a pair that works. */
const CONSENT_MS = 2_500;
/** A key frame of a busy stream must fit while the process is elsewhere; the kernel gives what it may. */
const RECEIVE_BUFFER_BYTES = 4 << 20;
const allProfiles = Object.keys(srtpProfiles) as SrtpProfile[];

/** All peers of this process write their packets here, one after the other. */
const batch = new PacketBatch();

/** Where the other side of a session is, as its answer (or offer) says. */
export interface RemotePeer {
  ice: IceCredentials;
  address: string;
  port: number;
}

export interface LoadPeerEvents {
  /** ICE and DTLS are done: media may go. */
  connected(): void;
  /** An encrypted RTP packet. It is not decrypted, since most of a load only counts. */
  rtp(packet: Buffer, arrivalUs: number): void;
  rtcp(items: RtcpItem[], arrivalUs: number): void;
}

/**
 * A peer connection without a browser, as lean as it can be: one UDP socket, ICE for one known address,
 * DTLS as server, SRTP. Rostrum answers offers as controlled agent and DTLS client; this is the other side.
 */
export class LoadPeer {
  readonly ice: IceCredentials = createCredentials();
  readonly fingerprint: string;
  readonly #events: LoadPeerEvents;
  readonly #socket: Socket;
  readonly #handshake: Handshake;
  #remote: RemotePeer | undefined;
  #controlling = true;
  #srtp: SrtpSession | undefined;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  static async open(
    events: LoadPeerEvents,
    profiles: readonly SrtpProfile[] = allProfiles,
  ): Promise<LoadPeer> {
    const certificate = await localCertificate();
    const socket = createSocket({ type: 'udp4', lookup: numericOnly });
    // Before `bind`, which is done at once when no name has to be looked up.
    const listening = once(socket, 'listening');
    // To whichever address of this machine the other side names: not everybody takes loopback.
    socket.bind(0, '0.0.0.0');
    await listening;
    socket.setRecvBufferSize(RECEIVE_BUFFER_BYTES);
    return new LoadPeer(events, certificate, socket, profiles);
  }

  private constructor(
    events: LoadPeerEvents,
    certificate: LocalCertificate,
    socket: Socket,
    profiles: readonly SrtpProfile[],
  ) {
    this.#events = events;
    this.#socket = socket;
    this.fingerprint = certificate.fingerprint;
    this.#handshake = new Handshake(certificate, profiles, {
      send: (datagram) => this.#send(datagram),
      connected: (session) => {
        this.#srtp = session;
        events.connected();
      },
      closed: () => {},
    });
    // Whoever has left answers with "port unreachable" for a while.
    socket.on('error', () => {});
    socket.on('message', (packet, from) => this.#receive(packet, from.address, from.port));
  }

  get port(): number {
    return this.#socket.address().port;
  }

  get connected(): boolean {
    return this.#srtp !== undefined;
  }

  /** @param controlling false when the other side made the offer (RFC 8445 6.1.1) */
  connect(remote: RemotePeer, controlling = true): void {
    this.#remote = remote;
    this.#controlling = controlling;
    this.#check();
  }

  /**
   * Encrypts and sends a plain packet; its buffer may be used again at once.
   * @returns bytes of the datagram; 0 while there is no connection
   */
  sendRtp(packet: Buffer): number {
    if (this.#srtp === undefined || this.#closed) return 0;
    packet.copy(batch.bytes, batch.room(packet.length));
    batch.add(packet.length);
    this.#srtp.sender.protect(batch);
    const start = batch.starts[0]!;
    const length = batch.lengths[0]!;
    this.#send(batch.bytes.subarray(start, start + length));
    // What the kernel has not taken yet still lies there.
    if (this.#socket.getSendQueueCount() > 0) batch.renew();
    else batch.clear();
    return length;
  }

  sendRtcp(compound: Buffer): void {
    if (this.#srtp === undefined || this.#closed) return;
    const datagram = this.#srtp.sender.protectRtcp(compound);
    this.#send(datagram);
  }

  /** The plain packet, or null when it is not authentic or was seen before. */
  unprotect(packet: Buffer): Buffer | null {
    return this.#srtp?.receiver.unprotectRtp(packet) ?? null;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#handshake.close();
    this.#socket.removeAllListeners('message');
    this.#socket.close();
  }

  #check(): void {
    if (this.#closed || this.#remote === undefined) return;
    const options = this.#controlling ? {} : { controlled: true, useCandidate: false };
    const check = connectivityCheck(this.ice, this.#remote.ice, options);
    this.#send(check);
    this.#timer = setTimeout(() => this.#check(), this.connected ? CONSENT_MS : PACE_MS);
  }

  #send(datagram: Buffer): void {
    if (this.#remote === undefined || this.#closed) return;
    this.#socket.send(datagram, this.#remote.port, this.#remote.address);
  }

  #receive(packet: Buffer, address: string, port: number): void {
    const first = packet[0]!;
    if (first >= 128) this.#media(packet);
    else if (first < 4) this.#stun(packet, address, port);
    else if (first < 64) this.#handshake.receive(packet);
  }

  #media(packet: Buffer): void {
    const arrivalUs = nowUs();
    if (!isRtcp(packet)) {
      this.#events.rtp(packet, arrivalUs);
      return;
    }
    const plain = this.#srtp?.receiver.unprotectRtcp(packet);
    if (plain) this.#events.rtcp(parseRtcp(plain), arrivalUs);
  }

  #stun(packet: Buffer, address: string, port: number): void {
    const message = parseStun(packet);
    if (message?.type !== StunType.REQUEST || !integrityHolds(packet, message, this.ice.password)) return;
    const answer = writeSuccess(packet.subarray(8, 20), address, port, this.ice.password);
    this.#socket.send(answer, port, address);
  }
}

/** Every address we send to is numeric: no look-up, and no turn of the event loop for it. */
function numericOnly(
  address: string,
  _options: unknown,
  done: (error: Error | null, address: string, family: number) => void,
): void {
  done(null, address, 4);
}
