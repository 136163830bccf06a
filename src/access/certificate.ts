/** `ROSTRUM_TLS=self`: a certificate for this machine's names and addresses, made once and kept. */

import { createPrivateKey, randomBytes, webcrypto, X509Certificate } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { hostname, networkInterfaces } from 'node:os';
import { join } from 'node:path';
import * as x509 from '@peculiar/x509';
import { ConfigError } from '../config/load.ts';
import { writePrivately } from './secrets.ts';

export interface TlsIdentity {
  /** PEM. */
  cert: string;
  /** PEM. */
  key: string;
}

const LIFE_DAYS = 365;
const RENEW_DAYS = 30;
const DAY_MS = 86_400_000;

/** Names and addresses by which this machine may be reached, and `more`. */
export function machineNames(more: readonly string[] = []): string[] {
  const addresses = Object.values(networkInterfaces())
    .flatMap((one) => one ?? [])
    .filter((one) => !one.address.startsWith('fe80:'))
    .map((one) => one.address);
  return [...new Set(['localhost', hostname(), ...addresses, ...more])];
}

/**
 * The kept certificate, or a new one when none is kept, a name is missing or its end is near.
 * @throws ConfigError when the folder cannot be written
 */
export async function selfSigned(folder: string, names: string[], now = Date.now()): Promise<TlsIdentity> {
  const path = join(folder, 'certificate.json');
  const kept = readKept(path);
  if (kept && covers(kept.cert, names, now)) return kept;
  const made = await makeCertificate(names, now);
  try {
    mkdirSync(folder, { recursive: true });
    writePrivately(path, `${JSON.stringify(made, null, 2)}\n`);
  } catch (error) {
    throw new ConfigError(
      `${path} cannot be written (${(error as Error).message}); ROSTRUM_DATA names another folder.`,
    );
  }
  return made;
}

/** Certificate and key from the operator's files. @throws ConfigError naming the file that is wrong */
export function fromFiles(certPath: string, keyPath: string): TlsIdentity {
  const cert = readNamed('ROSTRUM_TLS_CERT', certPath, (pem) => new X509Certificate(pem));
  const key = readNamed('ROSTRUM_TLS_KEY', keyPath, (pem) => createPrivateKey(pem));
  if (!new X509Certificate(cert).checkPrivateKey(createPrivateKey(key))) {
    throw new ConfigError('ROSTRUM_TLS_KEY is not the key of the certificate in ROSTRUM_TLS_CERT.');
  }
  return { cert, key };
}

function readNamed(variable: string, path: string, check: (pem: string) => unknown): string {
  try {
    const pem = readFileSync(path, 'utf8');
    check(pem);
    return pem;
  } catch (error) {
    throw new ConfigError(`${variable} names ${path}, which cannot be used (${(error as Error).message}).`);
  }
}

function readKept(path: string): TlsIdentity | null {
  try {
    const { cert, key } = JSON.parse(readFileSync(path, 'utf8'));
    return new X509Certificate(cert).checkPrivateKey(createPrivateKey(key)) ? { cert, key } : null;
  } catch {
    return null;
  }
}

function covers(pem: string, names: string[], now: number): boolean {
  const certificate = new X509Certificate(pem);
  if (Date.parse(certificate.validTo) - now < RENEW_DAYS * DAY_MS) return false;
  return names.every((name) => (isIP(name) ? certificate.checkIP(name) : certificate.checkHost(name)));
}

async function makeCertificate(names: string[], now: number): Promise<TlsIdentity> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const serial = randomBytes(16);
  serial[0]! &= 0x7f;
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serial.toString('hex'),
    name: 'CN=Rostrum',
    notBefore: new Date(now - DAY_MS),
    notAfter: new Date(now + LIFE_DAYS * DAY_MS),
    keys,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(
        names.map((value) => ({ type: isIP(value) ? 'ip' : 'dns', value })),
      ),
    ],
  });
  const der = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey));
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  return { cert: certificate.toString('pem'), key: key.export({ type: 'pkcs8', format: 'pem' }).toString() };
}
