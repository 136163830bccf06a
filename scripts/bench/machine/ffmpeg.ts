import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface NativeFfmpeg {
  path: string;
  version: string;
}

/** The lowest version that counts as a reference. */
const LOWEST_MAJOR = 5;

/**
 * The system's own ffmpeg, from ROSTRUM_BENCH_FFMPEG or the PATH.
 * @throws Error when there is none, or one too old to be a reference
 */
export async function findNativeFfmpeg(): Promise<NativeFfmpeg> {
  const path = process.env.ROSTRUM_BENCH_FFMPEG ?? 'ffmpeg';
  const output = await run(path, ['-version']).catch(() => {
    throw new Error(
      `no ffmpeg at "${path}": install Debian's (apt-get install ffmpeg); without it there is no reference`,
    );
  });
  const version = /^ffmpeg version (\S+)/.exec(output.stdout)?.[1] ?? 'unknown';
  if (Number.parseInt(version, 10) < LOWEST_MAJOR) {
    throw new Error(`ffmpeg ${version} is older than ${LOWEST_MAJOR}: not a fair reference`);
  }
  return { path, version };
}

/** Runs ffmpeg to its end. `input` is written to its standard input; `each` gets its standard output. */
export function runFfmpeg(
  path: string,
  args: string[],
  streams: { input?: Iterable<Uint8Array>; each?: (chunk: Buffer) => void } = {},
): Promise<void> {
  const child = spawn(path, ['-hide_banner', '-nostats', '-v', 'error', '-y', ...args], {
    stdio: [streams.input ? 'pipe' : 'ignore', 'pipe', 'pipe'],
  });
  let complaint = '';
  child.stderr!.on('data', (text: Buffer) => {
    complaint = (complaint + text).slice(-2000);
  });
  child.stdout!.on('data', streams.each ?? (() => {}));
  if (streams.input) void writeAll(child.stdin!, streams.input);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`ffmpeg ended with ${code}: ${complaint.trim()}`));
    });
  });
}

async function writeAll(stdin: NodeJS.WritableStream, input: Iterable<Uint8Array>): Promise<void> {
  // A child that died is reported by its exit code; the broken pipe says nothing more.
  stdin.on('error', () => {});
  for (const part of input) {
    if (stdin.write(part)) continue;
    const ended = await once(stdin, 'drain').then(
      () => false,
      () => true,
    );
    if (ended) return;
  }
  stdin.end();
}
