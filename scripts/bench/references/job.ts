import type { VideoCodec } from '../../../mixer/protocol/control.ts';
import type { BenchPoint, BenchReference } from '../compare/result.ts';
import type { NativeFfmpeg } from '../machine/ffmpeg.ts';

/** What the references are measured with: the same machine, clips and codec as the rest of the run. */
export interface ReferenceJob {
  /** The project's folder. */
  root: string;
  codec: VideoCodec;
  /** Measured span of each program, s. */
  seconds: number;
  ffmpeg: NativeFfmpeg;
  /** What Rostrum took in the same run: forwarding is compared with it. */
  points: readonly BenchPoint[];
  /** A line for who waits. */
  say(line: string): void;
  /** Ends between two programs, with what is done. */
  signal?: AbortSignal;
}

/** Before a program is measured, s. */
export const WARM_UP_S = 4;

/** One reference, or the sentence why it is not there. A reference that breaks never breaks the run. */
export async function attempt(
  name: string,
  job: string,
  measure: () => Promise<Partial<BenchReference>>,
): Promise<BenchReference> {
  const empty = { version: null, cpu: null, packetUs: null, ours: null, seconds: 0 };
  try {
    return { name, job, skipped: null, ...empty, ...(await measure()) };
  } catch (error) {
    return { name, job, skipped: (error as Error).message.split('\n', 1)[0]!, ...empty };
  }
}
