import { parseArgs } from 'node:util';
import type { VideoCodec } from '../../../mixer/protocol/control.ts';
import { type BenchMode, benchModes } from './result.ts';

export interface CompareOptions {
  modes: BenchMode[];
  speakers: number[];
  viewers: number[];
  /** Measured seconds of each point, after its warm-up. */
  seconds: number;
  repetitions: number;
  codec: VideoCodec;
  /** Where the result goes; undefined: where reports are kept. */
  json: string | undefined;
  /** Nothing was left out: the documents may show what comes of it. */
  isWhole: boolean;
  /** Makes the order of points. */
  seed: number;
  /** TCP port of the measured server; 0 takes a free one. */
  port: number;
  /** The other architectures and programs beside ours. */
  references: boolean;
}

export const usage = `npm run bench -- [compare] [--full] [--modes mcu,sfu,sfu-fit] [--speakers 1,2,4,8]
  [--viewers 1,10,30] [--seconds 3] [--repetitions 2] [--codec vp8|h264] [--json file]
  [--seed number] [--port number] [--no-references]`;

const quick = { speakers: [1, 2, 4, 8], viewers: [1, 10, 30], seconds: 3, repetitions: 2 };
const full = { speakers: [1, 2, 4, 6, 8], viewers: [1, 5, 10, 20, 30, 50], seconds: 10, repetitions: 3 };

/** As many as a server takes on one stage. */
const MOST_SPEAKERS = 25;
const MOST_VIEWERS = 1000;
const codecs: readonly VideoCodec[] = ['vp8', 'h264'];

const table = {
  full: { type: 'boolean', default: false },
  modes: { type: 'string' },
  speakers: { type: 'string' },
  viewers: { type: 'string' },
  seconds: { type: 'string' },
  repetitions: { type: 'string' },
  codec: { type: 'string', default: 'vp8' },
  json: { type: 'string' },
  seed: { type: 'string', default: '1' },
  port: { type: 'string', default: '0' },
  'no-references': { type: 'boolean', default: false },
} as const;

/** @throws Error naming the option, what was given and what is allowed */
export function parseCompareOptions(argv: string[]): CompareOptions {
  const { values } = parseArgs({ args: argv, options: table });
  const grid = values.full ? full : quick;
  return {
    modes: values.modes === undefined ? [...benchModes] : modesOf(values.modes),
    speakers: numbersOf('speakers', values.speakers, grid.speakers, MOST_SPEAKERS),
    viewers: numbersOf('viewers', values.viewers, grid.viewers, MOST_VIEWERS),
    seconds: within('seconds', values.seconds ?? `${grid.seconds}`, 1, 600),
    repetitions: whole('repetitions', values.repetitions ?? `${grid.repetitions}`, 1, 20),
    codec: oneOf('codec', values.codec, codecs),
    json: values.json,
    isWhole: [values.modes, values.speakers, values.viewers].every((each) => each === undefined),
    seed: whole('seed', values.seed, 0, 2 ** 31),
    port: whole('port', values.port, 0, 65_535),
    references: !values['no-references'],
  };
}

const modesOf = (given: string): BenchMode[] => [...new Set(given.split(',').map(modeNamed))];

const modeNamed = (given: string): BenchMode => oneOf('modes', given.trim(), benchModes);

function oneOf<T extends string>(name: string, given: string, allowed: readonly T[]): T {
  const found = allowed.find((each) => each === given);
  if (found === undefined) throw new Error(`--${name} is "${given}": ${allowed.join(' or ')} is allowed`);
  return found;
}

/** Ascending, each once. */
function numbersOf(name: string, given: string | undefined, preset: number[], highest: number): number[] {
  if (given === undefined) return preset;
  const all = given.split(',').map((each) => whole(name, each, 1, highest));
  return [...new Set(all)].sort((a, b) => a - b);
}

function whole(name: string, given: string, lowest: number, highest: number): number {
  const value = within(name, given, lowest, highest);
  if (Number.isInteger(value)) return value;
  throw new Error(`--${name} is "${given}": a whole number is needed`);
}

function within(name: string, given: string, lowest: number, highest: number): number {
  const value = given.trim() === '' ? Number.NaN : Number(given);
  if (value >= lowest && value <= highest) return value;
  throw new Error(`--${name} is "${given}": numbers from ${lowest} to ${highest} are allowed`);
}
