/**
 * Every message of the WebSocket `/ws` (subprotocol `rostrum.v1`), in one table: its schema and who
 * may send it. The page imports this file, so both sides are checked against the same text.
 *
 * A client message is `{id?, type, ...}`. Its answer is `{re: id, ...}`, or `{re: id, error}` with an
 * error as in REST. Events come without being asked for: `{type, ...}`.
 */

import { z } from 'zod';
import type {
  DeliveryView,
  LibraryFile,
  MediaView,
  OutputView,
  ParticipantView,
  RecordedFile,
  RecordingView,
  Role,
  RoomEvent,
  RoomView,
  SceneElement,
} from '../live/contract.ts';
import { elementRequest } from '../schemas/element.ts';
import { mediaChanges, mediaSpec, roomChanges } from '../schemas/room.ts';
import { fileName, text } from '../schemas/text.ts';

export const PROTOCOL = 'rostrum.v1';

/** Longest message accepted from a client, in bytes. */
export const MAX_MESSAGE_BYTES = 64 * 1024;

const id = z.union([z.string().max(64), z.number().int()]).optional();
const onOff = z.enum(['on', 'muted']);
const speakers: readonly Role[] = ['host', 'co-host', 'panelist'];
const hosts: readonly Role[] = ['host', 'co-host'];
const everybody: readonly Role[] = ['host', 'co-host', 'panelist', 'viewer'];

/** `may`: roles that can send it. `join` is the only message allowed before a join. */
export const clientMessages = {
  join: {
    may: everybody,
    schema: z.strictObject({ id, type: z.literal('join'), token: z.string().max(4096) }),
  },
  leave: { may: everybody, schema: z.strictObject({ id, type: z.literal('leave') }) },
  /** One's own microphone and camera, as switched in the page. */
  state: {
    may: speakers,
    schema: z.strictObject({
      id,
      type: z.literal('state'),
      audio: onOff.optional(),
      video: onOff.optional(),
    }),
  },
  hand: { may: everybody, schema: z.strictObject({ id, type: z.literal('hand'), raised: z.boolean() }) },
  /** One's own wish: pictures of at most this height, 0 for sound only, null for what fits. */
  'set-quality': {
    may: everybody,
    schema: z.strictObject({
      id,
      type: z.literal('set-quality'),
      maxHeight: z.number().int().min(0).max(4320).nullable(),
    }),
  },
  /** What one can be sent, and is. */
  delivery: { may: everybody, schema: z.strictObject({ id, type: z.literal('delivery') }) },
  /** As `PATCH /api/rooms/:room`. */
  'set-room': {
    may: hosts,
    schema: z.strictObject({ id, type: z.literal('set-room'), ...roomChanges }),
  },
  'set-participant': {
    may: hosts,
    schema: z.strictObject({
      id,
      type: z.literal('set-participant'),
      participant: z.string().max(64),
      title: text(120).optional(),
      audio: onOff.optional(),
      video: onOff.optional(),
      onStage: z.boolean().optional(),
      volumeDb: z.number().min(-60).max(20).optional(),
    }),
  },
  remove: {
    may: hosts,
    schema: z.strictObject({ id, type: z.literal('remove'), participant: z.string().max(64) }),
  },
  /** Answered when the first picture is recorded. */
  'start-recording': {
    may: hosts,
    schema: z.strictObject({
      id,
      type: z.literal('start-recording'),
      format: z.enum(['mp4', 'webm']).optional(),
      /** Keeps each speaker's own tracks, too. */
      tracks: z.boolean().optional(),
    }),
  },
  /** The event `recordings` tells when a finished one has its file. */
  'set-recording': {
    may: hosts,
    schema: z.strictObject({
      id,
      type: z.literal('set-recording'),
      recording: z.string().max(128),
      state: z.enum(['paused', 'recording', 'finished']),
    }),
  },
  /** A chapter mark at this moment. */
  'mark-chapter': {
    may: hosts,
    schema: z.strictObject({
      id,
      type: z.literal('mark-chapter'),
      recording: z.string().max(128),
      title: z.string().max(200).optional(),
    }),
  },
  /** The room's recordings, newest first, with links to their files. */
  recordings: { may: hosts, schema: z.strictObject({ id, type: z.literal('recordings') }) },
  /** As `POST …/outputs`; the event `outputs` tells how it goes. */
  'start-output': {
    may: hosts,
    schema: z.strictObject({
      id,
      type: z.literal('start-output'),
      output: z.strictObject({
        type: z.enum(['hls', 'rtmp', 'srt', 'whip']),
        url: z.string().max(2048).optional(),
        token: z
          .string()
          .max(4096)
          .regex(/^[\x21-\x7e]+$/)
          .optional(),
        access: z.enum(['public', 'token']).optional(),
      }),
    }),
  },
  'stop-output': {
    may: hosts,
    schema: z.strictObject({ id, type: z.literal('stop-output'), output: z.string().max(64) }),
  },
  /** Graphics over the picture; one of the same id is replaced. */
  'set-element': {
    may: hosts,
    schema: z.strictObject({ id, type: z.literal('set-element'), element: elementRequest }),
  },
  'remove-element': {
    may: hosts,
    schema: z.strictObject({ id, type: z.literal('remove-element'), element: z.string().max(64) }),
  },
  /** Plays a file as a tile with sound. */
  'start-media': {
    may: hosts,
    schema: z.strictObject({ id, type: z.literal('start-media'), ...mediaSpec.shape }),
  },
  'set-media': {
    may: hosts,
    schema: z.strictObject({
      id,
      type: z.literal('set-media'),
      media: z.string().max(64),
      ...mediaChanges,
    }),
  },
  'stop-media': {
    may: hosts,
    schema: z.strictObject({ id, type: z.literal('stop-media'), media: z.string().max(64) }),
  },
  /** Images and media that the room can use. */
  files: { may: hosts, schema: z.strictObject({ id, type: z.literal('files') }) },
  /** A link for `POST` of a file's bytes. */
  'upload-link': {
    may: hosts,
    schema: z.strictObject({ id, type: z.literal('upload-link'), name: fileName }),
  },
  /** Only the room's own can be removed. */
  'remove-file': {
    may: hosts,
    schema: z.strictObject({ id, type: z.literal('remove-file'), name: fileName }),
  },
  /** A link that lets somebody else in. */
  invite: {
    may: hosts,
    schema: z.strictObject({
      id,
      type: z.literal('invite'),
      role: z.enum(['co-host', 'panelist', 'viewer']),
      name: z.string().max(100),
    }),
  },
} as const satisfies Record<string, { may: readonly Role[]; schema: z.ZodType }>;

