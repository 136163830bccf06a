import { DtlsServer } from 'werift';
import type { LocalCertificate } from '../../../src/rtc/dtls/certificate.ts';
import { type SrtpProfile, srtpProfiles } from '../../../src/rtc/srtp/profile.ts';
import { createSrtpSession, type SrtpSession } from '../../../src/rtc/srtp/session.ts';

const ALERT = 21;
const DTLS_1_2 = 0xfefd;
const CLOSE_NOTIFY = Buffer.from([1, 0]);
/** A flight that werift never reaches, so that it repeats nothing any more. */
const NO_FLIGHT = 99;

export interface HandshakeEvents {
  send(datagram: Buffer): void;
  connected(session: SrtpSession, profile: SrtpProfile): void;
  /** The other side said close_notify. */
  closed(): void;
}

/** The server's side of a DTLS-SRTP handshake (RFC 5764), as an offerer has it towards Rostrum. */
export class Handshake {
  readonly #dtls: DtlsServer;
  readonly #events: HandshakeEvents;
  readonly #transport: { onData(datagram: Buffer): void };

  constructor(certificate: LocalCertificate, profiles: readonly SrtpProfile[], events: HandshakeEvents) {
    this.#events = events;
    const transport = {
      type: 'udp',
      address: {},
      closed: false,
      onData: (_: Buffer) => {},
      send: async (datagram: Buffer) => events.send(datagram),
      close: async () => {},
    };
    this.#transport = transport;
    this.#dtls = new DtlsServer({
      transport: transport as never,
      cert: certificate.certificatePem,
      key: certificate.privateKeyPem,
      signatureHash: certificate.signatureHash,
      srtpProfiles: profiles.map((profile) => srtpProfiles[profile].id) as never,
      extendedMasterSecret: true,
      certificateRequest: true,
    });
    this.#dtls.onConnect.subscribe(() => this.#finish(profiles));
    this.#dtls.onClose.subscribe(() => events.closed());
  }

  receive(datagram: Buffer): void {
    this.#transport.onData(datagram);
  }

  /** An encrypted close_notify (RFC 5246 7.2.1), as a browser says goodbye. */
  sayGoodbye(): void {
    const { cipher, dtls } = this.#dtls;
    const sequenceNumber = ++dtls.recordSequenceNumber;
    const recordLayerHeader = {
      contentType: ALERT,
      protocolVersion: dtls.version,
      epoch: 1,
      sequenceNumber,
      contentLen: CLOSE_NOTIFY.length,
    };
    const { fragment } = cipher.encryptPacket({ recordLayerHeader, fragment: CLOSE_NOTIFY } as never);
    const head = Buffer.alloc(13);
    head[0] = ALERT;
    head.writeUInt16BE(DTLS_1_2, 1);
    head.writeUInt16BE(1, 3);
    head.writeUIntBE(sequenceNumber, 5, 6);
    head.writeUInt16BE(fragment.length, 11);
    this.#events.send(Buffer.concat([head, fragment]));
  }

  close(): void {
    this.#dtls.dtls.flight = NO_FLIGHT;
  }

  #finish(profiles: readonly SrtpProfile[]): void {
    const id: number | undefined = this.#dtls.srtp.srtpProfile;
    const profile = profiles.find((each) => srtpProfiles[each].id === id);
    if (profile === undefined) throw new Error('the handshake ended without an SRTP profile');
    const { keyLength, saltLength } = srtpProfiles[profile];
    const keys = this.#dtls.extractSessionKeys(keyLength, saltLength);
    const session = createSrtpSession({
      profile,
      local: { key: keys.localKey, salt: keys.localSalt },
      remote: { key: keys.remoteKey, salt: keys.remoteSalt },
    });
    this.#events.connected(session, profile);
  }
}
