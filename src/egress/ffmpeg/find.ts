import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Ffmpeg, FfmpegProblem } from './ffmpeg.ts';
import { probeFfmpeg } from './probe.ts';

/** Older ones of the machine are not taken: the bundled one is at least known. */
const LEAST_SYSTEM_RELEASE = 5;

/**
 * Which ffmpeg to use: the configured one, else the machine's from release 5 on, else the bundled one.
 * @param configured path of the only one to be taken
 * @param searchPath folders as in `PATH`
 * @throws FfmpegProblem when the configured one cannot be used, or when there is none at all
 */
export async function findFfmpeg(
  configured?: string,
  searchPath: string = process.env.PATH ?? '',
): Promise<Ffmpeg> {
  if (configured !== undefined) return probeFfmpeg(configured, 'configured');
  const system = await systemFfmpeg(searchPath);
  if (system) return system;
  return probeFfmpeg(await bundledPath(), 'bundled');
}

async function systemFfmpeg(searchPath: string): Promise<Ffmpeg | null> {
  const path = searchPath
    .split(delimiter)
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, 'ffmpeg'))
    .find(isExecutable);
  if (path === undefined) return null;
  const found = await probeFfmpeg(path, 'system').catch(() => null);
  return found && found.major >= LEAST_SYSTEM_RELEASE ? found : null;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The package throws where it has no build for this machine. @throws FfmpegProblem */
export async function bundledPath(): Promise<string> {
  try {
    const { default: installer } = await import('@ffmpeg-installer/ffmpeg');
    return installer.path;
  } catch {
    throw new FfmpegProblem('no ffmpeg was found on this machine, and none is bundled for it');
  }
}
