import { parseArgs } from 'node:util';
import type { VideoCodec } from '../../../mixer/protocol/control.ts';
import { codecNamed, within } from '../options.ts';
import { codecs } from '../program.ts';

export interface CrowdOptions {
  /** Measured seconds of each run, after the warm-up. */
  seconds: number;
  warmUp: number;
  codecs: readonly VideoCodec[];
  /** Where the report goes. */
  output: string | undefined;
}

export const usage = 'npm run bench -- crowd [--seconds 20] [--warm-up 8] [--codec vp8|h264] [--output file]';

/** @throws Error naming the option, what was given and what is allowed */
export function parseCrowdOptions(argv: string[]): CrowdOptions {
  const { values } = parseArgs({
    args: argv,
    options: {
      seconds: { type: 'string', default: '20' },
      'warm-up': { type: 'string', default: '8' },
      codec: { type: 'string' },
      output: { type: 'string' },
    },
  });
  return {
    seconds: within('seconds', values.seconds, 5, 3600),
    warmUp: within('warm-up', values['warm-up'], 1, 600),
    codecs: values.codec === undefined ? codecs : [codecNamed(values.codec)],
    output: values.output,
  };
}
