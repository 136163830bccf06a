import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { bundledPath } from '../../../src/egress/ffmpeg/find.ts';

const run = promisify(execFile);

/** Three seconds: red with 400 Hz, green with 800 Hz, blue with 1200 Hz, a second each. */
export const PARTS = [
  { colour: 'red', hz: 400, luma: 81 },
  { colour: 'lime', hz: 800, luma: 145 },
  { colour: 'blue', hz: 1200, luma: 41 },
] as const;

/** Files to be played, made by ffmpeg in a folder of their own. */
export class Clips {
  readonly folder = mkdtempSync(join(tmpdir(), 'rostrum-clips-'));

  path(name: string): string {
    return join(this.folder, name);
  }

  /** Runs ffmpeg; gives the path of what it wrote. */
  async make(name: string, ...args: string[]): Promise<string> {
    await run(await bundledPath(), ['-v', 'error', '-y', ...args, this.path(name)]);
    return this.path(name);
  }

  /** The three parts, with pictures, sound, or both. */
  parts(name: string, size = '320x180', fps = 30): Promise<string> {
    const hasPictures = !name.endsWith('.mp3');
    const pictures = PARTS.map(({ colour }) => `color=${colour}:s=${size}:r=${fps}:d=1[v]`);
    const sounds = PARTS.map(({ hz }) => `sine=${hz}:r=48000:d=1,volume=2[a]`);
    const numbered = (graphs: string[]) =>
      graphs.map((graph, i) => graph.replace(/\[(.)\]$/, (_, kind) => `[${kind}${i}]`));
    const joined = (kind: 'v' | 'a', n: number) =>
      `${[0, 1, 2].map((i) => `[${kind}${i}]`).join('')}concat=n=3:v=${n}:a=${1 - n}[${kind}]`;
    const graphs = [...numbered(sounds), joined('a', 0)];
    if (hasPictures) graphs.push(...numbered(pictures), joined('v', 1));
    const maps = hasPictures ? ['-map', '[v]', '-g', '90', '-pix_fmt', 'yuv420p'] : [];
    return this.make(name, '-filter_complex', graphs.join(';'), ...maps, '-map', '[a]');
  }

  close(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
