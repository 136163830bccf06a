import { execFile } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Jail } from '../../../src/engine/jail.ts';
import { silentLog } from '../../../src/engine/log.ts';
import { MixerPool } from '../../../src/engine/mixerPool.ts';
import { mixerProgram } from '../../../src/engine/program.ts';
import { defaultEngineSettings } from '../../../src/engine/settings.ts';
import { child } from './harness.ts';

const run = promisify(execFile);
/** The best that can be had, and what is had where node or the project are closed to others. */
const OWN_USER = 'a user of its own';
const READING = /^a user of its own that may read all files/;

let folder: string;
let prober: string;
let server: Server;
let port: number;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rostrum-jail-'));
  chmodSync(folder, 0o777);
  // Where the project may be closed to other users, this folder is not.
  prober = join(folder, 'prober.mjs');
  copyFileSync(child('prober'), prober);
  chmodSync(prober, 0o644);
  for (const [name, mode] of [
    ['open', 0o666],
    ['secret', 0o600],
  ] as const) {
    writeFileSync(join(folder, name), 'content');
    chmodSync(join(folder, name), mode);
  }
  server = createServer((socket) => socket.end());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as { port: number }).port;
});

afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

const jail = (reads: string[], mode: 'auto' | 'off' = 'auto') => new Jail({ mode, reads, log: silentLog });

/** What a program of ours manages to do behind the walls. */
async function probe(walls: Jail): Promise<Record<string, string>> {
  const command = walls.around([process.execPath, prober, String(port), folder]);
  const { stdout } = await run(command[0]!, command.slice(1), { cwd: '/', env: { PATH: process.env.PATH } });
  return JSON.parse(stdout);
}

describe('behind the walls', () => {
  test('no connection is made, no file is written, and nobody is signalled', async () => {
    const walls = jail([prober, folder]);
    const tried = await probe(walls);
    // What cannot be had on a machine is said, not passed over.
    if (!walls.missing.includes('network')) expect(tried.connect).toBe('ENETUNREACH');
    if (!walls.missing.includes('limits'))
      expect(tried).toMatchObject({ newFile: 'EFBIG', oldFile: 'EFBIG' });
    expect(tried.readOpen).toBe('done');
    if (walls.meanings.includes(OWN_USER))
      expect(tried).toMatchObject({ readSecret: 'EACCES', signal: 'EPERM' });
    expect(readFileSync(join(folder, 'open'), 'utf8')).toBe('content');
  });

  test('without them all of that is possible, so the probe proves something', async () => {
    expect(await probe(jail([], 'off'))).toEqual({
      ...{ connect: 'done', newFile: 'done', oldFile: 'done' },
      ...{ readOpen: 'done', readSecret: 'done', signal: 'done' },
    });
    expect(jail([], 'off').around(['node'])).toEqual(['node']);
    writeFileSync(join(folder, 'open'), 'content');
  });

  test('where program or media are closed to others, it may read but still write nothing', async () => {
    const walls = jail([prober, join(folder, 'secret')]);
    expect(walls.meanings).not.toContain(OWN_USER);
    const tried = await probe(walls);
    expect(tried.readSecret).toBe('done');
    if (walls.meanings.some((meaning) => READING.test(meaning))) expect(tried.signal).toBe('EPERM');
    if (!walls.missing.includes('limits')) expect(tried.newFile).toBe('EFBIG');
  });
});

test('mixers run there: their status says so, each as another user', async () => {
  const pool = new MixerPool({ ...defaultEngineSettings, spare: false }, silentLog);
  const mixers = [pool.take('one'), pool.take('two')];
  try {
    expect(await Promise.all(mixers.map((mixer) => mixer.ready))).toEqual([true, true]);
    const [status, other] = mixers.map(({ pid }) => readFileSync(`/proc/${pid}/status`, 'utf8'));
    const limits = readFileSync(`/proc/${mixers[0]!.pid}/limits`, 'utf8');
    const network = (pid: number | string) => readlinkSync(`/proc/${pid}/ns/net`);
    const { meanings } = jail([mixerProgram()]);
    if (meanings.includes('no network')) expect(network(mixers[0]!.pid!)).not.toBe(network('self'));
    if (meanings.includes('no file that grows')) expect(limits).toMatch(/^Max file size\s+0\s+0/m);
    if (meanings.length === 3) expect(status).toMatch(/^NoNewPrivs:\s1$/m);
    if (meanings.some((meaning) => meaning.startsWith(OWN_USER))) {
      // Nothing, or CAP_DAC_READ_SEARCH (2) alone.
      expect(status).toMatch(meanings.includes(OWN_USER) ? /^CapBnd:\s0+$/m : /^CapBnd:\s0+4$/m);
      expect(status).toMatch(/^Groups:\s*$/m);
      const users = [status, other].map((text) => /^Uid:\s(\d+)/m.exec(text!)![1]);
      expect(new Set([...users, '0']).size).toBe(3);
    }
    const command = readFileSync(`/proc/${mixers[0]!.pid}/cmdline`, 'utf8').split('\0');
    expect(command.slice(-3, -1)).toEqual(['mixer', 'one']);
  } finally {
    await Promise.all(mixers.map((mixer) => mixer.close()));
    await pool.close();
  }
});

test('a jail in which nothing starts is given up', async () => {
  const warnings: string[] = [];
  const log = { ...silentLog, warn: (_: object, message: string) => void warnings.push(message) };
  const pool = new MixerPool({ ...defaultEngineSettings, program: child('dead'), spare: false }, log);
  expect(await pool.canMix()).toBe(false);
  expect(warnings).toEqual(['no mixer starts in its jail: from now on they run without one']);
  await pool.close();
});
