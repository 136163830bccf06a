/**
 * The DTLS 1.2 client of one peer (RFC 5764), over werift's handshake. We are always the client: a
 * forged ClientHello then has nobody to talk to.
 *
 * - Datagrams come from verified addresses only; see `guard.ts`.
 * - werift sees whole handshake messages in their order, and its records are numbered anew, so that a
 *   handshake gets through loss and reordering.
 * - Plain alerts are never acted upon; an authentic one ends the session.
 * - Once connected, werift sees nothing more, so nothing that comes later can disturb the keys.
 */

import { sign } from 'node:crypto';
import { DtlsClient } from 'werift';
import { type SrtpKeys, type SrtpProfile, srtpProfiles } from '../srtp/profile.ts';
import type { LocalCertificate } from './certificate.ts';
import { FlightSender } from './flightSender.ts';
import { Reassembly } from './reassembly.ts';
import { ContentType, type DtlsRecord, readRecords, writeRecord } from './records.ts';
import { type Fingerprint, finishedHolds, matchesFingerprint, signedKeyShare } from './verify.ts';
import { useNativeX25519 } from './x25519.ts';

const HandshakeType = { SERVER_KEY_EXCHANGE: 12, FINISHED: 20 } as const;
/** Flights of werift: 5 is our Finished, 7 the server's. */
const Flight = { CLIENT_FINISHED: 5, DONE: 7 } as const;
/** Records a handshake may take; a whole one is about ten, fragments and repetitions come on top. */
const MAX_RECORDS = 400;
const CLOSE_NOTIFY = 0;

useNativeX25519();

type Handshake = Parameters<DtlsClient['onHandleHandshakes']>[0][number];

export interface DtlsEvents {
  send(datagram: Buffer): void;
  connected(keys: SrtpKeys): void;
  /** The peer closed the session (close_notify). */
  closed(): void;
  failed(reason: string): void;
}

export class DtlsConnection {
  readonly #client: DtlsClient;
  readonly #fingerprints: Fingerprint[];
  readonly #events: DtlsEvents;
  readonly #transport;
  readonly #flights: FlightSender;
  readonly #reassembly = new Reassembly();
  /** Numbers of our encrypted records; werift uses the first few for its Finished. */
  #sealedNumber = 1_000;
  #state: 'new' | 'connecting' | 'connected' | 'ended' = 'new';
  #records = 0;

