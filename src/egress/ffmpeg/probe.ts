import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { childEnvironment } from './environment.ts';
import { type Ffmpeg, FfmpegProblem } from './ffmpeg.ts';

const run = promisify(execFile);
/** A program that answers later than this is not worth waiting for at the start. */
const TIMEOUT_MS = 10_000;
/** libavformat 59 belongs to ffmpeg 5, and so on; builds from git have no release in their version. */
const LIBAVFORMAT_OF_RELEASE_0 = 54;

/** Asks a program what it is. @throws FfmpegProblem when it does not answer as an ffmpeg does */
export async function probeFfmpeg(path: string, origin: Ffmpeg['origin']): Promise<Ffmpeg> {
  const [about, muxers, encoders, protocols] = await Promise.all(
    ['-version', '-muxers', '-encoders', '-protocols'].map((question) => ask(path, question)),
  );
  const version = /^ffmpeg version (\S+)/.exec(about!)?.[1];
  const library = /libavformat\s+(\d+)\./.exec(about!)?.[1];
  if (!version || !library) throw new FfmpegProblem(`${path} does not say that it is an ffmpeg`);
  return {
    ...{ path, origin, version, major: Number(library) - LIBAVFORMAT_OF_RELEASE_0 },
    muxers: new Set(flagged(muxers!)),
    encoders: new Set(flagged(encoders!)),
    protocols: new Set(written(protocols!)),
  };
}

async function ask(path: string, question: string): Promise<string> {
  const options = { timeout: TIMEOUT_MS, maxBuffer: 4 * 1024 * 1024, env: childEnvironment(process.env) };
  try {
    return (await run(path, ['-hide_banner', question], options)).stdout;
  } catch (error) {
    throw new FfmpegProblem(`${path} cannot be used: ${reasonOf(error as NodeJS.ErrnoException)}`);
  }
}

function reasonOf({ code, message }: NodeJS.ErrnoException): string {
  if (code === 'ENOENT') return 'there is no such file';
  if (code === 'EACCES') return 'it may not be executed';
  return message.split('\n')[0]!.slice(0, 200);
}

/** Lines such as ` V..... libx264   libx264 H.264` or `  E mp4   MP4`, where names may be a list. */
const flagged = (text: string): string[] =>
  [...text.matchAll(/^ [A-Z. ]+ +([a-z0-9_,]+) {1,}\S/gm)].flatMap(([, names]) => names!.split(','));

const written = (text: string): string[] => (text.split('Output:')[1] ?? '').trim().split(/\s+/);
