import { parseArgs } from 'node:util';
import type { VideoCodec } from '../../../mixer/protocol/control.ts';

export interface FanoutOptions {
  /** Ascending. */
  viewers: number[];
  /** Measured seconds of each point, after it has settled. */
  seconds: number;
  codec: VideoCodec;
  /** Threads that send; undefined: as many as the server takes by itself. */
  workers: number | undefined;
  /** Where the report goes; undefined: where reports are kept. */
  output: string | undefined;
}

export const usage = `npm run bench -- fanout [--viewers 10,50,100,200] [--seconds 20] [--codec vp8|h264]
  [--workers number] [--output file]`;

const codecs: readonly VideoCodec[] = ['vp8', 'h264'];

/** @throws Error naming the option, what was given and what is allowed */
export function parseFanoutOptions(argv: string[]): FanoutOptions {
  const { values } = parseArgs({
    args: argv,
    options: {
      viewers: { type: 'string', default: '10,50,100,200' },
      seconds: { type: 'string', default: '20' },
      codec: { type: 'string', default: 'vp8' },
      workers: { type: 'string' },
      output: { type: 'string' },
    },
  });
  const viewers = values.viewers.split(',').map((each) => whole('viewers', each, 1, 1_000));
  return {
    viewers: [...new Set(viewers)].sort((a, b) => a - b),
    seconds: whole('seconds', values.seconds, 2, 3_600),
    codec: oneOf('codec', values.codec, codecs),
    workers: values.workers === undefined ? undefined : whole('workers', values.workers, 0, 256),
    output: values.output,
  };
}

function whole(name: string, given: string, lowest: number, highest: number): number {
  const value = Number(given);
  if (given.trim() !== '' && Number.isInteger(value) && value >= lowest && value <= highest) return value;
  throw new Error(`--${name} is "${given}": whole numbers from ${lowest} to ${highest} are allowed`);
}

function oneOf<T extends string>(name: string, given: string, allowed: readonly T[]): T {
  const found = allowed.find((each) => each === given);
  if (found !== undefined) return found;
  throw new Error(`--${name} is "${given}": ${allowed.join(', ')} are allowed`);
}
