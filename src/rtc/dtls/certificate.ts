import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { RTCDtlsTransport } from 'werift';

/** What one process shows in every handshake: made at the first use, ECDSA on P-256. */
export interface LocalCertificate {
  certificatePem: string;
  privateKeyPem: string;
  /** The same two, read once. */
  der: Buffer;
  key: KeyObject;
  signatureHash: { hash: 4; signature: 1 | 3 };
  /** SHA-256, as SDP writes it (RFC 8122 5). */
  fingerprint: string;
}

let made: Promise<LocalCertificate> | undefined;

export function localCertificate(): Promise<LocalCertificate> {
  made ??= RTCDtlsTransport.SetupCertificate().then((certificate) => ({
    certificatePem: certificate.certPem,
    privateKeyPem: certificate.privateKey,
    der: new X509Certificate(certificate.certPem).raw,
    key: createPrivateKey(certificate.privateKey),
    signatureHash: certificate.signatureHash as LocalCertificate['signatureHash'],
    fingerprint: certificate.getFingerprints()[0]!.value.toUpperCase(),
  }));
  return made;
}
