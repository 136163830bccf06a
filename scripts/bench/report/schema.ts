import { z } from 'zod';
import { type BenchResult, RESULT_VERSION } from '../compare/result.ts';

/** The kept JSON as a schema: for reading it back, and for `docs/bench-schema.json`. */
const cores = z.number().describe('cores: CPU seconds (user and system) per second');
const bps = z.number().min(0).describe('bit/s');
const ms = z.number().describe('ms');
const count = z.int().min(0);
const share = z.number().describe('0 to 1');
const mode = z.enum(['mcu', 'sfu', 'sfu-fit']);
const codec = z.enum(['vp8', 'h264']);

const quantiles = z.object({ p50: ms, p95: ms, count: count.describe('values behind them') });

const parts = z
  .object({ receive: cores, decode: cores, compose: cores, encode: cores, send: cores, other: cores })
  .describe('where the total went, by a sampling profile; the parts sum to the total');

const point = z.object({
  mode,
  speakers: count,
  viewers: count,
  repetition: count,
  startedS: z.number().describe('seconds after the run began'),
  valid: z.boolean().describe('false: counts in no fit'),
  why: z.array(z.string()).describe('reasons not to trust it'),
  seconds: z.number(),
  cpu: z.object({
    total: cores.describe('the whole process tree, in cores'),
    parts: parts.nullable(),
    profiledTotal: cores.nullable(),
    withoutMixers: cores,
  }),
  memoryBytes: z.number().describe('proportional set size of the tree'),
  uplinkBps: bps.describe('of one speaker, bit/s'),
  downlinkBps: bps.describe('of one viewer, bit/s'),
  packetsPerSecond: z.number().describe('RTP to all viewers together'),
  receivedPacketsPerSecond: z.number().describe('RTP from all speakers together'),
  lossFraction: share,
  picturesPerSecond: z.number().describe('per video stream'),
  freezesPerMinute: z.number().describe('per viewer'),
  joinMs: quantiles.nullable(),
  glassMs: quantiles.nullable(),
  clientDecodeCpu: cores.nullable().describe('to decode what one viewer receives, cores'),
  generatorCpu: z.object({ publishers: cores, viewers: cores }),
  generatorLagMs: z.object({ publishers: ms, viewers: ms }),
  machineBusy: share,
  othersBusy: share,
});

const reference = z.object({
  name: z.string(),
  job: z.string(),
  skipped: z.string().nullable().describe('null: it ran; else why not'),
  version: z.string().nullable(),
  cpu: cores.nullable(),
  packetUs: z.number().nullable().describe('CPU per packet sent, µs'),
  ours: z.number().nullable().describe('the same job by Rostrum, in the same unit'),
  further: z
    .object({ theirs: cores.nullable(), ours: cores.nullable() })
    .optional()
    .describe('of it for each further one of the audience, where that was measured; null: hidden by scatter'),
  seconds: z.number(),
});

const mesh = z.object({
  clients: count,
  measured: z.boolean().describe('false: computed from the measured ones'),
  uplinkBps: bps,
  downlinkBps: bps,
  clientCpu: cores,
  perPeerCpu: cores,
});

const picture = z.object({ width: count, height: count, fps: z.number(), kbps: z.number() });

export const resultSchema = z.object({
  version: z.literal(RESULT_VERSION),
  date: z.string().describe('ISO 8601'),
  command: z.string(),
  machine: z.object({ model: z.string(), cores: count, memoryBytes: z.number(), kernel: z.string() }),
  versions: z.object({ rostrum: z.string(), node: z.string(), ffmpeg: z.string() }),
  codec,
  grid: z.object({
    modes: z.array(mode),
    speakers: z.array(count),
    viewers: z.array(count),
    repetitions: count,
    seconds: z.number(),
    seed: z.number(),
  }),
  clips: z.object({ full: picture, fit: picture }),
  audioKbps: z.number(),
  program: picture,
  tookS: z.number(),
  ended: z.string().nullable().describe('null: the run came to its end'),
  points: z.array(point),
  skipped: z.array(z.object({ mode, speakers: count, viewers: count, why: z.string() })),
  references: z.array(reference),
  mesh: z.array(mesh),
}) satisfies z.ZodType<BenchResult>;

