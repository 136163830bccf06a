import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { packageRoot } from '../../../src/config/packageRoot.ts';
import { startTestServer, type TestServer } from './testServer.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

test('every family is described for operators, and no other', async () => {
  const text = await (await fetch(`${server.base}/metrics`)).text();
  const families = [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name, type]) =>
    type === 'counter' ? `${name}_total` : name,
  );
  const page = readFileSync(join(packageRoot(), 'docs/operations.md'), 'utf8');
  const [, table] = /\n## Metrics\n[\s\S]*?\n(\| family[\s\S]*?)\n(?:\n|$)/.exec(`${page}\n`) ?? [];
  const described = table!.split('\n').flatMap((row) => {
    const [, names = ''] = row.split('|');
    return [...names.matchAll(/`([a-z_0-9]+)`/g)].map(([, name]) => name);
  });
  // When the process began is what every exporter says.
  const own = families.filter((name) => name !== 'process_start_time_seconds');
  expect(described.sort()).toEqual(own.sort());
});
