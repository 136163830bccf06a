import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { describeFfmpeg, FfmpegProblem, shortcomings } from '../../../../src/egress/ffmpeg/ffmpeg.ts';
import { bundledPath, findFfmpeg } from '../../../../src/egress/ffmpeg/find.ts';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'rostrum-ffmpeg-'));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A program that says it is an ffmpeg of some age. */
function impostor(name: string, libavformat: number): string {
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\necho "ffmpeg version 4.1"\necho "libavformat    ${libavformat}. 20.100"\n`);
  chmodSync(path, 0o755);
  return path;
}

describe('which ffmpeg', () => {
  test('the bundled one is taken where the machine has none, and says what it lacks', async () => {
    const found = await findFfmpeg(undefined, folder);
    expect(found).toMatchObject({ origin: 'bundled', major: 4, path: await bundledPath() });
    expect(shortcomings(found)).toEqual(['SRT']);
    expect(describeFfmpeg(found)).toMatch(/\(bundled, .*\); it cannot do SRT$/);
  });

  test("the machine's is taken from release 5 on, an older one is not", async () => {
    impostor('ffmpeg', 58);
    expect((await findFfmpeg(undefined, folder)).origin).toBe('bundled');
    impostor('ffmpeg', 59);
    expect(await findFfmpeg(undefined, `/nowhere:${folder}`)).toMatchObject({ origin: 'system', major: 5 });
  });

  test('the configured one is taken whatever its age', async () => {
    const path = impostor('old', 57);
    expect(await findFfmpeg(path)).toMatchObject({ origin: 'configured', major: 3, path });
  });

  test('a configured one that cannot be used is named with the reason', async () => {
    await expect(findFfmpeg(join(folder, 'missing'))).rejects.toThrow(/missing cannot be used: there is no/);
    const plain = join(folder, 'plain');
    writeFileSync(plain, 'text');
    await expect(findFfmpeg(plain)).rejects.toThrow(/plain cannot be used: it may not be executed/);
    await expect(findFfmpeg('/bin/echo')).rejects.toThrow(/does not say that it is an ffmpeg/);
    await expect(findFfmpeg('/bin/false')).rejects.toThrow(FfmpegProblem);
  });
});
