/** The DTLS client against OpenSSL, over a bad line. */

import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { localCertificate } from '../../../../src/rtc/dtls/certificate.ts';
import { DtlsConnection } from '../../../../src/rtc/dtls/client.ts';
import type { SrtpKeys } from '../../../../src/rtc/srtp/profile.ts';
import { seeded } from '../random.ts';

const available = spawnSync('openssl', ['version']).status === 0;
const PROFILES = 'SRTP_AEAD_AES_128_GCM:SRTP_AES128_CM_SHA1_80';

interface Line {
  loss: number;
  mtu: number;
  profiles: string;
  seed: number;
}

(available ? describe : describe.skip)('against OpenSSL', () => {
  let folder: string;
  let fingerprint: string;
  const sockets: Socket[] = [];
  const servers: ChildProcess[] = [];

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'dtls-'));
    const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'];
    const files = ['-keyout', join(folder, 'key.pem'), '-out', join(folder, 'cert.pem')];
    execFileSync('openssl', ['req', '-x509', ...curve, '-nodes', ...files, '-days', '2', '-subj', '/CN=x'], {
      stdio: 'ignore',
    });
    fingerprint = new X509Certificate(readFileSync(join(folder, 'cert.pem'))).fingerprint256;
  });

  afterAll(async () => {
    for (const socket of sockets) socket.close();
    await Promise.all(
      servers.map((server) => {
        const ended = once(server, 'exit');
        server.kill();
        return ended;
      }),
    );
    rmSync(folder, { recursive: true });
  });

  /** Starts a server; OpenSSL says so on its output when it listens. */
  async function serve(port: number, { mtu, profiles }: Line): Promise<void> {
    const files = ['-cert', join(folder, 'cert.pem'), '-key', join(folder, 'key.pem')];
    const more = ['-verify', '1', '-use_srtp', profiles, '-mtu', String(mtu)];
    const server = spawn('openssl', ['s_server', '-dtls1_2', '-port', String(port), ...files, ...more]);
    servers.push(server);
    // Its output stays open and read: it would end at the first line it cannot write.
    server.stderr.resume();
    await new Promise<void>((resolve) => {
      server.stdout.on('data', (chunk) => {
        if (String(chunk).includes('ACCEPT')) resolve();
      });
    });
  }

  async function freePort(): Promise<number> {
    const socket = createSocket('udp4').bind(0, '127.0.0.1');
    await once(socket, 'listening');
    const { port } = socket.address();
    await new Promise<void>((resolve) => socket.close(() => resolve()));
    return port;
  }

  async function handshake(line: Line): Promise<SrtpKeys> {
    const port = await freePort();
    await serve(port, line);
    const certificate = await localCertificate();
    const socket = createSocket('udp4').bind(0, '127.0.0.1');
    sockets.push(socket);
    await once(socket, 'listening');
    const random = seeded(line.seed);
    const passes = () => random() >= line.loss;
    return new Promise((resolve, reject) => {
      const connection = new DtlsConnection(certificate, [{ algorithm: 'sha-256', value: fingerprint }], {
        send: (datagram) => {
          if (passes()) socket.send(datagram, port, '127.0.0.1');
        },
        connected: resolve,
        closed: () => {},
        failed: (reason) => reject(new Error(reason)),
      });
      socket.on('message', (datagram) => {
        if (passes()) connection.receive(datagram);
      });
      connection.start();
    });
  }

  const clean: Line = { loss: 0, mtu: 1_200, profiles: PROFILES, seed: 1 };

  test.each([
    ['SRTP_AEAD_AES_128_GCM', 'aeadAes128Gcm', 12],
    ['SRTP_AES128_CM_SHA1_80', 'aesCm128HmacSha1_80', 14],
  ])('%s is agreed upon', async (profiles, profile, saltLength) => {
    const keys = await handshake({ ...clean, profiles });
    expect(keys.profile).toBe(profile);
    expect([keys.local.key.length, keys.local.salt.length]).toEqual([16, saltLength]);
    expect(keys.local.key.equals(keys.remote.key)).toBe(false);
  });

  test('six handshakes with a tenth of all datagrams lost and every message in fragments', async () => {
    const seeds = [21, 22, 23, 24, 25, 26];
    const keys = await Promise.all(seeds.map((seed) => handshake({ ...clean, loss: 0.1, mtu: 300, seed })));
    expect(keys.every(({ profile }) => profile === 'aeadAes128Gcm')).toBe(true);
  }, 30_000);
});
