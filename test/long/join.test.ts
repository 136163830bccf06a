/**
 * How soon a browser that joins a running room has its first picture. Writes `docs/reports/join.json`.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { CpuSpan } from '../../scripts/bench/machine/cpuSpan.ts';
import { ServerProcess } from '../harness/server.ts';
import { Stage } from '../harness/stage.ts';
import { Studio } from '../harness/studio.ts';

jest.setTimeout(180_000);

const JOINS = Number(process.env.JOINS ?? 40);
const red = [200, 48, 40] as const;

let studio: Studio;
let server: ServerProcess;

beforeAll(async () => {
  server = await ServerProcess.start();
  studio = await Studio.open();
});

afterAll(async () => {
  await studio?.close();
  await server?.stop();
});

function percentile(values: number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!;
}

async function report(outcome: object): Promise<void> {
  const folder = join(import.meta.dirname, '../../docs/reports');
  const text = {
    command: 'npm run test:long -- join',
    date: new Date().toISOString(),
    machine: { model: cpus()[0]?.model, cores: cpus().length },
    versions: { node: process.version },
    ...outcome,
  };
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'join.json'), `${JSON.stringify(text, null, 2)}\n`);
}

test('from the offer to the first picture: 250 ms in the middle, 400 ms at the 95th percentile', async () => {
  const stage = await Stage.open(server, studio);
  const speaker = await stage.speak('Speaker', { colour: [...red], toneHz: 820, codec: 'vp8' });
  await stage.pictureOf(speaker);
  const { viewer } = await stage.watch();
  await stage.untilSeen(viewer, speaker, [...red]);
  const firstPictureMs: number[] = [];
  const cpu = new CpuSpan(process.pid);
  for (let i = 0; i < JOINS; i++) {
    const joined = await stage.watch();
    firstPictureMs.push(await studio.call('firstPictureMs', joined.viewer));
    await studio.call('stopWatching', joined.viewer);
  }
  const { othersBusy } = cpu.end();
  const outcome = {
    joins: JOINS,
    p50: percentile(firstPictureMs, 0.5),
    p95: percentile(firstPictureMs, 0.95),
  };
  await report({ ...outcome, othersBusy, firstPictureMs });
  console.log(JSON.stringify({ ...outcome, othersBusy }));
  expect(outcome.p50).toBeLessThanOrEqual(250);
  expect(outcome.p95).toBeLessThanOrEqual(400);
});
