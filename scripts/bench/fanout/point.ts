import { quantilesOf } from '../compare/quantiles.ts';
import { sleep } from '../compare/sleep.ts';
import type { Stage } from '../compare/stage.ts';
import type { PublisherProcess } from '../load/generator.ts';
import type { ViewerFigures } from '../load/viewers.ts';
import { type MachineTimes, machineTimes } from '../machine/cpu.ts';
import { TreeSpan, type TreeUse } from '../machine/tree.ts';
import type { ServerProcess } from '../server/serverProcess.ts';
import type { Crowd } from './crowd.ts';
import { lagsBetween, ticksBetween } from './lag.ts';
import { processMemoryBytes } from './memory.ts';
import type { FanoutPoint } from './result.ts';
import { Scrape } from './scrape.ts';
import { faultsOf } from './verdict.ts';

/** Sockets are connected once they have settled; code is compiled; the mixer has its rate. */
const SETTLE_MS = 6_000;
/** Packets are counted by the server once a second. */
const COUNTED_MS = 1_100;

export interface Scene {
  server: ServerProcess;
  publishers: PublisherProcess;
  crowd: Crowd;
  stage: Stage;
}

/** What joining took, before it is known what sending takes. */
export interface Joining {
  joined: number;
  seconds: number;
  cpuS: number;
  packets: number;
}

/** Lets viewers in until there are so many, then measures for so long. */
export async function measurePoint(
  scene: Scene,
  viewers: number,
  seconds: number,
  signal: AbortSignal,
): Promise<{ point: FanoutPoint; joining: Joining }> {
  const { joins, joining } = await letIn(scene, viewers, signal);
  await sleep(SETTLE_MS, signal);
  const span = await Span.begin(scene);
  await sleep(seconds * 1_000, signal);
  return { point: await span.end(viewers, joins), joining };
}

async function letIn(
  { server, crowd, stage }: Scene,
  viewers: number,
  signal: AbortSignal,
): Promise<{ joins: number[]; joining: Joining }> {
  await crowd.invite(server.api, stage, viewers);
  const before = await Scrape.of(server.url);
  const use = new TreeSpan(server.pid);
  const joins = await crowd.grow(server.api, stage);
  await sleep(COUNTED_MS, signal);
  const took = use.end();
  const packets = sentIn(await Scrape.of(server.url)) - sentIn(before);
  const cpuS = coresOf(took, server.pid).server * took.seconds;
  return { joins, joining: { joined: joins.length, seconds: took.seconds, cpuS, packets } };
}

class Span {
  readonly #scene: Scene;
  readonly #before: Scrape;
  readonly #use: TreeSpan;
  readonly #machine: MachineTimes = machineTimes();
  readonly #own = process.cpuUsage();

  static async begin(scene: Scene): Promise<Span> {
    await scene.crowd.begin();
    await scene.publishers.call('begin', undefined);
    return new Span(scene, await Scrape.of(scene.server.url));
  }

  private constructor(scene: Scene, before: Scrape) {
    this.#scene = scene;
    this.#before = before;
    this.#use = new TreeSpan(scene.server.pid);
  }

  async end(viewers: number, joins: number[]): Promise<FanoutPoint> {
    const { server, crowd, publishers } = this.#scene;
    const use = this.#use.end();
    const after = await Scrape.of(server.url);
    const machine = machineTimes();
    const heard = await crowd.end();
    const spoken = await publishers.call('end', undefined);
    const cores = coresOf(use, server.pid);
    const packets = sentIn(after) - sentIn(this.#before);
    const busy = this.#busy(machine, use, heard, spoken.cpu);
    const sum = (of: (figures: ViewerFigures) => number) => heard.reduce((all, each) => all + of(each), 0);
    const received = sum((each) => each.packets);
    const point = {
      viewers,
      seconds: use.seconds,
      serverCpu: cores.server,
      mixerCpu: cores.mixers,
      packetsPerSecond: packets / use.seconds,
      cpuPerPacketUs: (cores.server * use.seconds * 1e6) / packets,
      downlinkBps: (sum((each) => each.bytes) * 8) / heard[0]!.seconds / viewers,
      joinMs: quantilesOf(joins),
      joinCpuMs: null,
      lossFraction: sum((each) => each.lost) / Math.max(1, received + sum((each) => each.lost)),
      freezes: sum((each) => each.freezes),
      picturesPerSecond: sum((each) => each.pictures) / heard[0]!.seconds / viewers,
      lagP99Ms: lagsOf(lagsBetween(this.#before, after)),
      mixerLateP99Ms: ticksBetween(this.#before, after),
      memoryBytes: processMemoryBytes(server.pid),
      generator: {
        cpu: [spoken.cpu, ...heard.map(({ cpu }) => cpu)],
        lagMs: Math.max(spoken.lagMs, ...heard.map(({ lagMs }) => lagMs)),
      },
      ...busy,
    };
    return { ...point, why: faultsOf(point) };
  }

  #busy(now: MachineTimes, use: TreeUse, heard: ViewerFigures[], publishers: number) {
    const totalS = now.totalS - this.#machine.totalS;
    const busyS = totalS - (now.idleS - this.#machine.idleS);
    const own = process.cpuUsage(this.#own);
    const load = publishers + heard.reduce((all, { cpu }) => all + cpu, 0);
    const knownS = (use.cores + load) * use.seconds + (own.user + own.system) / 1e6;
    return { machineBusy: busyS / totalS, othersBusy: Math.max(0, busyS - knownS) / totalS };
  }
}

function lagsOf(lags: ReadonlyMap<string, number>): FanoutPoint['lagP99Ms'] {
  const { main = 0, ...threads } = Object.fromEntries(lags);
  return { main, threads: Object.values(threads) };
}

/** All threads of the server's process are the server; what is below it are mixers. */
function coresOf({ threads, cores }: TreeUse, pid: number): { server: number; mixers: number } {
  let server = 0;
  for (const thread of threads.values()) if (thread.pid === pid) server += thread.cores;
  return { server, mixers: cores - server };
}

const sentIn = (scrape: Scrape): number => scrape.sum('rostrum_packets_sent_total');
