import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, expect, test } from '@jest/globals';
import { TreeSpan, treeMemoryBytes, treeOf } from '../../../../scripts/bench/machine/tree.ts';

const open: (() => void)[] = [];
afterEach(() => {
  for (const close of open.splice(0)) close();
});

/** A process with a child and a thread; each burns as much CPU as it is told, on `go`. */
async function family() {
  const thread = `
    const { parentPort } = require('node:worker_threads');
    parentPort.on('message', () => { const until = Date.now() + 300; while (Date.now() < until); parentPort.postMessage(0); });`;
  const child = `process.stdin.once('data', () => { for (let use; !use || use.user + use.system < 400_000; use = process.cpuUsage()); process.stdout.write('done'); process.stdin.resume(); });`;
  const parent = `
    const { spawn } = require('node:child_process');
    const { Worker } = require('node:worker_threads');
    const held = Buffer.alloc(40e6, 1);
    const worker = new Worker(${JSON.stringify(thread)}, { eval: true });
    const child = spawn(process.execPath, ['-e', ${JSON.stringify(child)}]);
    const ends = [new Promise((done) => worker.once('message', done)), new Promise((done) => child.stdout.once('data', done))];
    process.stdin.once('data', () => { worker.postMessage(0); child.stdin.write('go'); });
    Promise.all(ends).then(() => process.stdout.write('done' + held.length));
    worker.once('online', () => process.stdout.write('ready'));`;
  const spawned = spawn(process.execPath, ['-e', parent], { stdio: ['pipe', 'pipe', 'inherit'] });
  open.push(() => {
    for (const pid of treeOf(spawned.pid!)) process.kill(pid, 'SIGKILL');
  });
  await once(spawned.stdout!, 'data');
  return spawned;
}

test('a tree is a process with all that descend from it', async () => {
  const { pid } = await family();
  const tree = treeOf(pid!);
  expect(tree[0]).toBe(pid);
  expect(tree).toHaveLength(2);
  expect(treeOf(process.pid)).toEqual(expect.arrayContaining(tree));
});

test('CPU is counted thread by thread, and sums to the total', async () => {
  const spawned = await family();
  const span = new TreeSpan(spawned.pid!);
  spawned.stdin!.write('go');
  await once(spawned.stdout!, 'data');
  const { seconds, cores, threads } = span.end();
  const usedS = (pid: (each: number) => boolean) =>
    [...threads.values()].filter((each) => pid(each.pid)).reduce((sum, each) => sum + each.cores, 0) *
    seconds;
  // The child burnt 0.4 s, what its start took included; the thread up to 0.3 s.
  expect(usedS((pid) => pid !== spawned.pid)).toBeGreaterThan(0.2);
  expect(usedS((pid) => pid === spawned.pid)).toBeGreaterThan(0.02);
  expect(usedS(() => true)).toBeCloseTo(cores * seconds, 5);
});

test('memory is that of all together, shared pages once', async () => {
  const spawned = await family();
  const bytes = treeMemoryBytes(spawned.pid!);
  expect(bytes).toBeGreaterThan(40e6);
  expect(bytes).toBeLessThan(400e6);
});
