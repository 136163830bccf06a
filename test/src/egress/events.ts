import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
const RATE = 48_000;

/**
 * Times at which the picture turns white, in seconds, as an independent reader of the file sees them.
 * What is over before anybody could see it does not count.
 */
export async function flashes(ffmpeg: string, file: string): Promise<number[]> {
  const { pictures } = await readPictures(ffmpeg, file);
  const isWhite = ({ luma }: { luma: number }) => luma > 128;
  return pictures
    .filter((picture, index) => isWhite(picture) && !isWhite(pictures[index - 1] ?? { luma: 0 }))
    .map(({ timeS }) => timeS)
    .filter((start) => {
      const end = pictures.find((picture) => picture.timeS > start && !isWhite(picture));
      return end === undefined || end.timeS - start > 0.05;
    });
}

export async function readPictures(ffmpeg: string, file: string) {
  const filter = 'signalstats,metadata=print:key=lavfi.signalstats.YAVG:file=-';
  const { stdout, stderr } = await run(
    ffmpeg,
    [
      '-hide_banner',
      '-loglevel',
      'warning',
      '-copyts',
      '-i',
      file,
      '-map',
      '0:v',
      '-vsync',
      '0',
      '-vf',
    ].concat(filter, '-f', 'null', '-'),
    { maxBuffer: 64 * 1024 * 1024 },
  );
  const found = stdout.matchAll(/pts_time:([\d.-]+)\s+lavfi\.signalstats\.YAVG=([\d.]+)/g);
  return {
    pictures: [...found].map(([, time, luma]) => ({ timeS: Number(time), luma: Number(luma) })),
    stderr: complaints(stderr),
  };
}

/** Times at which a tone begins after silence, in seconds. */
export async function beeps(ffmpeg: string, file: string): Promise<number[]> {
  const samples = await readSound(ffmpeg, file);
  const times: number[] = [];
  let quiet = RATE;
  for (let at = 0; at < samples.length; at++) {
    if (Math.abs(samples[at]!) < 2_000) quiet++;
    else {
      if (quiet > RATE / 10) times.push(at / RATE);
      quiet = 0;
    }
  }
  return times;
}

/** One channel of a file, from time 0 on. */
export async function readSound(ffmpeg: string, file: string): Promise<Int16Array> {
  const { stdout } = await run(
    ffmpeg,
    ['-hide_banner', '-loglevel', 'error', '-copyts', '-i', file, '-map', '0:a', '-af'].concat(
      'aresample=async=1:first_pts=0',
      ...['-ac', '1', '-ar', `${RATE}`, '-f', 's16le', 'pipe:1'],
    ),
    { encoding: 'buffer', maxBuffer: 256 * 1024 * 1024 },
  );
  return new Int16Array(stdout.buffer, stdout.byteOffset, Math.floor(stdout.length / 2));
}

/** Without what concerns the reader's own options and output, which shows times in whole pictures. */
const complaints = (stderr: string): string =>
  stderr
    .split('\n')
    .filter((line) => !/vsync|^\[null|Last message repeated/.test(line))
    .join('\n');
