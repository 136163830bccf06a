import { join } from 'node:path';
import { CalledProcess } from '../../load/calls.ts';
import { within } from '../../load/within.ts';
import { CpuSpan } from '../../machine/cpuSpan.ts';
import { sleep } from '../../runs/run.ts';
import { WARM_UP_S } from '../job.ts';
import type { SoundCalls, VenueOrder } from './soundPeers.ts';

export interface SoundJob {
  venue: VenueOrder;
  /** Root of the tree of processes that is measured. */
  pid: number;
  /** One Ogg Opus file for each speaker, of speakers 0, 1, … of the load. */
  sounds: string[];
  /** Few and many. */
  listeners: readonly [number, number];
  /** Measured with each, s. */
  seconds: number;
  /** What somebody enters with. */
  token(role: 'panelist' | 'viewer', name: string): Promise<string>;
}

export interface SoundRun {
  /** Cores with many listeners. */
  cpu: number;
  /** Of it for each further one; null when scatter hides it. */
  furtherCpu: number | null;
  /** What one person hears, with headers and tags. */
  kbps: number;
}

const SETTLE_S = 2;
const PACKETS_PER_S = 50;
/** What waited somewhere when a short span began or ended. */
const PACKETS_SHARE = 0.1;
/** Four tones alike are −6 dB each; less where packets came late; nobody's is below −50. */
const HEARD_DB = -25;
const HEAR_MS = 5_000;

/**
 * Speakers who hear each other and listeners who hear them all, with sound alone.
 * @throws Error when somebody cannot take part, or does not hear everybody all the time
 */
export async function measureSound(job: SoundJob): Promise<SoundRun> {
  const peers = new CalledProcess<SoundCalls>(join(import.meta.dirname, 'soundPeers.js'));
  try {
    await peers.call('meet', job.venue);
    for (const [at, sound] of job.sounds.entries()) {
      await peers.call('speak', { sound, token: await job.token('panelist', `Speaker ${at + 1}`) });
    }
    const [few, many] = job.listeners;
    await sleep(WARM_UP_S);
    const first = await step(job, peers, 0, few);
    const last = await step(job, peers, few, many);
    const furtherCpu = (last.cpu - first.cpu) / (many - few);
    return { ...last, furtherCpu: furtherCpu > 0 ? furtherCpu : null };
  } finally {
    await peers.close();
  }
}

/** Lets listeners come, from so many to so many, and measures. */
async function step(
  job: SoundJob,
  peers: CalledProcess<SoundCalls>,
  from: number,
  to: number,
): Promise<{ cpu: number; kbps: number }> {
  for (let at = from; at < to; at++) {
    await peers.call('listen', await job.token('viewer', `Listener ${at + 1}`));
  }
  await sleep(SETTLE_S);
  await peers.call('begin', undefined);
  const span = new CpuSpan(job.pid);
  await sleep(job.seconds);
  const { cpuS, seconds: spanS } = span.end();
  const { packets, bytes, seconds } = await peers.call('end', undefined);
  for (const count of [packets[0]!, packets.at(-1)!]) checkRate(count / seconds);
  await checkMix(job, peers);
  return { cpu: cpuS / spanS, kbps: (bytes * 8) / 1000 / seconds / packets.length };
}

function checkRate(perSecond: number): void {
  if (perSecond === 0) throw new Error('somebody heard nothing');
  if (Math.abs(perSecond / PACKETS_PER_S - 1) <= PACKETS_SHARE) return;
  const heard = `somebody heard ${perSecond.toFixed(1)} packets/s instead of ${PACKETS_PER_S}`;
  throw new Error(`${heard}: the machine was too busy to compare`);
}

async function checkMix({ sounds }: SoundJob, peers: CalledProcess<SoundCalls>): Promise<void> {
  const heard = await within(HEAR_MS, peers.call('hear', sounds.length), 'a listener heard nothing');
  const missing = heard.findIndex((db) => !(db > HEARD_DB));
  if (missing >= 0) throw new Error(`speaker ${missing + 1} is not in the mix`);
}
