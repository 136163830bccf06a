/** What REST takes and gives: one schema each, for checking, for types and for `/openapi.json`. */

import { z } from 'zod';
import type { OutputView, ParticipantView, RecordingView, RoomView } from '../live/contract.ts';
import { element } from '../schemas/element.ts';
import { layout, layoutView } from '../schemas/layout.ts';
import { mode, roomChanges } from '../schemas/room.ts';
import { line, text } from '../schemas/text.ts';
import { mediaSource } from './materialSchemas.ts';

export const role = z.enum(['host', 'co-host', 'panelist', 'viewer']);
const onOff = z.enum(['on', 'muted']);
const codec = z.enum(['h264', 'vp8']);
const even = (min: number, max: number) => z.int().min(min).max(max).multipleOf(2);

export const roomSpec = z.strictObject({
  id: z
    .string()
    .regex(/^[a-z0-9][a-z0-9_-]{0,63}$/, 'Expected 1 to 64 of a-z, 0-9, - and _, the first a letter or digit')
    .optional(),
  title: line(200).optional(),
  mode: mode.optional(),
  live: z.boolean().optional().describe('Default true; false opens with the green room'),
  layout: layout.optional(),
  video: z
    .strictObject({
      width: even(160, 3840),
      height: even(90, 2160),
      fps: z.int().min(1).max(60),
      codec,
      kbps: z.int().min(100).max(50_000),
      ladder: z
        .array(z.strictObject({ height: even(90, 2160), kbps: z.int().min(30).max(50_000) }))
        .max(5)
        .describe('Smaller sizes, for those whose line carries less'),
    })
    .partial()
    .optional(),
});

export const roomPatch = z.strictObject(roomChanges);

export const tokenRequest = z.strictObject({
  role,
  name: line(100),
  ttl: z.int().min(1).max(31_536_000).optional().describe('Seconds'),
});

export const participantPatch = z.strictObject({
  title: text(120).optional().describe('Second line of the name bar'),
  role: role.optional(),
  audio: onOff.optional(),
  video: onOff.optional(),
  onStage: z.boolean().optional(),
  volumeDb: z.number().min(-60).max(20).optional(),
});

export const outputSpec = z.strictObject({
  type: z.enum(['hls', 'rtmp', 'srt', 'whip']),
  url: z.string().max(2048).optional().describe('Where to; hls has none'),
  token: z
    .string()
    .max(4096)
    .regex(/^[\x21-\x7e]+$/, 'Expected printable characters without spaces')
    .optional()
    .describe('Sent to a WHIP endpoint as a Bearer token'),
  access: z.enum(['public', 'token']).optional().describe('Of hls; token puts a secret into its path'),
});

const rect = { x: z.number(), y: z.number(), w: z.number(), h: z.number() };

const tile = z
  .object({
    ...rect,
    participant: z.string(),
    kind: z.enum(['camera', 'screen', 'media']),
    picture: z.object(rect).nullable().describe("Where the source's whole frame lands"),
    avOffsetMs: z.number().describe('How much its sound is ahead of its picture as they are mixed'),
    state: z.enum(['live', 'off', 'poor', 'reconnecting']),
  })
  .meta({ id: 'Tile', description: 'Fractions of the canvas' });

export const room: z.ZodType<RoomView> = z
  .object({
    id: z.string(),
    title: z.string(),
    mode,
    live: z.boolean(),
    layout: z.object({ name: z.string(), document: layoutView, tiles: z.array(tile) }),
    spotlight: z.string().nullable(),
    slate: z.object({
      title: z.string().nullable(),
      text: z.string().nullable(),
      image: z.string().nullable(),
      music: z.string().nullable(),
    }),
    transitions: z.boolean(),
    sound: z.object({ duckingDb: z.number(), automaticGain: z.boolean(), panning: z.boolean() }),
    stageProgram: z.boolean(),
    stageLayout: layoutView.nullable(),
    stageTiles: z.array(tile).nullable().describe('What those on stage see, where that is something else'),
    elements: z.array(element),
    media: z.array(mediaSource),
    participants: z.int(),
    viewers: z.int(),
    recordings: z.array(z.string()),
    outputs: z.array(z.string()),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'Room' });

export const participant: z.ZodType<ParticipantView> = z
  .object({
    id: z.string(),
    name: z.string(),
    title: z.string().describe('Second line of the name bar'),
    role,
    audio: onOff,
    video: onOff,
    onStage: z.boolean(),
    handRaised: z.boolean(),
    speaking: z.boolean(),
    levelDb: z.number(),
    volumeDb: z.number().describe('Gain in the mix'),
    avOffsetMs: z.number(),
    connection: z.enum(['good', 'poor', 'lost']),
    joinedAt: z.iso.datetime(),
  })
  .meta({ id: 'Participant' });

export const recordingSpec = z.strictObject({
  format: z.enum(['mp4', 'webm']).default('mp4').describe('mp4: H.264 and AAC; webm: VP8 and Opus'),
  tracks: z
    .boolean()
    .default(false)
    .describe("Keeps each speaker's own tracks, a timeline, and a poster, too"),
});

export const chapterSpec = z.strictObject({ title: text(200).default('') });

export const recordingPatch = z.strictObject({ state: z.enum(['paused', 'recording', 'finished']) });

export const recording: z.ZodType<RecordingView> = z
  .object({
    id: z.string(),
    room: z.string(),
    format: z.enum(['mp4', 'webm']),
    state: z.enum(['recording', 'paused', 'finished', 'failed']),
    reason: z.string().nullable().describe('Why it failed'),
    startedAt: z.iso.datetime(),
    durationMs: z.number().describe('Without pauses'),
    bytes: z.int(),
    tracks: z.boolean().describe("Whether each speaker's own tracks are kept, too"),
    chapters: z.array(z.object({ atMs: z.number(), title: z.string() })),
    files: z
      .array(z.object({ name: z.string(), bytes: z.int(), type: z.string(), sha256: z.string().nullable() }))
      .describe('Empty until it is over; the program comes first'),
  })
  .meta({ id: 'Recording' });

export const recordings = z.object({ recordings: z.array(recording) });

export const output: z.ZodType<OutputView> = z
  .object({
    id: z.string(),
    type: z.enum(['hls', 'rtmp', 'srt', 'whip']),
    state: z.enum(['starting', 'running', 'reconnecting', 'failed', 'stopped']),
    url: z.string().describe('Of the playlist, or where it is sent to, without keys'),
    access: z.enum(['public', 'token']).optional(),
    error: z.string().optional().describe('What went wrong last, and whose fault that is'),
    startedAt: z.iso.datetime(),
  })
  .meta({ id: 'Output' });

export const problem = z
  .object({ type: z.string(), title: z.string(), status: z.int(), detail: z.string(), code: z.string() })
  .meta({ id: 'Problem', description: 'RFC 9457' });

export const outputs = z.object({ outputs: z.array(output) });
export const layouts = z.object({ layouts: z.array(layoutView) });
export const rooms = z.object({ rooms: z.array(room) });
export const participants = z.object({ participants: z.array(participant) });
export const tokenAnswer = z.object({ token: z.string(), url: z.string() });
export const health = z.object({ status: z.literal('ok'), version: z.string(), uptimeS: z.number() });
export const readiness = z.object({ status: z.literal('ready') });
