import { join } from 'node:path';
import { CalledProcess } from '../../load/calls.ts';
import type { ClipFiles } from '../../load/clip.ts';
import { CpuSpan } from '../../machine/cpuSpan.ts';
import { sleep } from '../../runs/run.ts';
import { JanusProcess } from './janusProcess.ts';
import type { JanusCalls } from './peers.ts';

export interface JanusRun {
  /** Processor µs for each further packet sent to a viewer: the slope between few and many viewers. */
  packetUs: number;
  steps: { viewers: number; cpu: number; packetsPerSecond: number; picturesPerStream: number }[];
}

export interface JanusJob {
  folder: string;
  plugin: 'videoroom' | 'streaming';
  files: ClipFiles[];
  /** Few and many. */
  viewers: readonly [number, number];
  /** Measured with each, s. */
  seconds: number;
  eventLoops?: number;
}

/** Until joins are over and the first key frames are gone. */
const SETTLE_S = 2;
/** For peers of any Janus that is measured. */
export const MEDIA_PORTS = '30000-31999';

/** Viewers of a Janus video room or mountpoint. @throws Error when Janus or a peer does not work */
export async function runJanus(job: JanusJob): Promise<JanusRun> {
  const { folder, plugin, files, viewers, seconds, eventLoops } = job;
  const janus = await JanusProcess.start({ folder, plugin, mediaPorts: MEDIA_PORTS, eventLoops });
  const peers = new CalledProcess<JanusCalls>(join(import.meta.dirname, 'peers.js'));
  try {
    await peers.call('stage', { url: janus.url, plugin, files });
    const steps: JanusRun['steps'] = [];
    for (const count of viewers) {
      await peers.call('watch', count);
      await sleep(SETTLE_S);
      await peers.call('begin', undefined);
      const span = new CpuSpan(janus.pid);
      await sleep(seconds);
      const { cpuS, seconds: spanS } = span.end();
      const { packets, pictures, seconds: countedS } = await peers.call('end', undefined);
      if (janus.ended) throw new Error('Janus ended while it was measured');
      steps.push({
        viewers: count,
        cpu: cpuS / spanS,
        packetsPerSecond: packets / countedS,
        picturesPerStream: pictures / countedS / count / files.length,
      });
    }
    const [few, many] = steps as [JanusRun['steps'][0], JanusRun['steps'][0]];
    const packetUs = ((many.cpu - few.cpu) / (many.packetsPerSecond - few.packetsPerSecond)) * 1e6;
    return { packetUs, steps };
  } finally {
    await peers.close();
    await janus.close();
  }
}
