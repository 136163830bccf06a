import { expect, test } from '@jest/globals';
import nacl from 'tweetnacl';
import { useNativeX25519 } from '../../../../src/rtc/dtls/x25519.ts';

const inJavaScript = { keyPair: nacl.box.keyPair, scalarMult: nacl.scalarMult };
useNativeX25519();
useNativeX25519();

test('both ways of computing agree on a secret', () => {
  const ours = nacl.box.keyPair();
  const theirs = inJavaScript.keyPair();
  const secret = nacl.scalarMult(ours.secretKey, theirs.publicKey);
  expect(secret).toHaveLength(32);
  expect(secret).toEqual(inJavaScript.scalarMult(theirs.secretKey, ours.publicKey));
  // A view of the same memory is what the handshake library keeps.
  expect(nacl.scalarMult(Buffer.from(ours.secretKey.buffer), theirs.publicKey)).toEqual(secret);
  expect(nacl.scalarMult(theirs.secretKey, ours.publicKey)).toEqual(secret);
});

test('each key is another', () => {
  const keys = Array.from({ length: 20 }, () => Buffer.from(nacl.box.keyPair().publicKey).toString('hex'));
  expect(new Set(keys).size).toBe(20);
});

test('a share that gives away the secret is refused, and one of another length', () => {
  const { secretKey } = nacl.box.keyPair();
  expect(() => nacl.scalarMult(secretKey, new Uint8Array(32))).toThrow();
  expect(() => nacl.scalarMult(secretKey, new Uint8Array(31))).toThrow();
  expect(() => nacl.scalarMult(secretKey, new Uint8Array(33))).toThrow();
});
