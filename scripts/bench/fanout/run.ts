import { join } from 'node:path';
import { LoadClips } from '../clips/loadClips.ts';
import { openStage } from '../compare/stage.ts';
import { PublisherProcess } from '../load/generator.ts';
import { ServerProcess } from '../server/serverProcess.ts';
import { Crowd } from './crowd.ts';
import { cpuLine, joinCpuMs, memoryLine, slopeUs } from './law.ts';
import type { FanoutOptions } from './options.ts';
import { type Joining, measurePoint, type Scene } from './point.ts';
import type { FanoutPoint, FanoutResult } from './result.ts';

export interface FanoutParts {
  /** Path of the built server. */
  main: string;
  /** Where clips are kept. */
  cache: string;
  ffmpeg: string;
  say(line: string): void;
  signal: AbortSignal;
}

type Measured = Pick<FanoutResult, 'points' | 'cpu' | 'slope10To100Us' | 'memory' | 'ended'>;

/** One room, one speaker, more and more viewers. What was measured is returned also when it ends early. */
export async function runFanout(options: FanoutOptions, parts: FanoutParts): Promise<Measured> {
  const points: FanoutPoint[] = [];
  const joinings: Joining[] = [];
  let ended: string | null = null;
  const clips = new LoadClips(parts.ffmpeg, parts.cache, options.codec);
  await clips.make(1, parts.say);
  const { workers } = options;
  const settings: Record<string, string> = workers === undefined ? {} : { ROSTRUM_WORKERS: String(workers) };
  const server = await ServerProcess.start({ main: parts.main, settings });
  const publishers = new PublisherProcess();
  const crowd = new Crowd();
  try {
    const crash = server.crashed.then((how) => Promise.reject(new Error(how)));
    crash.catch(() => {});
    const order = { mode: 'mcu', speakers: 1, codec: options.codec } as const;
    const stage = await openStage(server.api, publishers, clips, order);
    const scene: Scene = { server, publishers, crowd, stage };
    for (const viewers of options.viewers) {
      const measuring = measurePoint(scene, viewers, options.seconds, parts.signal);
      const { point, joining } = await Promise.race([measuring, crash]);
      points.push(point);
      joinings.push(joining);
      parts.say(
        `${viewers} viewers: ${point.serverCpu.toFixed(3)} core for ${point.packetsPerSecond.toFixed(0)} packets/s`,
      );
    }
  } catch (error) {
    ended = (error as Error).message;
  } finally {
    await Promise.all([crowd.close(), publishers.close()]);
    await server.close();
  }
  const cpu = cpuLine(points);
  for (const [i, point] of points.entries()) point.joinCpuMs = joinCpuMs(joinings[i]!, cpu);
  return { points, cpu, slope10To100Us: slopeUs(points, 10, 100), memory: memoryLine(points), ended };
}

/** The project's folder, from dist/scripts/bench/fanout/. */
export const projectFolder = join(import.meta.dirname, '../../../..');
