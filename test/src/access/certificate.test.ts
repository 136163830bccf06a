import { X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { fromFiles, machineNames, selfSigned } from '../../../src/access/certificate.ts';

const DAY_MS = 86_400_000;
const folder = mkdtempSync(join(tmpdir(), 'rostrum-certificate-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('the certificate of ROSTRUM_TLS=self', () => {
  test('stands for every name and address of the machine', async () => {
    const names = machineNames(['198.51.100.7', 'webinar.example.org']);
    const certificate = new X509Certificate((await selfSigned(folder, names)).cert);
    expect(names).toEqual(expect.arrayContaining(['localhost', '127.0.0.1', '198.51.100.7']));
    expect(certificate.checkIP('198.51.100.7')).toBe('198.51.100.7');
    expect(certificate.checkHost('webinar.example.org')).toBe('webinar.example.org');
    expect(certificate.checkHost('other.example.org')).toBeUndefined();
    expect(statSync(join(folder, 'certificate.json')).mode & 0o777).toBe(0o600);
  });

  test('is kept until a name is missing or its end is near', async () => {
    const first = await selfSigned(folder, ['localhost', '192.0.2.1']);
    expect(await selfSigned(folder, ['localhost'])).toEqual(first);
    const second = await selfSigned(folder, ['localhost', '192.0.2.2']);
    expect(second.cert).not.toBe(first.cert);
    const later = await selfSigned(folder, ['localhost', '192.0.2.2'], Date.now() + 340 * DAY_MS);
    expect(later.cert).not.toBe(second.cert);
  });

  test('is made anew when the kept file is damaged', async () => {
    writeFileSync(join(folder, 'certificate.json'), '{"cert": "x"}');
    const made = await selfSigned(folder, ['localhost']);
    expect(new X509Certificate(made.cert).subject).toBe('CN=Rostrum');
  });
});

describe("the operator's certificate", () => {
  test('a file that cannot be used is named with its setting', async () => {
    const { cert, key } = await selfSigned(folder, ['localhost']);
    const paths = { cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem') };
    writeFileSync(paths.cert, cert);
    writeFileSync(paths.key, key);
    expect(fromFiles(paths.cert, paths.key)).toEqual({ cert, key });
    expect(() => fromFiles(join(folder, 'none.pem'), paths.key)).toThrow(
      /ROSTRUM_TLS_CERT names .*none\.pem/,
    );
    expect(() => fromFiles(paths.cert, paths.cert)).toThrow(/ROSTRUM_TLS_KEY names/);
    const other = await selfSigned(folder, ['localhost', 'another.example.org']);
    writeFileSync(paths.key, other.key);
    expect(() => fromFiles(paths.cert, paths.key)).toThrow(/is not the key of the certificate/);
  });
});
