/**
 * A restless minute: a hundred changes of layout, people who come and people who go, while the speakers
 * move. The viewer's picture goes on. Writes `docs/reports/changes.json`.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { CpuSpan } from '../../scripts/bench/machine/cpuSpan.ts';
import type { Rgb } from '../harness/reports.ts';
import { ServerProcess } from '../harness/server.ts';
import { Stage } from '../harness/stage.ts';
import { Studio } from '../harness/studio.ts';

jest.setTimeout(180_000);

const CHANGES = Number(process.env.CHANGES ?? 100);
const INTERVAL_MS = 600;
/** None of them is near to black, or to the green of empty memory. */
const colours: Rgb[] = [
  [200, 48, 40],
  [40, 72, 200],
  [190, 130, 30],
  [150, 60, 170],
];
const layouts = ['grid', 'stage', 'pip', 'solo', 'side-by-side', 'presentation'];

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

test('a hundred changes in a minute: no gap over 150 ms, nothing black or green', async () => {
  const stage = await Stage.open(server, studio);
  const speak = (index: number) =>
    stage.speak(`Speaker ${index}`, {
      colour: colours[index % colours.length]!,
      codec: index % 2 === 0 ? 'vp8' : 'h264',
      toneHz: null,
    });
  for (const person of [await speak(0), await speak(1)]) await stage.pictureOf(person);
  const { viewer } = await stage.watch();
  await studio.call('firstPictureMs', viewer);
  await sleep(1000);
  const before = await studio.call('stats', viewer);
  await studio.call('startLook', viewer, [], true);
  const cpu = new CpuSpan(process.pid);
  const startMs = performance.now();
  const guests: { speaker: number }[] = [];
  let joins = 0;
  for (let change = 0; change < CHANGES; change++) {
    // Of four changes two are layouts, one is somebody who comes or goes, one is both at once.
    const layout = layouts[change % layouts.length]!;
    if (change % 4 !== 2) await server.rest.patchRoom(stage.room, { layout });
    if (change % 4 >= 2) {
      const guest = guests.length >= 2 || (guests.length > 0 && change % 8 >= 4) ? guests.shift() : undefined;
      if (guest !== undefined) await studio.call('stopSpeaking', guest.speaker);
      else guests.push(await speak(2 + joins++));
    }
    await sleep(Math.max(0, startMs + (change + 1) * INTERVAL_MS - performance.now()));
  }
  const { othersBusy } = cpu.end();
  const look = await studio.call('look', viewer);
  const after = await studio.call('stats', viewer);
  const outcome = {
    changes: CHANGES,
    joins,
    seconds: look.seconds,
    picturesPerS: look.pictures / look.seconds,
    longestGapMs: look.longestGapMs,
    freezes: after.freezeCount - before.freezeCount,
    blackShare: look.blackShare,
    greenShare: look.greenShare,
    othersBusy,
  };
  console.log(JSON.stringify(outcome));
  await report(outcome);
  expect(look.seconds).toBeLessThan((CHANGES * INTERVAL_MS) / 1000 + 15);
  expect(joins).toBeGreaterThan(CHANGES / 8);
  expect(outcome.longestGapMs).toBeLessThanOrEqual(150);
  // The speakers' time codes have black blocks: a twentieth of their tiles.
  expect(outcome.blackShare).toBeLessThan(0.09);
  expect(outcome.greenShare).toBeLessThan(0.01);
});

async function report(outcome: object): Promise<void> {
  const folder = join(import.meta.dirname, '../../docs/reports');
  const text = {
    command: 'npm run test:long -- changes',
    date: new Date().toISOString(),
    machine: { model: cpus()[0]?.model, cores: cpus().length },
    versions: { node: process.version },
    outcome,
  };
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'changes.json'), `${JSON.stringify(text, null, 2)}\n`);
}
