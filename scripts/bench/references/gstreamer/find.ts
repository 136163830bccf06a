import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { VideoCodec } from '../../../../mixer/protocol/control.ts';

const run = promisify(execFile);

export const launchProgram = 'gst-launch-1.0';
const inspectProgram = 'gst-inspect-1.0';

const common = ['compositor', 'audiomixer', 'clocksync', 'matroskademux', 'oggdemux', 'opusdec', 'opusenc'];
const elements: Record<VideoCodec, string[]> = {
  vp8: [...common, 'vp8dec', 'vp8enc', 'avmux_ivf'],
  h264: [...common, 'h264parse', 'avdec_h264', 'x264enc'],
};

export type Found = { version: string; missing?: undefined } | { version?: undefined; missing: string };

/** GStreamer's version, or in one sentence what is missing and how to get it. */
export async function findGstreamer(codec: VideoCodec): Promise<Found> {
  const output = await run(launchProgram, ['--version']).catch(() => undefined);
  if (!output) return { missing: `no ${launchProgram}: apt-get install gstreamer1.0-tools` };
  const version = /version (\S+)/.exec(output.stdout)?.[1] ?? 'unknown';
  for (const element of elements[codec]) {
    const isThere = await run(inspectProgram, ['--exists', element]).then(
      () => true,
      () => false,
    );
    if (!isThere) {
      const packages = 'gstreamer1.0-plugins-base, -good, -bad, -ugly and gstreamer1.0-libav';
      return { missing: `GStreamer has no ${element}: apt-get install ${packages}` };
    }
  }
  return { version };
}
