/**
 * What the handshake library leaves out and a client must check: that the server's key share was signed
 * with the certificate's key, that the certificate is the one the offer names, and that the server saw
 * the same handshake as we did. Without these, whoever sits on the path could read all media.
 */

import { createHash, createHmac, timingSafeEqual, verify } from 'node:crypto';
import { publicKeyOf } from './certificateKey.ts';

export interface Fingerprint {
  /** sha-256, sha-384 or sha-512. */
  algorithm: string;
  /** Upper-case hexadecimal pairs with colons. */
  value: string;
}

/** Whether a DER certificate has one of the fingerprints (RFC 8122 5). */
export function matchesFingerprint(certificate: Buffer, fingerprints: Fingerprint[]): boolean {
  return fingerprints.some(({ algorithm, value }) => {
    const digest = createHash(algorithm.replace('-', '')).update(certificate).digest('hex').toUpperCase();
    return digest === value.replaceAll(':', '');
  });
}

const NAMED_CURVE = 3;
const SHA256 = 4;
const RSA = 1;
const ECDSA = 3;

/**
 * Checks the signature of a ServerKeyExchange (RFC 8422 5.4) over both randoms and the key share.
 *
 * @param message body of the handshake message
 * @returns the signed key share, or null when anything is wrong
 */
export function signedKeyShare(message: Buffer, randoms: Buffer, certificate: Buffer): Buffer | null {
  if (message.length < 4 || message[0] !== NAMED_CURVE) return null;
  const paramsEnd = 4 + message[3]!;
  if (paramsEnd + 4 > message.length) return null;
  const [hash, algorithm] = [message[paramsEnd], message[paramsEnd + 1]];
  if (hash !== SHA256 || (algorithm !== RSA && algorithm !== ECDSA)) return null;
  const length = message.readUInt16BE(paramsEnd + 2);
  if (paramsEnd + 4 + length !== message.length) return null;
  const publicKey = publicKeyOf(certificate);
  if (publicKey.asymmetricKeyType !== (algorithm === ECDSA ? 'ec' : 'rsa')) return null;
  const signed = Buffer.concat([randoms, message.subarray(0, paramsEnd)]);
  const signature = message.subarray(paramsEnd + 4);
  return verify('sha256', signed, publicKey, signature) ? message.subarray(4, paramsEnd) : null;
}

/** Whether a server's Finished fits the handshake (RFC 5246 7.4.9). */
export function finishedHolds(verifyData: Buffer, masterSecret: Buffer, handshake: Buffer): boolean {
  const seed = Buffer.concat([
    Buffer.from('server finished'),
    createHash('sha256').update(handshake).digest(),
  ]);
  const first = createHmac('sha256', masterSecret).update(seed).digest();
  const expected = createHmac('sha256', masterSecret).update(first).update(seed).digest().subarray(0, 12);
  return verifyData.length === 12 && timingSafeEqual(expected, verifyData);
}
