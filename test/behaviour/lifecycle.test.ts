import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { descendants, isRunning } from '../harness/processes.ts';
import type { Rgb } from '../harness/reports.ts';
import { ServerProcess } from '../harness/server.ts';
import { Stage } from '../harness/stage.ts';
import { Studio } from '../harness/studio.ts';
import { until } from '../harness/until.ts';

jest.setTimeout(60_000);

const RED: Rgb = [200, 48, 40];

let studio: Studio;

beforeAll(async () => {
  studio = await Studio.open();
});

afterAll(() => studio?.close());

/** A server with one speaker and one viewer, and its children. */
async function busyServer(): Promise<{ server: ServerProcess; children: number[] }> {
  const server = await ServerProcess.start();
  const stage = await Stage.open(server, studio);
  const red = await stage.speak('Red', { colour: RED });
  const { viewer } = await stage.watch();
  await stage.untilSeen(viewer, red, RED);
  const children = descendants(server.pid).map(({ pid }) => pid);
  expect(children.length).toBeGreaterThan(0);
  return { server, children };
}

test.each(['SIGTERM', 'SIGINT'] as const)(
  '%s ends a busy server with code 0 and no child left',
  async (signal) => {
    const { server, children } = await busyServer();
    expect(await server.stop(signal)).toEqual({ code: 0, signal: null });
    expect(children.filter(isRunning)).toEqual([]);
  },
);

test('a killed server leaves no child for longer than a second', async () => {
  const { server, children } = await busyServer();
  expect(await server.stop('SIGKILL')).toEqual({ code: null, signal: 'SIGKILL' });
  await until('all children have ended', () => !children.some(isRunning), { timeoutMs: 1000 });
});
