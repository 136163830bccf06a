import { join } from 'node:path';
import { LoadClips } from '../clips/loadClips.ts';
import type { BenchPoint, BenchReference } from '../compare/result.ts';
import { fitLine } from '../report/fit/line.ts';
import { findJanus } from './janus/janusProcess.ts';
import { runJanus } from './janus/janusRun.ts';
import { attempt, type ReferenceJob } from './job.ts';

const SPEAKERS = 4;
const VIEWERS = [2, 12] as const;

/** Janus' video room as shipped, with a thread for each peer, and with one thread for all. */
export async function forwardingReferences(job: ReferenceJob, folder: string): Promise<BenchReference[]> {
  const text = `${SPEAKERS} speakers at 720p forwarded, CPU per further packet from ${VIEWERS[0]} to ${VIEWERS[1]} viewers`;
  const ours = packetUs(job.points, SPEAKERS);
  const run = (name: string, kind: string, eventLoops?: number) =>
    attempt(name, `${text}, ${kind}`, async () => {
      const version = await findJanus();
      if (version === undefined) throw new Error('no janus: apt-get install janus');
      job.say(`Janus, ${kind}`);
      const clips = new LoadClips(job.ffmpeg.path, join(job.root, 'node_modules/.cache/rostrum'), job.codec);
      await clips.make(SPEAKERS, job.say);
      const files = Array.from({ length: SPEAKERS }, (_, speaker) => clips.files(speaker, 'full'));
      const { seconds } = job;
      const { packetUs: theirs } = await runJanus({
        folder: join(folder, name),
        files,
        viewers: VIEWERS,
        seconds,
        eventLoops,
      });
      return { version, packetUs: theirs, ours, seconds };
    });
  return [
    await run('janus-videoroom', 'as shipped'),
    await run('janus-videoroom-one-loop', 'event_loops = 1', 1),
  ];
}

/**
 * What Rostrum takes for each further packet sent, µs: the slope of the server's CPU over packets, with so
 * many speakers.
 * @returns null when forwarding was not measured with two numbers of viewers
 */
export function packetUs(points: readonly BenchPoint[], speakers: number): number | null {
  const measured = points.filter(
    (point) => point.valid && point.mode === 'sfu' && point.speakers === speakers,
  );
  const line = fitLine(measured.map((point) => ({ x: point.packetsPerSecond, y: point.cpu.total })));
  return line ? line.slope * 1e6 : null;
}
