import { join } from 'node:path';
import { makeClips } from '../clips/makeClips.ts';
import type { BenchReference, MeshPoint } from '../compare/result.ts';
import { attempt, type ReferenceJob } from './job.ts';
import { missingChromium } from './mesh/browser.ts';
import { measureCalls, meshPoints } from './mesh/meshRun.ts';

/** A call without a server cannot have small tiles as a courtesy of the server: this is what it would send. */
const picture = { width: 640, height: 360, fps: 30, kbps: 600 };
const MEASURED = [2, 3];
const COMPUTED = [4, 6, 8];

/** Peer to peer, between pages of one Chromium. */
export async function meshReference(
  job: ReferenceJob,
  folder: string,
): Promise<{ reference: BenchReference; mesh: MeshPoint[] }> {
  let mesh: MeshPoint[] = [];
  const text = `calls of ${MEASURED.join(' and ')} without a server, ${picture.width}×${picture.height} at ${picture.kbps} kbit/s`;
  const reference = await attempt('mesh', text, async () => {
    const missing = missingChromium();
    if (missing) throw new Error(missing);
    job.say('a mesh between browsers');
    const clips = await makeClips(job.ffmpeg.path, join(job.root, 'node_modules/.cache/rostrum'), job.say);
    const calls = await measureCalls({
      ffmpeg: job.ffmpeg.path,
      film: clips.loopable(0, 'vp8'),
      page: join(job.root, 'scripts/bench/references/mesh/page.html'),
      folder,
      picture,
      clients: MEASURED,
      seconds: job.seconds,
    });
    mesh = meshPoints(calls, COMPUTED);
    return { seconds: job.seconds };
  });
  return { reference, mesh };
}
