import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { parseCompareOptions } from '../../../../scripts/bench/compare/options.ts';
import { ServerProcess } from '../../../../scripts/bench/server/serverProcess.ts';

/** Tells its own settings, then what the real one says first. */
const program = `
const own = Object.entries(process.env).filter(([name]) => name.startsWith('ROSTRUM_'));
console.log(JSON.stringify(Object.fromEntries(own)));
console.log('listening on http://127.0.0.1:1234');
setInterval(() => {}, 1000);
`;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rostrum-server-'));
  await writeFile(join(folder, 'main.mjs'), program);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('the measured server has no settings of its starter, and forwards the largest stage there may be', async () => {
  process.env.ROSTRUM_MAX_STAGE = '2';
  const server = await ServerProcess.start({ main: join(folder, 'main.mjs') });
  try {
    expect(server.url).toBe('http://127.0.0.1:1234');
    const settings = JSON.parse(server.tail.split('\n')[0]!);
    expect(settings).toMatchObject({ ROSTRUM_DEMO: 'off', ROSTRUM_MAX_LAG: '0' });
    expect(settings).not.toHaveProperty('ROSTRUM_MAX_STAGE');
    const [most] = parseCompareOptions(['--speakers', '25']).speakers;
    expect(Number(settings.ROSTRUM_MAX_SLOTS)).toBeGreaterThanOrEqual(most!);
  } finally {
    delete process.env.ROSTRUM_MAX_STAGE;
    await server.close();
  }
});
