/**
 * From one panelist's mouth to the other's ear, both in Chromium: beeps made and heard in one page, on one
 * audio clock, with both browsers' coding, jitter buffers and networks between them, but no sound card.
 * Writes `docs/reports/mouth-to-ear.json`.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { CpuSpan } from '../../scripts/bench/machine/cpuSpan.ts';
import { inServerMs } from '../harness/inServer.ts';
import { ServerProcess } from '../harness/server.ts';
import { Stage } from '../harness/stage.ts';
import { Studio } from '../harness/studio.ts';

const SECONDS = Number(process.env.MOUTH_SECONDS ?? 60);
/** Browsers' jitter buffers find their size. */
const SETTLE_MS = 8000;

jest.setTimeout(SECONDS * 1000 + 60_000);

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

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

function percentile(values: number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

test('two panelists hear each other within 180 ms', async () => {
  const stage = await Stage.open(server, studio);
  const ada = await stage.speak('Ada', { toneHz: 1000, beat: true, codec: 'vp8' });
  const bob = await stage.speak('Bob', { toneHz: null, codec: 'vp8', colour: [40, 72, 200] });
  for (const person of [ada, bob]) await stage.pictureOf(person);
  const { viewer } = await stage.watch({ token: bob.token });
  await sleep(SETTLE_MS);
  const before = (await studio.call('beepsHeard', viewer)).length;
  const cpu = new CpuSpan(process.pid);
  await sleep(SECONDS * 1000);
  const { othersBusy } = cpu.end();
  const heard = (await studio.call('beepsHeard', viewer)).slice(before);
  const made = await studio.call('beepsMade', ada.speaker);
  const delaysMs = heard.map((atS) => (atS - made.filter((beepS) => beepS <= atS).at(-1)!) * 1000);
  const { audioWaitMs } = await studio.call('stats', viewer);
  const report = {
    command: 'npm run test:long -- mouth-to-ear',
    date: new Date().toISOString(),
    machine: { model: cpus()[0]?.model, cores: cpus().length },
    seconds: SECONDS,
    othersBusy,
    beeps: delaysMs.length,
    mouthToEarMs: { p50: percentile(delaysMs, 0.5), p95: percentile(delaysMs, 0.95) },
    listenersBufferMs: audioWaitMs,
    inServerMs: {
      p50: await inServerMs(server, stage.room, 'sound', 0.5),
      p95: await inServerMs(server, stage.room, 'sound', 0.95),
    },
  };
  console.log(JSON.stringify(report));
  const folder = join(import.meta.dirname, '../../docs/reports');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'mouth-to-ear.json'), `${JSON.stringify(report, null, 2)}\n`);
  expect(delaysMs.length).toBeGreaterThanOrEqual(SECONDS * 0.9);
  expect(report.mouthToEarMs.p50).toBeLessThanOrEqual(180);
  expect(report.inServerMs.p50).toBeLessThanOrEqual(45);
  expect(report.inServerMs.p95).toBeLessThanOrEqual(65);
});
