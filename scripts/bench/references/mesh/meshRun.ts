import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import type { MeshPoint } from '../../compare/result.ts';
import { CpuSpan } from '../../machine/cpuSpan.ts';
import { runFfmpeg } from '../../machine/ffmpeg.ts';
import { sleep } from '../../runs/run.ts';
import { MeshBrowser } from './browser.ts';

export interface MeshJob {
  ffmpeg: string;
  /** What every camera sees: any video. */
  film: string;
  page: string;
  folder: string;
  picture: { width: number; height: number; fps: number; kbps: number };
  /** Sizes of the call that are measured. */
  clients: readonly number[];
  /** Measured span of each, s. */
  seconds: number;
}

/** What one client of a measured call took. */
export interface MeasuredCall {
  clients: number;
  uplinkBps: number;
  downlinkBps: number;
  clientCpu: number;
  picturesPerSecond: number;
}

/** Until the senders' estimates have reached the rate they are allowed. */
const SETTLE_S = 8;
const FILM_S = 4;
/** Pictures a stream must bring, as a share of what its camera makes: below it the browser was starved. */
const FEWEST_PICTURES = 0.8;

/** Calls of several sizes between pages of one Chromium. @throws Error when a call does not come about */
export async function measureCalls(job: MeshJob): Promise<MeasuredCall[]> {
  const film = join(job.folder, 'camera.y4m');
  const { width, height, fps } = job.picture;
  const scaled = ['-vf', `scale=${width}:${height},fps=${fps}`, '-pix_fmt', 'yuv420p', '-t', `${FILM_S}`];
  await runFfmpeg(job.ffmpeg, ['-i', job.film, ...scaled, film]);
  try {
    const calls: MeasuredCall[] = [];
    for (const clients of job.clients) {
      const browser = await MeshBrowser.start(job.page, film);
      try {
        calls.push(await measureCall(browser, clients, job));
      } finally {
        await browser.close();
      }
    }
    return calls;
  } finally {
    await rm(film, { force: true });
  }
}

async function measureCall(browser: MeshBrowser, clients: number, job: MeshJob): Promise<MeasuredCall> {
  const pages: Page[] = [];
  for (let client = 0; client < clients; client++) {
    const page = await browser.open();
    await page.evaluate(`mesh.start(${JSON.stringify(job.picture)})`);
    for (const [other, earlier] of pages.entries()) {
      await connect(page, client, earlier, other, job.picture.kbps);
    }
    pages.push(page);
  }
  await sleep(SETTLE_S);
  const before = await countsOf(pages);
  const span = new CpuSpan(browser.pid);
  await sleep(job.seconds);
  const { cpuS, seconds } = span.end();
  const after = await countsOf(pages);
  const perSecond = (of: (counts: Counts) => number) => (of(after) - of(before)) / seconds;
  const call = {
    clients,
    uplinkBps: (perSecond(({ sentBytes }) => sentBytes) * 8) / clients,
    downlinkBps: (perSecond(({ receivedBytes }) => receivedBytes) * 8) / clients,
    clientCpu: cpuS / seconds / clients,
    picturesPerSecond: perSecond(({ decoded }) => decoded) / after.streams,
  };
  if (call.picturesPerSecond < FEWEST_PICTURES * job.picture.fps) {
    throw new Error(
      `a call of ${clients} brought ${call.picturesPerSecond.toFixed(1)} pictures/s: too much for this machine`,
    );
  }
  return call;
}

async function connect(
  one: Page,
  oneName: number,
  other: Page,
  otherName: number,
  kbps: number,
): Promise<void> {
  const offer = await one.evaluate(`mesh.offer(${otherName}, ${kbps})`);
  const answer = await other.evaluate(`mesh.answer(${oneName}, ${JSON.stringify(offer)}, ${kbps})`);
  await one.evaluate(`mesh.accept(${otherName}, ${JSON.stringify(answer)})`);
}

interface Counts {
  sentBytes: number;
  receivedBytes: number;
  decoded: number;
  streams: number;
}

/** Of all clients together. */
async function countsOf(pages: readonly Page[]): Promise<Counts> {
  const all = await Promise.all(pages.map((page) => page.evaluate('mesh.counts()') as Promise<Counts>));
  const sum = (of: (counts: Counts) => number) => all.reduce((total, each) => total + of(each), 0);
  return {
    sentBytes: sum(({ sentBytes }) => sentBytes),
    receivedBytes: sum(({ receivedBytes }) => receivedBytes),
    decoded: sum(({ decoded }) => decoded),
    streams: sum(({ streams }) => streams),
  };
}

/**
 * The measured calls, and larger ones computed from them: rates grow with the peers, and so does the CPU
 * beyond what a client takes by itself.
 * @param calls of at least two sizes
 */
export function meshPoints(calls: readonly MeasuredCall[], further: readonly number[]): MeshPoint[] {
  const [first, last] = [calls[0]!, calls.at(-1)!];
  const perPeerCpu = (last.clientCpu - first.clientCpu) / (last.clients - first.clients);
  const perPeer = (of: (call: MeasuredCall) => number) =>
    calls.reduce((sum, call) => sum + of(call) / (call.clients - 1), 0) / calls.length;
  const uplinkBps = perPeer((call) => call.uplinkBps);
  const downlinkBps = perPeer((call) => call.downlinkBps);
  return [
    ...calls.map((call) => ({
      clients: call.clients,
      measured: true,
      uplinkBps: call.uplinkBps,
      downlinkBps: call.downlinkBps,
      clientCpu: call.clientCpu,
      perPeerCpu,
    })),
    ...further.map((clients) => ({
      clients,
      measured: false,
      uplinkBps: uplinkBps * (clients - 1),
      downlinkBps: downlinkBps * (clients - 1),
      clientCpu: last.clientCpu + perPeerCpu * (clients - last.clients),
      perPeerCpu,
    })),
  ];
}
