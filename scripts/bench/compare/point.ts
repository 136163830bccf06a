import type { PublisherProcess } from '../load/generator.ts';
import type { PublisherFigures } from '../load/publishers.ts';
import { machineTimes, treeCpuS } from '../machine/cpu.ts';
import { TreeSpan, treeMemoryBytes } from '../machine/tree.ts';
import type { TreeProfiler } from '../profile/profiler.ts';
import type { ServerProcess } from '../server/serverProcess.ts';
import type { Audience, AudienceFigures } from './audience.ts';
import { cpuOf, partsOf } from './cpu.ts';
import type { Series } from './grid.ts';
import { quantilesOf } from './quantiles.ts';
import type { BenchPoint, CpuUse } from './result.ts';
import { sleep } from './sleep.ts';
import type { Stage } from './stage.ts';
import { faultsOf } from './verdict.ts';

/** Compilers have compiled and encoders have found their rate. */
const WARM_UP_MS = 1_500;
const PROFILED_MS = 1_200;

/** Everything that is there for the whole run. */
export interface Bench {
  server: ServerProcess;
  publishers: PublisherProcess;
  audience: Audience;
  profiler: TreeProfiler;
  /** When the run began, ms of `performance.now()`. */
  beganMs: number;
  seconds: number;
  /** Ends every wait. */
  signal: AbortSignal;
}

/** Viewers come, are counted for a while, and leave. */
export async function measurePoint(
  bench: Bench,
  stage: Stage,
  series: Series,
  viewers: number,
): Promise<BenchPoint> {
  const { server, audience, publishers, signal } = bench;
  try {
    const joinsMs = await audience.join(server.api, stage, viewers);
    await sleep(WARM_UP_MS, signal);
    await Promise.all([audience.begin(), publishers.call('begin', undefined)]);
    const machine = new MachineSpan();
    const span = new TreeSpan(server.pid);
    const startedS = (performance.now() - bench.beganMs) / 1000;
    await sleep(bench.seconds * 1000, signal);
    const use = span.end();
    const [heard, sent] = await Promise.all([audience.end(), publishers.call('end', undefined)]);
    const busy = machine.end();
    const memoryBytes = treeMemoryBytes(server.pid);
    // The first repetition shows where the time goes, and the others how well the total repeats.
    const cpu = cpuOf(use, server.pid);
    if (series.repetition === 1) await addParts(bench, cpu, use);
    const { mode, speakers, repetition } = series;
    const measured = {
      ...{ mode, speakers, viewers, repetition, startedS, seconds: use.seconds, cpu, memoryBytes },
      ...trafficOf(heard, sent, viewers),
      joinMs: quantilesOf(joinsMs),
      glassMs: quantilesOf(heard.agesMs),
      clientDecodeCpu: null,
      generatorCpu: { publishers: sent.cpu, viewers: heard.cpu },
      generatorLagMs: { publishers: sent.lagMs, viewers: heard.lagMs },
      ...busy,
    };
    const why = faultsOf(measured);
    return { ...measured, valid: why.length === 0, why };
  } finally {
    await audience.leave();
  }
}

/** A profile costs a little by itself, so the total is not taken while it is made. */
async function addParts(bench: Bench, cpu: CpuUse, use: ReturnType<TreeSpan['end']>): Promise<void> {
  const span = new TreeSpan(bench.server.pid);
  bench.profiler.begin();
  await sleep(PROFILED_MS, bench.signal);
  const profiled = span.end();
  cpu.parts = partsOf(use, await bench.profiler.end());
  cpu.profiledTotal = profiled.cores;
}

function trafficOf(heard: AudienceFigures, sent: PublisherFigures, viewers: number) {
  const { seconds } = heard;
  return {
    uplinkBps: (sent.bytes * 8) / sent.seconds / sent.publishers,
    downlinkBps: (heard.bytes * 8) / seconds / viewers,
    packetsPerSecond: heard.packets / seconds,
    receivedPacketsPerSecond: sent.packets / sent.seconds,
    lossFraction: heard.lost / Math.max(1, heard.packets + heard.lost),
    picturesPerSecond: heard.pictures / seconds / Math.max(1, heard.videoStreams),
    freezesPerMinute: (heard.freezes / viewers / seconds) * 60,
  };
}

/** How busy the machine was, and with what that is not ours. */
class MachineSpan {
  readonly #start = machineTimes();
  readonly #ownS = treeCpuS(process.pid);

  end(): { machineBusy: number; othersBusy: number } {
    const { totalS, idleS } = machineTimes();
    const total = Math.max(0.01, totalS - this.#start.totalS);
    const busyS = total - (idleS - this.#start.idleS);
    const othersS = Math.max(0, busyS - (treeCpuS(process.pid) - this.#ownS));
    return { machineBusy: busyS / total, othersBusy: othersS / total };
  }
}
