import { type KeyObject, webcrypto, X509Certificate } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { X509CertificateGenerator } from '@peculiar/x509';
import { localCertificate } from '../../../../src/rtc/dtls/certificate.ts';
import { publicKeyOf } from '../../../../src/rtc/dtls/certificateKey.ts';
import { seeded } from '../random.ts';

const RSA = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256', publicExponent: new Uint8Array([1, 0, 1]) };
const algorithms = [
  { name: 'ECDSA', hash: 'SHA-256', namedCurve: 'P-256' },
  { name: 'ECDSA', hash: 'SHA-384', namedCurve: 'P-384' },
  { ...RSA, modulusLength: 2048 },
];

test.each(algorithms)('a key of $name $namedCurve is the one that OpenSSL finds', async (algorithm) => {
  const keys = (await webcrypto.subtle.generateKey(algorithm, true, [
    'sign',
    'verify',
  ])) as webcrypto.CryptoKeyPair;
  const made = await X509CertificateGenerator.createSelfSigned({
    name: 'CN=WebRTC',
    signingAlgorithm: algorithm,
    keys,
  });
  const der = Buffer.from(made.rawData);
  expect(publicKeyOf(der).equals(new X509Certificate(der).publicKey)).toBe(true);
});

test('what is no certificate is an error, wherever it is damaged or cut', async () => {
  const { der } = await localCertificate();
  const random = seeded(4);
  const right = publicKeyOf(der);
  for (let length = 0; length < der.length; length++) {
    expect(() => publicKeyOf(der.subarray(0, length))).toThrow();
  }
  let compared = 0;
  for (let i = 0; i < 2_000; i++) {
    const damaged = Buffer.from(der);
    damaged[Math.floor(random() * der.length)]! ^= 1 << Math.floor(random() * 8);
    const theirs = keyOr(() => new X509Certificate(damaged).publicKey);
    if (theirs === undefined) keyOr(() => publicKeyOf(damaged));
    else {
      compared++;
      expect(publicKeyOf(damaged).equals(theirs)).toBe(true);
    }
  }
  expect(compared).toBeGreaterThan(500);
  expect(publicKeyOf(der).equals(right)).toBe(true);
});

function keyOr(read: () => KeyObject): KeyObject | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