const nullable = z.number().nullable();
const growthErrors = z.array(nullable);
const line = z.object({
  intercept: cores,
  slope: cores.describe('cores per viewer'),
  interceptError: nullable,
  slopeError: nullable,
  covariance: nullable,
  residual: nullable,
  points: count,
  from: z.number(),
  to: z.number(),
});
const slopeRatio = z.object({ ratio: z.number(), low: nullable, high: nullable }).nullable();
const cell = { mode, speakers: count, viewers: count };

const analysis = z.object({
  confidence: share.describe('of every interval'),
  fits: z.array(
    z.object({ mode, speakers: count, line, delivery: line.describe('the same without the mixers') }),
  ),
  growth: z
    .array(
      z.object({
        mode,
        base: cores,
        perSpeaker: cores,
        perViewer: cores,
        perSpeakerViewer: cores,
        errors: growthErrors,
        residual: nullable,
        points: count,
      }),
    )
    .describe('CPU = base + perSpeaker·s + perViewer·v + perSpeakerViewer·s·v'),
  comparisons: z.array(
    z.object({
      speakers: count,
      against: z.enum(['sfu', 'sfu-fit']),
      kind: z.enum(['at', 'beyond', 'always', 'never', 'undetermined']),
      viewers: nullable.describe('the break-even'),
      low: nullable,
      high: nullable,
      savedPerViewer: cores,
      viewerRatio: slopeRatio.describe('mixing over forwarding, for one more viewer'),
      deliveryRatio: slopeRatio.describe('the same without the mixers'),
      downlinkRatio: nullable,
      decodeRatio: nullable,
    }),
  ),
  predictions: z.array(
    z.object({ ...cell, cpu: cores, low: nullable, high: nullable, from: z.enum(['line', 'growth']) }),
  ),
  clients: z.array(
    z.object({ mode, speakers: count, uplinkBps: bps, downlinkBps: bps, decodeCpu: cores.nullable() }),
  ),
  parts: z.array(z.object({ ...cell, total: cores, parts, sum: z.number() })),
  latencies: z.array(
    z.object({
      ...cell,
      glassP50Ms: nullable,
      glassP95Ms: nullable,
      joinP50Ms: nullable,
      joinP95Ms: nullable,
    }),
  ),
  references: z.array(
    z.object({
      name: z.string(),
      unit: z.enum(['cores', 'µs per packet']),
      theirs: z.number(),
      ours: z.number(),
      ratio: z.number(),
    }),
  ),
  estimators: z.array(
    z.object({
      mode,
      cpu: z.tuple([cores, cores, cores, cores]).nullable(),
      uplinkBps: bps,
      downlinkBps: z.tuple([z.number(), z.number()]),
      decodeCpu: z.tuple([cores, cores]).nullable(),
      mostSpeakers: count,
      mostViewers: count,
    }),
  ),
});

export const reportSchema = z.object({ ...resultSchema.shape, analysis });

/** `docs/bench-schema.json`. */
export function schemaDocument(): string {
  const title = 'Report of npm run bench';
  return `${JSON.stringify({ title, ...z.toJSONSchema(reportSchema) }, null, 2)}\n`;
}

/**
 * A result from a file's text; a kept analysis is left out, since it is reckoned anew.
 * @throws Error naming the first path that is wrong
 */
export function parseResult(text: string, name: string): BenchResult {
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch {
    throw new Error(`${name} is not JSON: give a file that npm run bench wrote`);
  }
  const parsed = resultSchema.safeParse(given);
  if (parsed.success) return parsed.data;
  const { path, message } = parsed.error.issues[0]!;
  throw new Error(`${name} is no result of npm run bench: ${path.join('.') || 'all of it'}: ${message}`);
}
