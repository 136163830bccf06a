/** `npm run bench -- references` as people run it: what is installed is measured, and nothing is left behind. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { References } from '../../scripts/bench/references/references.ts';

jest.setTimeout(300_000);

const programs = join(import.meta.dirname, '../../dist/scripts/bench');
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'references-test-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function run(name: string, args: string[]): Promise<{ code: number; said: string }> {
  const child = spawn(process.execPath, [join(programs, name), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, TMPDIR: folder, NODE_OPTIONS: '' },
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (text: Buffer) => {
      said += text;
    });
  }
  const [code] = await once(child, 'close');
  return { code, said };
}

/** Command lines of processes that name a file of this test's own folder. */
function leftBehind(): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
      } catch {
        return '';
      }
    })
    .filter((line) => line.includes(folder) && !line.includes('jest'));
}

test('others do the same jobs, or are left out with a sentence', async () => {
  const json = join(folder, 'references.json');
  const { code, said } = await run('references.js', ['--seconds', '4', '--json', json]);
  expect([code, said]).toEqual([0, expect.stringContaining('Other programs')]);
  const { references, mesh } = JSON.parse(await readFile(json, 'utf8')) as References;
  expect(references.map(({ name }) => name)).toEqual([
    'native-ffmpeg',
    'gstreamer',
    'janus-videoroom',
    'janus-videoroom-one-loop',
    'janus-streaming',
    'janus-streaming-one-loop',
    'janus-audiobridge',
    'mesh',
  ]);
  for (const { name, skipped, cpu, packetUs, ours, version, further } of references) {
    if (skipped !== null) expect(skipped).toMatch(/apt-get install|busy|too much for this machine/);
    else if (name === 'janus-audiobridge') {
      expect(cpu).toBeGreaterThan(0.02);
      // It codes the mix anew for each listener, we code it once.
      expect(further!.theirs!).toBeGreaterThan(2 * (further!.ours ?? 0));
    } else if (name.startsWith('janus')) {
      expect(packetUs).toBeGreaterThan(2);
      expect(packetUs).toBeLessThan(100);
    } else if (name !== 'mesh') {
      expect(cpu).toBeGreaterThan(0.05);
      expect(ours! / cpu!).toBeGreaterThan(0.2);
      expect(ours! / cpu!).toBeLessThan(5);
      expect(version).not.toBeNull();
    }
  }
  for (const { clients, measured, uplinkBps, downlinkBps, clientCpu } of mesh.slice(0, 2)) {
    expect(measured).toBe(true);
    // Pictures at 600 kbit/s and sound, to each other one.
    expect(uplinkBps / (clients - 1)).toBeGreaterThan(350_000);
    expect(uplinkBps / (clients - 1)).toBeLessThan(900_000);
    expect(downlinkBps / uplinkBps).toBeCloseTo(1, 1);
    expect(clientCpu).toBeGreaterThan(0.02);
  }
  expect(leftBehind()).toEqual([]);
  expect(readdirSync(folder)).toEqual(['references.json']);
});

test.each([
  ['references.js', ['--seconds', 'soon'], '--seconds is "soon": a number from 2 to 600 is allowed'],
  ['references.js', ['--codec', 'vp9'], '--codec is "vp9": vp8 or h264 is allowed'],
  ['references.js', ['--slow'], "Unknown option '--slow'"],
  ['guard.js', ['--tolerance', '3'], "Unknown option '--tolerance'"],
  [
    'report.js',
    ['--json', '/nonexistent/bench.json'],
    '/nonexistent/bench.json is missing: npm run bench writes it',
  ],
])('%s %j is refused at once', async (name, args, sentence) => {
  const { code, said } = await run(name, args);
  expect(code).toBe(2);
  expect(said).toContain(sentence);
  expect(said).toContain(`npm run bench -- ${name.replace('.js', '')}`);
});
