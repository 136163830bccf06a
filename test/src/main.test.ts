import { once } from 'node:events';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { get } from 'node:https';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, test } from '@jest/globals';
import { WebSocket } from 'ws';
import { createTokens } from '../../src/access/tokens.ts';
import { PROTOCOL } from '../../src/signaling/messages.ts';
import { type Program, startProgram } from './program.ts';

const KEY = 'a-test-api-key';
const SECRET = 'a-test-secret-of-some-length';
const started: Program[] = [];
const start = (...args: Parameters<typeof startProgram>): Program => {
  const program = startProgram(...args);
  started.push(program);
  return program;
};
afterEach(async () => {
  for (const program of started.splice(0)) await program.clean();
});

const listening = async (program: Program) => (await program.until(/^listening on (\S+)$/m))[1]!;

/** Processes whose parent is `pid`, as the kernel has it. */
function childrenOf(pid: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        return readFileSync(`/proc/${name}/stat`, 'utf8').split(') ')[1]?.split(' ')[1] === String(pid);
      } catch {
        return false;
      }
    })
    .map(Number);
}

describe('the start', () => {
  test('without any settings makes a demo; links go to a file that is for the owner alone', async () => {
    const program = start();
    const base = await listening(program);
    const [, path = ''] = await program.until(/are in (\S+)\n/);
    expect(path).toBe(join(program.data, 'links.txt'));
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const links = readFileSync(path, 'utf8');
    expect(program.out()).not.toMatch('#');
    for (const role of ['host', 'panelist', 'viewer']) {
      expect(links).toMatch(new RegExp(`^  ${role} +${base}/r/demo#[\\w-]+\\.[\\w-]+\\.[\\w-]+$`, 'm'));
    }
    const key = /API key: (\S+)/.exec(links)![1];
    const rooms = await fetch(`${base}/api/rooms`, { headers: { authorization: `Bearer ${key}` } });
    expect(await rooms.json()).toMatchObject({ rooms: [{ id: 'demo' }] });
  });

  test('with an API key makes no demo and shows no key', async () => {
    const program = start({ ROSTRUM_API_KEY: KEY, ROSTRUM_PROT: '1' });
    const base = await listening(program);
    const rooms = await fetch(`${base}/api/rooms`, { headers: { authorization: `Bearer ${KEY}` } });
    expect(await rooms.json()).toEqual({ rooms: [] });
    expect(readdirSync(program.data)).toEqual(['secrets.json']);
    expect(program.err()).toMatch('ROSTRUM_PROT is not a setting');
    expect(program.out() + program.err()).not.toMatch(KEY);
  });

  test('--help prints the settings and ends', async () => {
    const program = start({}, ['--help']);
    expect(await program.exited).toBe(0);
    expect(program.out()).toMatch('--rtc-ports  (ROSTRUM_RTC_PORTS)');
  });

  test.each([
    [{ ROSTRUM_PORT: 'http' }, /ROSTRUM_PORT was given "http"; allowed: a whole number/],
    [{ ROSTRUM_HOST: '192.0.2.1' }, /192\.0\.2\.1:0 cannot be listened on .*ROSTRUM_HOST/],
    [{ ROSTRUM_DATA: '/dev/null/below' }, /cannot be used .*ROSTRUM_DATA/],
    [{ ROSTRUM_TLS_CERT: '/none.pem', ROSTRUM_TLS_KEY: '/none.pem' }, /ROSTRUM_TLS_CERT names \/none\.pem/],
  ])('%j ends it with a sentence', async (env, sentence) => {
    const program = start(env as unknown as Record<string, string>);
    expect(await program.exited).toBe(1);
    expect(program.err()).toMatch(sentence);
    expect(program.err()).not.toMatch(/\n\s+at /);
  });

  test('on a port in use says which and what to do', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as { port: number };
    const program = start({ ROSTRUM_PORT: String(port) });
    expect(await program.exited).toBe(1);
    expect(program.err()).toMatch(`Port ${port} is in use on 127.0.0.1; ROSTRUM_PORT`);
    taken.close();
  });

  test('ROSTRUM_TLS=self serves https with a certificate for this machine', async () => {
    const program = start({ ROSTRUM_TLS: 'self' });
    const base = await listening(program);
    expect(base).toMatch(/^https:/);
    await program.until(/are in/);
    const { cert } = JSON.parse(readFileSync(join(program.data, 'certificate.json'), 'utf8'));
    const status = await new Promise((resolve, reject) => {
      get(`${base}/healthz`, { ca: cert }, (response) => {
        response.resume();
        resolve(response.statusCode);
      }).on('error', reject);
    });
    expect(status).toBe(200);
    const links = readFileSync(join(program.data, 'links.txt'), 'utf8');
    expect(links).toMatch(/host +https:\/\//);
    expect(links).toMatch('browsers warn once');
  });
});

describe('the end', () => {
  const env = { ROSTRUM_API_KEY: KEY, ROSTRUM_SECRET: SECRET, ROSTRUM_DEMO: 'on' };

  test.each(['SIGTERM', 'SIGINT'] as const)(
    '%s: people are told, exit 0, nobody left behind',
    async (signal) => {
      const program = start(env);
      const base = await listening(program);
      await (await fetch(`${base}/readyz`)).text();
      const children = childrenOf(program.child.pid!);
      expect(children.length).toBeGreaterThan(0);

      const socket = new WebSocket(`${base.replace('http', 'ws')}/ws`, PROTOCOL);
      const messages: { type?: string; reason?: string }[] = [];
      socket.on('message', (raw) => messages.push(JSON.parse(raw.toString())));
      await once(socket, 'open');
      const token = await createTokens(SECRET).issue({ room: 'demo', role: 'host', name: 'Ada', ttlS: 60 });
      socket.send(JSON.stringify({ id: 1, type: 'join', token }));
      await once(socket, 'message');

      const closed = once(socket, 'close');
      program.child.kill(signal);
      expect((await closed)[0]).toBe(1001);
      expect(messages.at(-1)).toEqual({ type: 'ended', reason: 'shutting-down' });
      expect(await program.exited).toBe(0);
      for (const pid of children) expect(() => process.kill(pid, 0)).toThrow('ESRCH');
    },
  );

  test('a second signal does not wait for a mixer that hangs', async () => {
    const program = start(env);
    const base = await listening(program);
    await (await fetch(`${base}/readyz`)).text();
    const [mixer] = childrenOf(program.child.pid!);
    process.kill(mixer!, 'SIGSTOP');
    program.child.kill('SIGTERM');
    // What it does by itself: it waits before it kills what hangs.
    const alone = await Promise.race([program.exited, delay(800, 'still closing')]);
    expect(alone).toBe('still closing');
    const sentMs = performance.now();
    program.child.kill('SIGTERM');
    expect(await program.exited).toBe(1);
    expect(performance.now() - sentMs).toBeLessThan(2000);
    process.kill(mixer!, 'SIGKILL');
  });

  test('the same signal twice at once counts as one', async () => {
    const program = start(env);
    await listening(program);
    program.child.kill('SIGINT');
    program.child.kill('SIGTERM');
    expect(await program.exited).toBe(0);
  });
});
