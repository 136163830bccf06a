import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { Egress } from '../../../src/egress/egress.ts';

let folder: string;
let said: string[];
const egresses: Egress[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rostrum-egress-'));
  said = [];
});
afterEach(async () => {
  for (const egress of egresses.splice(0)) await egress.close();
  rmSync(folder, { recursive: true, force: true });
});

function createEgress(ffmpeg: string | null): Egress {
  const say = (level: string) => (_: object, text: string) => void said.push(`${level}: ${text}`);
  const log = { info: say('info'), warn: say('warn'), error: say('error') };
  const outputs = { privateHosts: 'off', soundKbps: 128 } as const;
  const recordings = { folder, lowWaterBytes: 0, retentionDays: 0, keyFrameIntervalMs: 4000 };
  const egress = new Egress({ ffmpeg, recordings, outputs, nowUs: () => 0, log });
  egresses.push(egress);
  return egress;
}

test('says at the start which ffmpeg it is', async () => {
  await createEgress(null).open();
  expect(said).toEqual([
    expect.stringMatching(/^info: ffmpeg for recordings and outputs: \S+ \((system|bundled), /),
  ]);
});

test('a configured ffmpeg that cannot be used ends the start', async () => {
  await expect(createEgress('/nowhere/ffmpeg').open()).rejects.toThrow(/there is no such file/);
});

test('the choice is made once', async () => {
  const egress = createEgress(null);
  expect(await egress.ffmpeg()).toBe(await egress.ffmpeg());
});

test('closing twice is the same as once', async () => {
  const egress = createEgress(null);
  await egress.open();
  await egress.close();
  await egress.close();
});
