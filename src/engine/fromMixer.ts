import { z } from 'zod';
import type { FromMixer } from '../../mixer/protocol/control.ts';
import { PICTURE_HEAD } from '../../mixer/protocol/picture.ts';

/**
 * What a mixer says, checked: it is native code fed by strangers, so nothing of it is believed.
 */

const name = z.string().max(256);
const kind = z.enum(['camera', 'screen', 'media']);
const number16 = z.number().int().min(0).max(0xffff);
const count = z.number().min(0);
const detail = z.string().max(2000);
const rect = z.object({ x: z.number(), y: z.number(), w: z.number(), h: z.number() });

const encoderStats = z.object({
  encoder: number16,
  frames: count,
  keyFrames: count,
  encodeMsMean: count,
  bytes: count,
});

const sourceStats = z.object({
  participant: name,
  kind,
  decodedFrames: count,
  lostPackets: count,
  audioDelayMs: z.number(),
  avOffsetMs: z.number(),
});

const histogram = z.object({
  boundsMs: z.array(z.number()).max(64),
  counts: z.array(count).max(65),
  sumMs: count,
});

const program = z.enum(['program', 'stage']);

const asset = z.discriminatedUnion('ok', [
  z.object({
    ...{ type: z.literal('asset'), asset: name, ok: z.literal(true) },
    ...{ width: count, height: count },
  }),
  z.object({ type: z.literal('asset'), asset: name, ok: z.literal(false), detail }),
]);

/** A picture of 3840 × 2160 at its finest, in base64. */
const LONGEST_JPEG = 12 * 1024 * 1024;

const message = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready'), ffmpeg: z.string().max(256) }),
  z.object({ type: z.literal('nack'), track: number16, sequences: z.array(number16).max(1000) }),
  z.object({ type: z.literal('key-frame-wanted'), track: number16 }),
  z.object({
    type: z.literal('placed'),
    tiles: z.array(z.object({ participant: name, kind, picture: rect.nullable() })).max(256),
    program: program.optional(),
  }),
  z.object({
    type: z.literal('refused'),
    track: number16,
    code: z.enum(['picture-too-large', 'undecodable', 'too-costly']),
    detail,
  }),
  z.object({ type: z.literal('accepted'), track: number16 }),
  z.object({ type: z.literal('encoder-failed'), encoder: number16, detail }),
  z.object({ type: z.literal('stuck'), detail }),
  z.object({
    type: z.literal('levels'),
    sources: z
      .array(z.object({ participant: name, kind, levelDb: z.number(), speaking: z.boolean() }))
      .max(256),
  }),
  asset,
  z.object({
    type: z.literal('playing'),
    participant: name,
    state: z.enum(['playing', 'paused', 'ended', 'failed']),
    positionMs: count,
    durationMs: count.nullable(),
    detail,
  }),
  z.object({
    type: z.literal('snapshot'),
    request: z.number().int(),
    jpeg: z.base64().max(LONGEST_JPEG),
  }),
  z.object({
    type: z.literal('stats'),
    ticks: count,
    lateTicks: count,
    tickLatenessP99Ms: count,
    tickLateness: histogram.optional(),
    pictureLatency: histogram.optional(),
    soundLatency: histogram.optional(),
    encoders: z.array(encoderStats).max(1024),
    sources: z.array(sourceStats).max(256),
  }),
]) satisfies z.ZodType<FromMixer>;

/** A control message, or undefined when it is none that we know. */
export function parseControl(payload: Buffer): FromMixer | undefined {
  try {
    return message.safeParse(JSON.parse(payload.toString())).data;
  } catch {
    return undefined;
  }
}

const RTP_HEAD = 12;
const LONGEST_PACKET = 1500;

/** True when the buffer is a whole picture (`mixer/protocol/picture.ts`) of sane RTP packets. */
export function isPicture(buffer: Buffer): boolean {
  if (buffer.length < PICTURE_HEAD) return false;
  let at = PICTURE_HEAD;
  for (let left = buffer.readUInt16BE(13); left > 0; left--) {
    if (at + 2 > buffer.length) return false;
    const length = buffer.readUInt16BE(at);
    if (length < RTP_HEAD || length > LONGEST_PACKET) return false;
    at += 2 + length;
  }
  return at === buffer.length && Number.isFinite(buffer.readDoubleBE(5));
}