export type ClientMessageType = keyof typeof clientMessages;
export type ClientMessage = {
  [T in ClientMessageType]: z.infer<(typeof clientMessages)[T]['schema']>;
}[ClientMessageType];

/** What answers carry beside `re`. */
export interface Answers {
  join: {
    you: ParticipantView;
    room: RoomView;
    participants: ParticipantView[];
    iceServers: RTCIceServerLike[];
    /** The server's clock, ms since 1970: what all other times are to be compared with. */
    nowMs: number;
  };
  leave: object;
  state: object;
  hand: object;
  'set-quality': object;
  delivery: DeliveryView;
  'set-room': { room: RoomView };
  'set-participant': { participant: ParticipantView };
  remove: object;
  'start-recording': { recording: RecordingView };
  'set-recording': { recording: RecordingView };
  'mark-chapter': { recording: RecordingView };
  recordings: { recordings: LinkedRecording[] };
  'start-output': { output: OutputView };
  'stop-output': object;
  'set-element': { element: SceneElement };
  'remove-element': object;
  'start-media': { media: MediaView };
  'set-media': { media: MediaView };
  'stop-media': object;
  files: { files: LibraryFile[] };
  'upload-link': { url: string };
  'remove-file': object;
  invite: { url: string };
}

/** A recording whose files can be fetched by whoever has the links, for some hours. */
export type LinkedRecording = Omit<RecordingView, 'files'> & { files: (RecordedFile & { url: string })[] };

export interface RTCIceServerLike {
  urls: string | string[];
  username?: string;
  credential?: string;
}

export interface ErrorAnswer {
  re: string | number | null;
  error: { code: string; title: string; detail: string };
}

export type ServerEvent = RoomEvent;
