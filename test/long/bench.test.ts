/** `npm run bench` as people run it: a small grid whole, cut short by hand, and with a server that dies. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { BenchPoint, BenchResult } from '../../scripts/bench/compare/result.ts';
import { treeOf } from '../../scripts/bench/machine/tree.ts';

jest.setTimeout(300_000);

const program = join(import.meta.dirname, '../../dist/scripts/bench/compare.js');
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bench-test-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Run {
  child: ChildProcess;
  json: string;
  said(): string;
  ended: Promise<number | null>;
}

function bench(name: string, args: string[], command = [process.execPath, program]): Run {
  const json = join(folder, `${name}.json`);
  const [file, ...first] = command;
  const child = spawn(file!, [...first, '--no-references', '--json', json, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout!, child.stderr!]) {
    stream.on('data', (text: Buffer) => {
      said += text;
    });
  }
  const ended = once(child, 'close').then(([code]) => code as number | null);
  return { child, json, said: () => said, ended };
}

const resultOf = async ({ json }: Run) => JSON.parse(await readFile(json, 'utf8')) as BenchResult;

/** Resolves when `text` was said so many times. */
async function heard({ child, said }: Run, text: string, times = 1): Promise<void> {
  while (said().split(text).length <= times) {
    await Promise.race([once(child.stdout!, 'data'), once(child.stderr!, 'data')]);
  }
}

const partsOf = ({ cpu }: BenchPoint) => Object.values(cpu.parts!).reduce((sum, each) => sum + each, 0);

test('a small grid: what it measures fits together', async () => {
  const run = bench('whole', ['--speakers', '2', '--viewers', '1,5', '--repetitions', '1', '--seconds', '3']);
  expect([run.said(), await run.ended][1]).toBe(0);
  const result = await resultOf(run);
  expect(result.ended).toBeNull();
  expect(result.skipped).toEqual([]);
  expect(result.points).toHaveLength(6);
  const at = (mode: string, viewers: number) =>
    result.points.find((each) => each.mode === mode && each.viewers === viewers)!;
  for (const point of result.points) {
    expect(partsOf(point)).toBeCloseTo(point.cpu.total, 6);
    // On a machine that is busy otherwise pictures may be missing, and the point says so.
    if (point.valid) expect(point.picturesPerSecond).toBeGreaterThan(27);
    else expect(point.why.join()).not.toBe('');
    expect(point.picturesPerSecond).toBeGreaterThan(0);
    expect(point.joinMs!.count).toBe(point.viewers);
    expect(point.glassMs!.p50).toBeGreaterThan(0);
    expect(point.glassMs!.p50).toBeLessThan(500);
    expect(point.memoryBytes).toBeGreaterThan(20e6);
  }
  // Only who mixes decodes and encodes; only who forwards sends a viewer both speakers.
  expect(at('mcu', 5).cpu.parts!.decode).toBeGreaterThan(0.005);
  expect(at('mcu', 5).cpu.parts!.encode).toBeGreaterThan(at('mcu', 5).cpu.parts!.send);
  expect(at('sfu', 5).cpu.parts!.decode).toBe(0);
  expect(at('sfu', 5).cpu.total).toBeLessThan(at('mcu', 5).cpu.total);
  const sfu = at('sfu', 5);
  expect(sfu.downlinkBps / sfu.uplinkBps).toBeGreaterThan(1.8);
  expect(sfu.downlinkBps / sfu.uplinkBps).toBeLessThan(2.2);
  expect(sfu.packetsPerSecond / sfu.receivedPacketsPerSecond).toBeCloseTo(5, 0);
  expect(at('sfu-fit', 5).downlinkBps).toBeLessThan(sfu.downlinkBps / 2);
  const [several, one] = [sfu, at('mcu', 5)].map((point) => point.clientDecodeCpu);
  if (several !== null && one !== null) expect(several).toBeGreaterThan(one!);
});

test('Ctrl-C: what was done is written and reported, and nothing is left running', async () => {
  const run = bench('interrupted', [
    '--speakers',
    '1',
    '--viewers',
    '1,2',
    '--modes',
    'sfu',
    '--seconds',
    '2',
  ]);
  await heard(run, '1/4');
  const tree = treeOf(run.child.pid!);
  expect(tree.length).toBeGreaterThan(4);
  run.child.kill('SIGINT');
  expect(await run.ended).toBe(1);
  const result = await resultOf(run);
  expect(result.ended).toBe('it was interrupted');
  expect(result.points).toHaveLength(1);
  expect(run.said()).toContain('The run ended early: it was interrupted');
  expect(tree.filter(isRunning)).toEqual([]);
});

test('a server that dies ends the run with its last lines, and the finished points are kept', async () => {
  const run = bench('crashed', ['--speakers', '1', '--viewers', '1,2', '--modes', 'sfu', '--seconds', '2']);
  await heard(run, '2/4');
  const server = treeOf(run.child.pid!).find((pid) => commandOf(pid).includes('dist/src/main.js'));
  process.kill(server!, 'SIGKILL');
  expect(await run.ended).toBe(1);
  const result = await resultOf(run);
  expect(result.ended).toMatch(/^the server ended by SIGKILL:\n.*"path":"\/whep\/bench-/s);
  expect(result.points).toHaveLength(2);
});

test('a benchmark that is killed leaves no server behind', async () => {
  const run = bench('killed', ['--speakers', '1', '--viewers', '1,2', '--modes', 'mcu', '--seconds', '2']);
  await heard(run, '1/4');
  const tree = treeOf(run.child.pid!);
  run.child.kill('SIGKILL');
  await run.ended;
  const deadline = Date.now() + 15_000;
  while (tree.some(isRunning) && Date.now() < deadline)
    await new Promise((resolve) => setTimeout(resolve, 50));
  expect(tree.filter(isRunning).map(commandOf)).toEqual([]);
});

describe('what cannot work is said before anything is measured', () => {
  test.each([
    [['--viewers', '0'], '--viewers is "0": numbers from 1 to 1000 are allowed'],
    [['--turbo'], "Unknown option '--turbo'"],
  ])('%j', async (args, sentence) => {
    const run = bench('refused', args);
    expect(await run.ended).toBe(2);
    expect(run.said()).toContain(sentence);
    expect(run.said()).toContain('npm run bench --');
  });

  test('a port that is taken', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    const run = bench('port', ['--port', String(port)]);
    expect(await run.ended).toBe(2);
    expect(run.said()).toContain(`--port is "${port}", which cannot be listened on (EADDRINUSE)`);
    server.close();
  });

  test('too few descriptors', async () => {
    const run = bench(
      'descriptors',
      ['--viewers', '400'],
      [...['bash', '-c', `ulimit -n 300; exec "$0" "$@"`, process.execPath, program]],
    );
    expect(await run.ended).toBe(2);
    expect(run.said()).toMatch(/may have 300 files and sockets open, \d+ are needed: ulimit -n \d+/);
  });

  test('no ffmpeg', async () => {
    const run = bench(
      'ffmpeg',
      [],
      ['env', 'ROSTRUM_BENCH_FFMPEG=/nowhere/ffmpeg', process.execPath, program],
    );
    expect(await run.ended).toBe(2);
    expect(run.said()).toContain('no ffmpeg at "/nowhere/ffmpeg"');
  });
});

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}

const isRunning = (pid: number) => commandOf(pid) !== '';
