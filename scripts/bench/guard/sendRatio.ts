import { join } from 'node:path';
import type { LoadClips } from '../clips/loadClips.ts';
import { openStage, type Stage } from '../compare/stage.ts';
import { CalledProcess } from '../load/calls.ts';
import { PublisherProcess, ViewerProcess } from '../load/generator.ts';
import { TreeSpan } from '../machine/tree.ts';
import { sleep } from '../runs/run.ts';
import { ServerProcess } from '../server/serverProcess.ts';
import type { PlainCalls } from './plainSend.ts';

export interface SendFigures {
  /** Processor µs of the whole server for each further packet to a viewer. */
  serverUs: number;
  /** Processor µs of AES-GCM and a send for each packet, before and after. */
  plainUs: [number, number];
  /** `serverUs` over the mean of `plainUs`. */
  ratio: number;
}

const SPEAKERS = 2;
/** Far apart: between few and many the rest of the server scatters by some hundredths of a core. */
const VIEWERS = [2, 30] as const;
const SETTLE_S = 2;

/**
 * A real server forwards to few, then to many; the plain loop sends as many packets before and after.
 * @throws Error when more viewers cost nothing
 */
export async function measureSend(main: string, clips: LoadClips, seconds: number): Promise<SendFigures> {
  const before = await plainUs(seconds);
  const serverUs = await serverPacketUs(main, clips, seconds);
  const after = await plainUs(seconds);
  return { serverUs, plainUs: [before, after], ratio: serverUs / ((before + after) / 2) };
}

async function plainUs(seconds: number): Promise<number> {
  const program = join(import.meta.dirname, 'plainSend.js');
  const sink = new CalledProcess<PlainCalls>(program);
  const sender = new CalledProcess<PlainCalls>(program, [], ['--max-semi-space-size=1']);
  try {
    const ports = await sink.call('sink', VIEWERS[1]);
    // As many as the server sends with all its viewers.
    const packetsPerSecond = SPEAKERS * 215 * VIEWERS[1];
    // Compilers have compiled by then.
    await sender.call('send', { ports, packetsPerSecond, seconds: 1 });
    return await sender.call('send', { ports, packetsPerSecond, seconds });
  } finally {
    await Promise.all([sender.close(), sink.close()]);
  }
}

async function serverPacketUs(main: string, clips: LoadClips, seconds: number): Promise<number> {
  const publishers = new PublisherProcess();
  const viewers = new ViewerProcess();
  let server: ServerProcess | undefined;
  try {
    server = await ServerProcess.start({ main, settings: { ROSTRUM_MIXER_SPARE: 'off' } });
    const order = { mode: 'sfu', speakers: SPEAKERS, codec: 'vp8' } as const;
    const stage = await openStage(server.api, publishers, clips, order);
    const steps: Step[] = [];
    for (const count of VIEWERS) {
      await watch(server, viewers, stage, count - (steps.length === 0 ? 0 : VIEWERS[0]));
      await sleep(SETTLE_S);
      steps.push(await measureStep(server, viewers, seconds));
    }
    const [few, many] = steps as [Step, Step];
    return slopeUs(few, many);
  } finally {
    await viewers.close();
    await publishers.close();
    await server?.close();
  }
}

/** What each further packet takes. @throws Error when scatter hides it */
export function slopeUs(few: Step, many: Step): number {
  const us = ((many.cores - few.cores) / (many.packetsPerSecond - few.packetsPerSecond)) * 1e6;
  if (us > 0 && Number.isFinite(us)) return us;
  throw new Error(`a further packet seemed to take ${us.toFixed(1)} µs: the machine is too busy`);
}

interface Step {
  cores: number;
  packetsPerSecond: number;
}

async function measureStep(server: ServerProcess, viewers: ViewerProcess, seconds: number): Promise<Step> {
  await viewers.call('begin', undefined);
  const span = new TreeSpan(server.pid);
  await sleep(seconds);
  const { cores } = span.end();
  const { packets, seconds: countedS } = await viewers.call('end', undefined);
  return { cores, packetsPerSecond: packets / countedS };
}

/** So many more come and are sent every speaker. */
async function watch(
  { api }: ServerProcess,
  viewers: ViewerProcess,
  { room, pairs }: Stage,
  further: number,
): Promise<void> {
  for (let viewer = 0; viewer < further; viewer++) {
    const token = await api.token(room, 'viewer', 'Viewer');
    await viewers.call('watch', { endpoint: api.whep(room), token, pairs, codecs: ['vp8'] });
  }
}
