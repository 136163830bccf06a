/** The other end of a peer connection, without a browser: offers, is controlling and DTLS server. */

import { randomBytes } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { parse } from 'sdp-transform';
import { DtlsServer } from 'werift';
import { type LocalCertificate, localCertificate } from '../../../src/rtc/dtls/certificate.ts';
import { createCredentials, type IceCredentials } from '../../../src/rtc/ice/session.ts';
import { integrityHolds, parseStun, StunType, writeStun, writeSuccess } from '../../../src/rtc/ice/stun.ts';
import { parseRtcp, type RtcpItem } from '../../../src/rtc/rtcp/parse.ts';
import { isRtcp } from '../../../src/rtc/rtp/header.ts';
import { type SrtpProfile, srtpProfiles } from '../../../src/rtc/srtp/profile.ts';
import { createSrtpSession, type SrtpSession } from '../../../src/rtc/srtp/session.ts';
import { audio, FINGERPRINT, offerOf, video } from './sdp/offers.ts';

const Attribute = {
  USERNAME: 0x06,
  PRIORITY: 0x24,
  USE_CANDIDATE: 0x25,
  CONTROLLED: 0x8029,
  CONTROLLING: 0x802a,
};

export interface CheckOptions {
  useCandidate?: boolean;
  password?: string;
  username?: string;
  controlled?: boolean;
}

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
  #dtls: DtlsServer | undefined;
  #transport = { onData: (_: Buffer) => {} };
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
    const { useCandidate = true, password = this.remote.password, controlled = false } = options;
    const priority = Buffer.alloc(4);
    priority.writeUInt32BE(0x6e0001ff);
    const request = writeStun(StunType.REQUEST, randomBytes(12), password, [
      [Attribute.USERNAME, Buffer.from(options.username ?? `${this.remote.ufrag}:${this.local.ufrag}`)],
      [Attribute.PRIORITY, priority],
      [controlled ? Attribute.CONTROLLED : Attribute.CONTROLLING, Buffer.alloc(8, 1)],
      ...(useCandidate ? [[Attribute.USE_CANDIDATE, Buffer.alloc(0)] as [number, Buffer]] : []),
    ]);
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
    const { cipher, dtls } = this.#dtls!;
    const header = {
      contentType: 21,
      protocolVersion: dtls.version,
      epoch: 1,
      sequenceNumber: ++dtls.recordSequenceNumber,
      contentLen: 2,
    };
    const record = cipher.encryptPacket({
      recordLayerHeader: header,
      fragment: Buffer.from([1, 0]),
    } as never);
    const head = Buffer.alloc(13);
    head.writeUIntBE(0x15fefd, 0, 3);
    head.writeUInt16BE(1, 3);
    head.writeUIntBE(header.sequenceNumber, 5, 6);
    head.writeUInt16BE(record.fragment.length, 11);
    this.sendRaw(Buffer.concat([head, record.fragment]));
  }

  close(): void {
    this.stopChecks();
    this.socket.close();
    if (this.#dtls !== undefined) this.#dtls.dtls.flight = 99;
  }

  #startDtls(): void {
    const transport = {
      type: 'udp',
      address: {},
      closed: false,
      onData: (_: Buffer) => {},
      send: async (datagram: Buffer) => this.sendRaw(datagram),
      close: async () => {},
    };
    this.#transport = transport;
    const dtls = new DtlsServer({
      transport: transport as never,
      cert: this.certificate.certificatePem,
      key: this.certificate.privateKeyPem,
      signatureHash: this.certificate.signatureHash,
      srtpProfiles: this.#profiles.map((profile) => srtpProfiles[profile].id) as never,
      extendedMasterSecret: true,
      certificateRequest: true,
    });
    this.#dtls = dtls;
    dtls.onConnect.subscribe(() => {
      const id: number = dtls.srtp.srtpProfile!;
      const profile = this.#profiles.find((each) => srtpProfiles[each].id === id)!;
      const { keyLength, saltLength } = srtpProfiles[profile];
      const keys = dtls.extractSessionKeys(keyLength, saltLength);
      this.profile = profile;
      this.srtp = createSrtpSession({
        profile,
        local: { key: keys.localKey, salt: keys.localSalt },
        remote: { key: keys.remoteKey, salt: keys.remoteSalt },
      });
      this.#settle();
    });
    dtls.onClose.subscribe(() => {
      this.closeNotified = true;
      this.#settle();
    });
  }

  #receive(packet: Buffer, port: number): void {
    const first = packet[0]!;
    if (first < 4) this.#stun(packet, port);
    else if (first < 64) this.#transport.onData(packet);
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