  constructor(certificate: LocalCertificate, fingerprints: Fingerprint[], events: DtlsEvents) {
    this.#fingerprints = fingerprints;
    this.#events = events;
    this.#flights = new FlightSender(
      (datagram) => {
        if (this.#state !== 'ended') events.send(datagram);
      },
      () => this.#finishedAgain(),
    );
    this.#transport = {
      type: 'udp',
      address: {},
      closed: false,
      onData: (_datagram: Buffer) => {},
      send: async (datagram: Buffer) => this.#flights.push(datagram),
      close: async () => {},
    };
    this.#client = new DtlsClient({
      transport: this.#transport as never,
      srtpProfiles: Object.values(srtpProfiles).map((profile) => profile.id) as never,
      extendedMasterSecret: true,
    });
    this.#identify(certificate);
    const handle = this.#client.onHandleHandshakes;
    this.#client.onHandleHandshakes = async (messages) => {
      for (const message of messages) {
        if (message.msg_type === HandshakeType.FINISHED) this.#finish(message);
        else if (this.#state === 'connecting') await handle([message]);
      }
    };
    // What the library trips over is a datagram of the peer's; the connect timer ends what never ends.
    this.#client.onError.subscribe(() => {});
  }

  /** werift would read both again for each handshake, and the key once more to sign with it. */
  #identify({ der, key, signatureHash }: LocalCertificate): void {
    const { cipher } = this.#client;
    cipher.localCert = der;
    cipher.signatureHashAlgorithm = signatureHash;
    cipher.signatureData = (handshake: Buffer) => sign('sha256', handshake, key);
  }

  /** Begins the handshake; further calls do nothing. */
  start(): void {
    if (this.#state !== 'new') return;
    this.#state = 'connecting';
    this.#client.connect().catch((error: Error) => this.#fail(`the DTLS handshake failed: ${error.message}`));
  }

  receive(datagram: Buffer): void {
    if (this.#state === 'new' || this.#state === 'ended') return;
    for (const record of readRecords(datagram)) {
      if (record.contentType === ContentType.ALERT) this.#alert(record);
      else if (this.#state === 'connecting') this.#handshake(record);
    }
  }

  /** Tells the peer (close_notify) and ends; nothing is sent afterwards. */
  close(): void {
    if (this.#state === 'ended') return;
    // The peer notices a lost one by itself, a little later.
    const notice =
      this.#state === 'connected' ? this.#seal(ContentType.ALERT, Buffer.from([1, CLOSE_NOTIFY])) : null;
    if (notice !== null) this.#events.send(notice);
    this.#end();
  }

  #handshake(record: DtlsRecord): void {
    if (++this.#records > MAX_RECORDS) return;
    if (record.contentType !== ContentType.HANDSHAKE) return;
    if (record.epoch > 0) {
      this.#feed(record.whole);
      return;
    }
    for (const fragment of this.#reassembly.push(record.fragment)) {
      this.#feed(writeRecord({ ...record, fragment }));
    }
  }

  #feed(record: Buffer): void {
    try {
      this.#transport.onData(record);
    } catch {
      // A record werift cannot read is one lost record.
    }
  }

  /** Everything is there: verify, then hand out the keys. */
  #finish(finished: Handshake): void {
    const { dtls, cipher } = this.#client;
    if (this.#state !== 'connecting' || dtls.flight !== Flight.CLIENT_FINISHED) return;
    const handshake = Buffer.concat(dtls.sortedHandshakeCache.map((message) => message.serialize()));
    if (!finishedHolds(finished.fragment, cipher.masterSecret, handshake)) return;
    const certificate = cipher.remoteCertificate;
    if (certificate === undefined || !matchesFingerprint(certificate, this.#fingerprints)) {
      this.#fail('the DTLS certificate is not the one the offer names');
      return;
    }
    if (!this.#keyShareHolds(certificate)) {
      this.#fail('the DTLS key share is not signed by the certificate');
      return;
    }
    const keys = this.#keys();
    if (keys === null) {
      this.#fail('no SRTP protection profile in common');
      return;
    }
    this.#state = 'connected';
    dtls.flight = Flight.DONE;
    this.#events.connected(keys);
  }

  #keyShareHolds(certificate: Buffer): boolean {
    const { dtls, cipher } = this.#client;
    const exchange = dtls.sortedHandshakeCache.find(
      (message) => message.msg_type === HandshakeType.SERVER_KEY_EXCHANGE,
    );
    if (exchange === undefined) return false;
    const randoms = Buffer.concat([cipher.localRandom.serialize(), cipher.remoteRandom.serialize()]);
    try {
      const share = signedKeyShare(exchange.fragment, randoms, certificate);
      return share?.equals(cipher.remoteKeyPair.publicKey as Buffer) === true;
    } catch {
      return false;
    }
  }

  #keys(): SrtpKeys | null {
    const id: number | undefined = this.#client.srtp.srtpProfile;
    const profile = (Object.keys(srtpProfiles) as SrtpProfile[]).find((name) => srtpProfiles[name].id === id);
    if (profile === undefined) return null;
    const { keyLength, saltLength } = srtpProfiles[profile];
    const keys = this.#client.extractSessionKeys(keyLength, saltLength);
    return {
      profile,
      local: { key: Buffer.from(keys.localKey), salt: Buffer.from(keys.localSalt) },
      remote: { key: Buffer.from(keys.remoteKey), salt: Buffer.from(keys.remoteSalt) },
    };
  }

  /** Only an encrypted, authentic alert means anything; a plain one could be anybody's. */
  #alert(record: DtlsRecord): void {
    if (this.#state !== 'connected' || record.epoch === 0) return;
    let plain: Buffer;
    try {
      plain = this.#client.cipher.decryptPacket(asPacket(record));
    } catch {
      return;
    }
    if (plain.length !== 2) return;
    if (plain[1] === CLOSE_NOTIFY) {
      this.#end();
      this.#events.closed();
    } else if (plain[0] === 2) {
      this.#fail(`the peer ended DTLS with alert ${plain[1]}`);
    }
  }

  /** Our Finished under a new record number, for werift would repeat the old record. */
  #finishedAgain(): Buffer | null {
    const finished = this.#client.dtls.sortedHandshakeCache.find(
      (message) => message.msg_type === HandshakeType.FINISHED,
    );
    return finished === undefined ? null : this.#seal(ContentType.HANDSHAKE, finished.serialize());
  }

  #seal(contentType: number, fragment: Buffer): Buffer | null {
    const { dtls, cipher } = this.#client;
    const record = {
      contentType,
      version: dtls.version,
      epoch: 1,
      sequenceNumber: this.#sealedNumber++,
      fragment,
    };
    try {
      return writeRecord({ ...record, fragment: cipher.encryptPacket(asPacket(record)).fragment });
    } catch {
      return null;
    }
  }

  #fail(reason: string): void {
    if (this.#state === 'ended') return;
    this.#end();
    this.#events.failed(reason);
  }

  #end(): void {
    this.#state = 'ended';
    // werift sends a flight again until the flight number has passed it.
    this.#client.dtls.flight = Flight.DONE;
  }
}

type Packet = Parameters<DtlsClient['cipher']['decryptPacket']>[0];

/** A record in the shape of werift's, whose class it does not export. */
function asPacket(record: Omit<DtlsRecord, 'whole'>): Packet {
  const { contentType, version, epoch, sequenceNumber, fragment } = record;
  const contentLen = fragment.length;
  const recordLayerHeader = { contentType, protocolVersion: version, epoch, sequenceNumber, contentLen };
  return { recordLayerHeader, fragment } as Packet;
}
