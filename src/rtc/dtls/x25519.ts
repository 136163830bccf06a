/**
 * werift computes X25519 in JavaScript, by tweetnacl: a millisecond for each handshake, many while the code
 * is cold, and the event loop waits for it. OpenSSL takes its place: the same two functions, twelve times
 * as fast. Nobody else uses that package here.
 */

import { createPublicKey, diffieHellman, generateKeyPairSync, type KeyObject } from 'node:crypto';
import nacl from 'tweetnacl';

/** By the bytes that stand for them in werift, for as long as it keeps them. */
const privateKeys = new WeakMap<ArrayBufferLike, KeyObject>();
const inJavaScript = nacl.scalarMult;

const base64url = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');

/** Replaces the two functions; a second call does no harm. */
export function useNativeX25519(): void {
  nacl.box.keyPair = Object.assign(newKeyPair, nacl.box.keyPair);
  nacl.scalarMult = Object.assign(sharedSecret, inJavaScript);
}

/** The secret key is a handle: what it is stays with OpenSSL. */
function newKeyPair(): nacl.BoxKeyPair {
  const { publicKey, privateKey } = generateKeyPairSync('x25519');
  const secretKey = new Uint8Array(nacl.box.secretKeyLength);
  privateKeys.set(secretKey.buffer, privateKey);
  const { x } = publicKey.export({ format: 'jwk' });
  return { publicKey: new Uint8Array(Buffer.from(x!, 'base64url')), secretKey };
}

/** @throws Error when the other side's share gives away the secret (RFC 7748 6.1) */
function sharedSecret(secretKey: Uint8Array, share: Uint8Array): Uint8Array {
  const privateKey = privateKeys.get(secretKey.buffer);
  if (privateKey === undefined) return inJavaScript(secretKey, share);
  const publicKey = createPublicKey({
    key: { kty: 'OKP', crv: 'X25519', x: base64url(share) },
    format: 'jwk',
  });
  return new Uint8Array(diffieHellman({ privateKey, publicKey }));
}
