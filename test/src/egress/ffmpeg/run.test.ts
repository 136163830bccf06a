import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Ffmpeg } from '../../../../src/egress/ffmpeg/ffmpeg.ts';
import { findFfmpeg } from '../../../../src/egress/ffmpeg/find.ts';
import { FfmpegRun } from '../../../../src/egress/ffmpeg/run.ts';

let ffmpeg: Ffmpeg;
let folder: string;
const endless = { source: 'anullsrc=r=48000:cl=mono', options: ['-re', '-f', 'lavfi'] };

beforeAll(async () => {
  ffmpeg = await findFfmpeg();
  folder = mkdtempSync(join(tmpdir(), 'rostrum a b-'));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const commandOf = (pid: number): string[] => readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');

describe('one run of ffmpeg', () => {
  test('carries its label, keeps words with spaces whole and inherits no secret', async () => {
    process.env.ROSTRUM_SECRET = 'not for children';
    const target = join(folder, 'a title.wav');
    const run = new FfmpegRun(ffmpeg, {
      label: 'test/1',
      inputs: [endless],
      outputs: [{ target, options: ['-metadata', 'title=two words', '-t', '20'] }],
    });
    expect(commandOf(run.pid!)).toEqual(expect.arrayContaining(['title=two words', target]));
    expect(commandOf(run.pid!)[0]).toBe('ffmpeg egress test/1');
    expect(readFileSync(`/proc/${run.pid}/environ`, 'utf8')).not.toContain('ROSTRUM_');
    delete process.env.ROSTRUM_SECRET;
    run.kill();
    expect(await run.ended).toMatchObject({ ok: false, reason: expect.stringMatching(/SIGKILL/) });
    expect(run.over).toBe(true);
    run.kill();
  });

  test('what is written comes out, and closing its input ends it', async () => {
    const run = new FfmpegRun(ffmpeg, {
      label: 'test/2',
      inputs: [{ source: 'pipe:0', options: ['-f', 's16le', '-ar', '8000', '-ac', '1'] }],
      outputs: [{ target: 'pipe:1', options: ['-f', 's16le'] }],
      stdout: true,
    });
    const bytes: Buffer[] = [];
    run.stdout!.on('data', (some: Buffer) => bytes.push(some));
    const sound = Buffer.alloc(16_000, 7);
    run.write(sound);
    expect(await run.finish(5000)).toMatchObject({ ok: true, reason: '' });
    expect(Buffer.concat(bytes)).toEqual(sound);
    run.write(sound);
  });

  test('a signal to it leaves a finished file', async () => {
    const target = join(folder, 'signal.wav');
    const lines: string[] = [];
    const run = new FfmpegRun(ffmpeg, {
      label: 'test/3',
      inputs: [endless],
      outputs: [{ target, options: ['-flush_packets', '1'] }],
      line: (line) => lines.push(line),
    });
    while (!(sizeOf(target) > 20_000)) await new Promise((resolve) => setTimeout(resolve, 20));
    run.kill('SIGTERM');
    await run.ended;
    const file = readFileSync(target);
    expect(file.readUInt32LE(4)).toBe(file.length - 8);
  });

  test('a start that fails, and a complaint, are told', async () => {
    const missing = new FfmpegRun(
      { ...ffmpeg, path: '/nowhere/ffmpeg' },
      { label: 'x', inputs: [], outputs: [] },
    );
    missing.write(Buffer.from('unheard'));
    expect(await missing.finish(100)).toMatchObject({ ok: false, reason: expect.stringContaining('ENOENT') });
    const wrong = new FfmpegRun(ffmpeg, {
      label: 'x',
      inputs: [{ source: join(folder, 'none'), options: [] }],
      outputs: [{ target: 'pipe:1', options: ['-f', 'null'] }],
    });
    expect(await wrong.ended).toMatchObject({ ok: false, said: expect.stringContaining('No such file') });
  });

  test('one that does not end is killed', async () => {
    const run = new FfmpegRun(ffmpeg, {
      label: 'x',
      inputs: [endless],
      outputs: [{ target: 'pipe:1', options: ['-f', 'null'] }],
    });
    expect((await run.finish(100)).reason).toMatch(/SIGKILL/);
  });
});

function sizeOf(path: string): number {
  try {
    return readFileSync(path).length;
  } catch {
    return 0;
  }
}
