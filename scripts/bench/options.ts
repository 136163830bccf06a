import { parseArgs } from 'node:util';
import type { VideoCodec } from '../../mixer/protocol/control.ts';
import { codecs } from './program.ts';

/** `full`: four speakers at 720p; `economy`: at 640×360; `still`: a slide and one speaker. */
export type MixVariant = 'full' | 'economy' | 'still';

export interface MixOptions {
  variant: MixVariant;
  /** Measured seconds of each run, after the warm-up. */
  seconds: number;
  warmUp: number;
  /** Runs of each side, alternating. */
  runs: number;
  codecs: readonly VideoCodec[];
  /** Where the report goes. */
  output: string | undefined;
}

export const usage = `npm run bench -- mix [--economy|--still] [--seconds 20] [--warm-up 30] [--runs 2] [--codec vp8|h264] [--output file]`;

/** @throws Error naming the option, what was given and what is allowed */
export function parseMixOptions(argv: string[]): MixOptions {
  const { values } = parseArgs({
    args: argv,
    options: {
      seconds: { type: 'string', default: '20' },
      'warm-up': { type: 'string', default: '30' },
      runs: { type: 'string', default: '2' },
      codec: { type: 'string' },
      output: { type: 'string' },
      economy: { type: 'boolean', default: false },
      still: { type: 'boolean', default: false },
    },
  });
  if (values.economy && values.still) throw new Error('--economy and --still are two runs: give one of them');
  return {
    variant: values.economy ? 'economy' : values.still ? 'still' : 'full',
    seconds: within('seconds', values.seconds, 2, 3600),
    warmUp: within('warm-up', values['warm-up'], 1, 600),
    runs: Math.round(within('runs', values.runs, 1, 20)),
    codecs: values.codec === undefined ? codecs : [codecNamed(values.codec)],
    output: values.output,
  };
}

/** @throws Error naming the option, what was given and what is allowed */
export function within(name: string, given: string, lowest: number, highest: number): number {
  const value = Number(given);
  if (value >= lowest && value <= highest) return value;
  throw new Error(`--${name} is "${given}": a number from ${lowest} to ${highest} is allowed`);
}

/** @throws Error naming what was given and what is allowed */
export function codecNamed(given: string): VideoCodec {
  const codec = codecs.find((each) => each === given);
  if (codec) return codec;
  throw new Error(`--codec is "${given}": ${codecs.join(' or ')} is allowed`);
}
