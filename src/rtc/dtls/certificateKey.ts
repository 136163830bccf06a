import { createPublicKey, type KeyObject, X509Certificate } from 'node:crypto';

/** SubjectPublicKeyInfo (RFC 5280 4.1.2.7) of a key on P-256 up to its point, which is uncompressed. */
const P256_HEAD = Buffer.from('3059301306072a8648ce3d020106082a8648ce3d03010703420004', 'hex');
const COORDINATE = 32;
const SEQUENCE = 0x30;
const VERSION = 0xa0;
/** Between the version and the key: serial number, algorithm, issuer, validity, subject. */
const FIELDS_BEFORE_KEY = 5;

/**
 * The public key of a DER certificate. Those of browsers are on P-256 and are read here, for OpenSSL takes
 * half a millisecond to look at all the rest; any other is OpenSSL's.
 *
 * @throws Error when it is no certificate, or its key none
 */
export function publicKeyOf(certificate: Buffer): KeyObject {
  const point = p256Point(certificate);
  if (point === null) return new X509Certificate(certificate).publicKey;
  const x = point.toString('base64url', 0, COORDINATE);
  const y = point.toString('base64url', COORDINATE);
  return createPublicKey({ key: { kty: 'EC', crv: 'P-256', x, y }, format: 'jwk' });
}

/** The last two coordinates of the key, null where it is of another kind. */
function p256Point(certificate: Buffer): Buffer | null {
  const whole = element(certificate, 0);
  const body = whole && element(certificate, whole.start);
  if (!body || certificate[0] !== SEQUENCE || certificate[whole.start] !== SEQUENCE) return null;
  let at = body.start;
  for (let left = certificate[at] === VERSION ? FIELDS_BEFORE_KEY + 1 : FIELDS_BEFORE_KEY; left > 0; left--) {
    const field = element(certificate, at);
    if (field === null) return null;
    at = field.end;
  }
  const pointAt = at + P256_HEAD.length;
  const end = pointAt + 2 * COORDINATE;
  if (end > body.end || !certificate.subarray(at, pointAt).equals(P256_HEAD)) return null;
  return certificate.subarray(pointAt, end);
}

/** Where the content of the DER element at `at` begins and ends; null when it does not fit. */
function element(bytes: Buffer, at: number): { start: number; end: number } | null {
  if (at + 2 > bytes.length) return null;
  const first = bytes[at + 1]!;
  const size = first < 0x80 ? 0 : first & 0x7f;
  if (size > 3 || at + 2 + size > bytes.length) return null;
  const start = at + 2 + size;
  const end = start + (size === 0 ? first : bytes.readUIntBE(at + 2, size));
  return end > bytes.length || first === 0x80 ? null : { start, end };
}
