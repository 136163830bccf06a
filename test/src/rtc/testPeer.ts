/** The other end of a peer connection, without a browser: offers, is controlling and DTLS server. */

import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { parse } from 'sdp-transform';
import { type CheckOptions, connectivityCheck } from '../../../scripts/bench/load/check.ts';
import { Handshake } from '../../../scripts/bench/load/handshake.ts';
import { type LocalCertificate, localCertificate } from '../../../src/rtc/dtls/certificate.ts';
import { createCredentials, type IceCredentials } from '../../../src/rtc/ice/session.ts';
import { integrityHolds, parseStun, StunType, writeSuccess } from '../../../src/rtc/ice/stun.ts';
import { parseRtcp, type RtcpItem } from '../../../src/rtc/rtcp/parse.ts';
import { isRtcp } from '../../../src/rtc/rtp/header.ts';
import type { SrtpProfile } from '../../../src/rtc/srtp/profile.ts';
import type { SrtpSession } from '../../../src/rtc/srtp/session.ts';
import { audio, FINGERPRINT, offerOf, video } from './sdp/offers.ts';

export class TestPeer {
  readonly certificate: LocalCertificate;
  readonly rtp: Buffer[] = [];
  readonly rtcp: RtcpItem[] = [];
  /** Datagrams that are neither media nor a check of the other side's: what it says to us otherwise. */
  stunRequests = 0;
  stunAnswers = 0;
  srtp: SrtpSession | undefined;
  profile: SrtpProfile | undefined;
  closeNotified = false;
  /** Whether checks of the other side are answered. */
  consents = true;
  socket!: Socket;
  local: IceCredentials = createCredentials();
  remote: IceCredentials = { ufrag: '', password: '' };
  remotePort = 0;
  readonly #profiles: SrtpProfile[];
  #handshake: Handshake | undefined;
  #checkTimer: NodeJS.Timeout | undefined;
  #waiting: { ready: () => boolean; resolve: () => void }[] = [];

  static async open(
    options: { certificate?: LocalCertificate; profiles?: SrtpProfile[] } = {},
  ): Promise<TestPeer> {
    const peer = new TestPeer(options.certificate ?? (await localCertificate()), options.profiles);
    await peer.bind();
    return peer;
  }

  private constructor(certificate: LocalCertificate, profiles: SrtpProfile[] = ['aeadAes128Gcm']) {
    this.certificate = certificate;
    this.#profiles = profiles;
  }

  /** A new socket, as behind a NAT that has forgotten us. */
  async bind(): Promise<void> {
    this.socket?.close();
    const socket = createSocket('udp4');
    this.socket = socket;
    socket.on('message', (packet, from) => this.#receive(packet, from.port));
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
  }

  offer(direction: 'sendonly' | 'recvonly'): string {
    return this.offering(offerOf(audio({ direction }), video('96 97', { direction })));
  }

  /** Any offer, with this peer's transport in it. */
  offering(sections: string): string {
    return sections
      .replaceAll('abcdefghijklmnopqrstuvwx', this.local.password)
      .replaceAll('ufrag:abcd', `ufrag:${this.local.ufrag}`)
      .replaceAll(FINGERPRINT, this.certificate.fingerprint);
  }

  /** Takes the answer and begins with checks and DTLS. */
  accept(answer: string): void {
    const [media] = parse(answer).media;
    this.remote = { ufrag: String(media!.iceUfrag), password: String(media!.icePwd) };
    this.remotePort = media!.candidates!.find(({ ip }) => ip === '127.0.0.1')!.port;
    this.#startDtls();
    this.startChecks();
  }

  startChecks(): void {
    clearInterval(this.#checkTimer);
    this.check();
    this.#checkTimer = setInterval(() => this.check(), 50);
  }

  stopChecks(): void {
    clearInterval(this.#checkTimer);
  }

  check(options: CheckOptions = {}, socket = this.socket): void {
    const request = connectivityCheck(this.local, this.remote, options);
    socket.send(request, this.remotePort, '127.0.0.1');
  }

  sendRtp(packet: Buffer): void {
    this.sendRaw(this.protect(packet));
  }

  protect(packet: Buffer): Buffer {
    const out = Buffer.alloc(2048);
    return Buffer.from(out.subarray(0, this.srtp!.sender.protectRtp(packet, packet.length, out)));
  }

  sendRtcp(compound: Buffer): void {
    this.sendRaw(this.srtp!.sender.protectRtcp(compound));
  }

  sendRaw(datagram: Buffer): void {
    this.socket.send(datagram, this.remotePort, '127.0.0.1');
  }

  /** Resolves when `ready` holds; asked after each datagram. */
  until(what: string, ready: () => boolean, timeoutMs = 5_000): Promise<void> {
    if (ready()) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`${what}: not within ${timeoutMs} ms`)), timeoutMs);
      this.#waiting.push({
        ready,
        resolve: () => {
          clearTimeout(timer);
          resolve();
        },
      });
    });
  }

  connected(): Promise<void> {
    return this.until('connected', () => this.srtp !== undefined);
  }

  /** Ends the session as a browser does: with an encrypted close_notify. */
  leave(): void {
    this.#handshake!.sayGoodbye();
  }

  close(): void {
    this.stopChecks();
    this.socket.close();
    this.#handshake?.close();
  }

  #startDtls(): void {
    this.#handshake = new Handshake(this.certificate, this.#profiles, {
      send: (datagram) => this.sendRaw(datagram),
      connected: (session, profile) => {
        this.profile = profile;
        this.srtp = session;
        this.#settle();
      },
      closed: () => {
        this.closeNotified = true;
        this.#settle();
      },
    });
  }

  #receive(packet: Buffer, port: number): void {
    const first = packet[0]!;
    if (first < 4) this.#stun(packet, port);
    else if (first < 64) this.#handshake?.receive(packet);
    else this.#media(packet);
    this.#settle();
  }

  #stun(packet: Buffer, port: number): void {
    const message = parseStun(packet);
    if (message === null) return;
    if (message.type !== StunType.REQUEST) {
      this.stunAnswers++;
      return;
    }
    this.stunRequests++;
    if (!this.consents || !integrityHolds(packet, message, this.local.password)) return;
    const answer = writeSuccess(packet.subarray(8, 20), '127.0.0.1', port, this.local.password);
    this.socket.send(answer, port, '127.0.0.1');
  }

  #media(packet: Buffer): void {
    const receiver = this.srtp?.receiver;
    if (isRtcp(packet)) {
      const plain = receiver?.unprotectRtcp(packet);
      if (plain) this.rtcp.push(...parseRtcp(plain));
      return;
    }
    const plain = receiver?.unprotectRtp(packet);
    if (plain) this.rtp.push(plain);
  }

  #settle(): void {
    const ready = this.#waiting.filter((each) => each.ready());
    this.#waiting = this.#waiting.filter((each) => !ready.includes(each));
    for (const each of ready) each.resolve();
  }
}
