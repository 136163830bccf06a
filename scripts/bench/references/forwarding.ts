import { join } from 'node:path';
import { LoadClips } from '../clips/loadClips.ts';
import type { BenchPoint, BenchReference } from '../compare/result.ts';
import { fitLine } from '../report/fit/line.ts';
import { findJanus } from './janus/janusProcess.ts';
import { runJanus } from './janus/janusRun.ts';
import { attempt, type ReferenceJob } from './job.ts';

const SPEAKERS = 4;

interface ForwardingJob {
  name: string;
  plugin: 'videoroom' | 'streaming';
  /** Clips that are sent in. */
  clips: number;
  /** Few and many: about as many packets as the load can count. */
  viewers: readonly [number, number];
  what: string;
}

const jobs: readonly ForwardingJob[] = [
  {
    name: 'janus-videoroom',
    plugin: 'videoroom',
    clips: SPEAKERS,
    viewers: [2, 12],
    what: `${SPEAKERS} speakers at 720p forwarded`,
  },
  {
    name: 'janus-streaming',
    plugin: 'streaming',
    clips: 1,
    viewers: [6, 36],
    what: 'one program of 720p, fed by RTP',
  },
];

/** Janus' video room and a mountpoint, as shipped, with a thread for each peer, and with one thread for all. */
export async function forwardingReferences(job: ReferenceJob, folder: string): Promise<BenchReference[]> {
  const measured: BenchReference[] = [];
  for (const each of jobs) {
    const ours = each.plugin === 'videoroom' ? packetUs(job.points, SPEAKERS) : programPacketUs(job.points);
    const run = (ending: string, kind: string, eventLoops?: number) =>
      measureOne(job, each, { folder: join(folder, each.name + ending), ending, kind, eventLoops, ours });
    if (!job.signal?.aborted) measured.push(await run('', 'as shipped'));
    if (!job.signal?.aborted) measured.push(await run('-one-loop', 'event_loops = 1', 1));
  }
  return measured;
}

interface Kind {
  folder: string;
  ending: string;
  kind: string;
  eventLoops: number | undefined;
  ours: number | null;
}

function measureOne(
  job: ReferenceJob,
  { name, plugin, clips: count, viewers, what }: ForwardingJob,
  { folder, ending, kind, eventLoops, ours }: Kind,
): Promise<BenchReference> {
  const text = `${what}, CPU per further packet from ${viewers[0]} to ${viewers[1]} viewers, ${kind}`;
  return attempt(`${name}${ending}`, text, async () => {
    const version = await findJanus();
    if (version === undefined) throw new Error('no janus: apt-get install janus');
    job.say(`Janus, ${plugin}, ${kind}`);
    const clips = new LoadClips(job.ffmpeg.path, join(job.root, 'node_modules/.cache/rostrum'), job.codec);
    await clips.make(count, job.say);
    const files = Array.from({ length: count }, (_, speaker) => clips.files(speaker, 'full'));
    const { seconds } = job;
    const { packetUs: theirs } = await runJanus({ folder, plugin, files, viewers, seconds, eventLoops });
    return { version, packetUs: theirs, ours, seconds };
  });
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
  return slopeUs(measured.map((point) => ({ x: point.packetsPerSecond, y: point.cpu.total })));
}

/**
 * What Rostrum takes for each further packet of a program, µs: the server without its mixers, as a mountpoint
 * has its encoder elsewhere.
 * @returns null when mixing was not measured with two numbers of viewers
 */
export function programPacketUs(points: readonly BenchPoint[]): number | null {
  const mixing = points.filter((point) => point.valid && point.mode === 'mcu');
  const speakers = mixing.some((point) => point.speakers === SPEAKERS)
    ? SPEAKERS
    : Math.max(...mixing.map((point) => point.speakers));
  const measured = mixing.filter((point) => point.speakers === speakers);
  return slopeUs(measured.map((point) => ({ x: point.packetsPerSecond, y: point.cpu.withoutMixers })));
}

/** Scatter may hide a small slope: what is not more than nothing is not known. */
function slopeUs(at: { x: number; y: number }[]): number | null {
  const line = fitLine(at);
  return line && line.slope > 0 ? line.slope * 1e6 : null;
}
