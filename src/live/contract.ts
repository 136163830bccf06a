/** What live rooms offer to `http/` and `signaling/`. Views are the JSON of API.md. */

import type { Rect, SourceKind, VideoCodec } from '../../mixer/protocol/control.ts';
import type { Awaited, HlsFile } from '../egress/hls/file.ts';
import type { OutputSpec, OutputView } from '../egress/outputs/view.ts';
import type { RecordedFile, RecordingView } from '../egress/recording/view.ts';
import type { LayoutDocument } from '../rooms/layout/types.ts';
import type { Need } from '../rooms/need.ts';
import type { ThreadLoad } from '../rtc/contract.ts';
import type { Elements, Files, MediaSources, MediaView, SceneElement } from './material.ts';
import type { RoomMetrics } from './roomMetrics.ts';

export type {
  Elements,
  Files,
  LibraryFile,
  MediaPatch,
  MediaSources,
  MediaSpec,
  MediaView,
  SceneElement,
} from './material.ts';
export type { Histogram, RoomMetrics } from './roomMetrics.ts';
export type {
  Awaited,
  HlsFile,
  LayoutDocument,
  Need,
  OutputSpec,
  OutputView,
  RecordedFile,
  RecordingView,
  ThreadLoad,
};

export type Role = 'host' | 'co-host' | 'panelist' | 'viewer';
export type Switch = 'on' | 'muted';

/** Who a join token says somebody is. `participant` is the same for everything done with one token. */
export interface Identity {
  participant: string;
  room: string;
  role: Role;
  name: string;
}

export interface VideoSettings {
  width: number;
  height: number;
  fps: number;
  codec: VideoCodec;
  kbps: number;
  /** Smaller sizes for those whose line carries less; default 360 at 600 and 180 at 180 kbit/s. */
  ladder?: readonly { height: number; kbps: number }[];
}

export interface RoomSpec {
  id?: string;
  title?: string;
  mode?: 'mcu' | 'sfu';
  live?: boolean;
  /** Name of a built-in layout, or a layout. */
  layout?: string | LayoutDocument;
  video?: Partial<VideoSettings>;
}

export interface TileView extends Rect {
  participant: string;
  kind: SourceKind;
  picture: Rect | null;
  /** How much its sound is ahead of its picture as they are mixed, in ms; 0 while unknown. */
  avOffsetMs: number;
  state: 'live' | 'off' | 'poor' | 'reconnecting';
}

/** What is shown while nobody is; null: the room's title, a usual text, no image, no music. */
export interface SlateView {
  title: string | null;
  text: string | null;
  /** Names of files of the room. */
  image: string | null;
  music: string | null;
}

export interface SoundView {
  /** How much screens and media are turned down while somebody speaks, in dB, 0..40. */
  duckingDb: number;
  /** Whether speakers are brought to one loudness, and each heard from where their tile stands. */
  automaticGain: boolean;
  panning: boolean;
}

export interface RoomView {
  id: string;
  title: string;
  mode: 'mcu' | 'sfu';
  live: boolean;
  layout: { name: string; document: LayoutDocument; tiles: TileView[] };
  spotlight: string | null;
  slate: SlateView;
  /** Whether tiles move and fade. */
  transitions: boolean;
  sound: SoundView;
  /** Whether those on stage may see another picture than viewers, and its layout, null for the same. */
  stageProgram: boolean;
  stageLayout: LayoutDocument | null;
  /** What they see now; null while it is what viewers see. */
  stageTiles: TileView[] | null;
  elements: SceneElement[];
  media: MediaView[];
  participants: number;
  viewers: number;
  /** Ids of those that run or pause. */
  recordings: string[];
  outputs: string[];
  createdAt: string;
}

export interface ParticipantView {
  id: string;
  name: string;
  /** Second line of their name bar. */
  title: string;
  role: Role;
  audio: Switch;
  video: Switch;
  onStage: boolean;
  handRaised: boolean;
  speaking: boolean;
  levelDb: number;
  /** Gain in the mix as a host set it, −60..20 dB. */
  volumeDb: number;
  /** How much their sound is ahead of their picture as they are mixed, in ms. */
  avOffsetMs: number;
  connection: 'good' | 'poor' | 'lost';
  joinedAt: string;
}

export interface RoomPatch {
  title?: string;
  layout?: string | LayoutDocument;
  spotlight?: string | null;
  live?: boolean;
  slate?: Partial<SlateView>;
  mode?: 'mcu' | 'sfu';
  transitions?: boolean;
  sound?: Partial<SoundView>;
  stageProgram?: boolean;
  stageLayout?: string | LayoutDocument | null;
}

export interface ParticipantPatch {
  title?: string;
  role?: Role;
  audio?: Switch;
  video?: Switch;
  onStage?: boolean;
  volumeDb?: number;
  handRaised?: boolean;
}

/** A recording that has not ended, as everybody in the room may know it. */
export type RunningRecording = Pick<
  RecordingView,
  'id' | 'format' | 'startedAt' | 'durationMs' | 'tracks'
> & {
  state: 'recording' | 'paused';
};

/** What somebody can be sent of a room's picture, and what they are sent. */
export interface DeliveryView {
  /** The sizes there are, best first; none in a room that forwards. */
  renditions: { height: number; kbps: number }[];
  /** Their own wish: pictures of at most this height, 0 for sound only, null for what fits. */
  maxHeight: number | null;
  /** Their WHEP sessions, each named by the last part of its `Location`, as measured last. */
  sessions: {
    session: string;
    /** Of the picture that is sent; null before the first, 0 while there is none. */
    height: number | null;
    /** What their downlink is believed to carry; null while nothing is known. */
    estimateKbps: number | null;
  }[];
}

/** A WHIP or WHEP session: what a `Location` stands for. */
export interface MediaSession {
  readonly id: string;
  readonly participant: string;
  readonly direction: 'whip' | 'whep';
  readonly answer: string;
  readonly etag: string;
  patch(sdpFragment: string): Promise<{ answerFragment?: string; etag: string }>;
  /** Resolves when its tile is gone from the room. */
  close(): Promise<void>;
}

/** Whom one section of a viewer's peer connection carries, in a room that forwards. */
export interface Slot {
  /** `a=mid` of the section. */
  mid: string;
  media: 'audio' | 'video';
  participant: string;
  kind: SourceKind;
  /** Of sound: how loud it shall be played, −60..20 dB. */
  volumeDb?: number;
}

/** What a page that joined over the WebSocket is told. */
export type RoomEvent =
  | { type: 'room'; room: RoomView }
  | { type: 'participants'; participants: ParticipantView[] }
  /** Ten times a second at most, only while somebody is heard. */
  | { type: 'levels'; levels: { participant: string; levelDb: number; speaking: boolean }[] }
  /** What is recorded now; `durationMs` is that of the moment of sending. */
  | { type: 'recordings'; recordings: RunningRecording[] }
  /** To hosts: all outputs, when one was made, has changed or is gone. */
  | { type: 'outputs'; outputs: OutputView[] }
  /**
   * To a viewer in a room that forwards: whom each section of one of their WHEP sessions carries, after its
   * answer and when it changes; none while the room mixes. `session` is the last part of its `Location`.
   */
  | { type: 'slots'; session: string; slots: Slot[] }
  /** To who sends: in which size and rate their picture is needed now, and whether it is needed at all. */
  | ({ type: 'send'; kind: SourceKind } & Need)
  /** Something about this person alone that they should read, such as a refused picture. */
  | { type: 'notice'; code: string; detail: string }
  /** The last event: the room was deleted, the person removed, or the server stops. */
  | { type: 'ended'; reason: 'room-deleted' | 'removed' | 'replaced' | 'shutting-down' };

export interface Membership {
  readonly participant: string;
  leave(): void;
}

export interface LiveRoom {
  readonly id: string;
  view(): RoomView;
  patch(patch: RoomPatch): RoomView;
  participants(): ParticipantView[];
  /** @throws RostrumError no-such-participant */
  patchParticipant(id: string, patch: ParticipantPatch): ParticipantView;
  /** Their token stops working. @throws RostrumError no-such-participant */
  removeParticipant(id: string): Promise<void>;
  /** @throws RostrumError unauthorized when the person was removed from the room */
  admit(who: Identity): void;
  publish(who: Identity, kind: 'camera' | 'screen', offer: string, loopback: boolean): Promise<MediaSession>;
  subscribe(who: Identity, offer: string, loopback: boolean): Promise<MediaSession>;
  /**
   * What somebody wishes to be sent, in all their sessions for as long as they are in the room: pictures of at
   * most this height (the smallest there is, where all are larger), 0 for sound only, null for what fits.
   * @throws RostrumError no-such-participant
   */
  limit(participant: string, maxHeight: number | null): void;
  /** @throws RostrumError no-such-participant */
  delivered(participant: string): DeliveryView;
  /** A session of this room, by its id. */
  session(id: string): MediaSession | undefined;
  /**
   * Resolves when the first picture is recorded.
   * @param tracks keeps each speaker's own tracks and what the room showed, too; default false
   * @throws RostrumError invalid-request | recording-exists | cannot-record | disk-full | shutting-down
   */
  record(format: string, tracks?: boolean): Promise<RecordingView>;
  readonly outputs: Outputs;
  readonly elements: Elements;
  readonly media: MediaSources;
  /** The room's own, and those for all rooms; only its own can be added and removed here. */
  readonly files: Files;
  /** The program as a JPEG, at most about a second old. @throws RostrumError cannot-mix */
  snapshot(): Promise<Buffer>;
  /** Joins the room's signalling; `each` hears the room's events from now on. */
  join(who: Identity, each: (event: RoomEvent) => void): Membership;
}

/** Recordings of all rooms, also of rooms and servers that are gone. */
export interface Recordings {
  /** Newest first. */
  list(room?: string): RecordingView[];
  /** @throws RostrumError no-such-recording */
  get(id: string): RecordingView;
  /** Finishing what is finished changes nothing. @throws RostrumError no-such-recording | recording-over */
  change(id: string, state: 'paused' | 'recording' | 'finished'): Promise<RecordingView>;
  /** Sets a chapter mark at this moment. @throws RostrumError no-such-recording | recording-over | full */
  mark(id: string, title: string): RecordingView;
  /** Ends it first if it runs. @throws RostrumError no-such-recording */
  remove(id: string): Promise<void>;
  /** @throws RostrumError no-such-recording | not-found */
  file(id: string, name: string): { path: string; file: RecordedFile };
}

/** The ways on which a room's program leaves the server. */
export interface Outputs {
  /** @throws RostrumError invalid-request | url-refused | output-exists | too-many-outputs | cannot-output */
  begin(spec: OutputSpec): Promise<OutputView>;
  list(): OutputView[];
  /** @throws RostrumError no-such-output */
  get(id: string): OutputView;
  /** Resolves when nothing of it is left. @throws RostrumError no-such-output */
  end(id: string): Promise<void>;
  /**
   * A file of the HLS stream; with `awaited`, a playlist that holds what it names.
   * @param key stands in the path of an output with `access: "token"`; null on the public path
   * @throws RostrumError not-found | bad-request | cannot-mix
   */
  hlsFile(key: string | null, name: string, awaited: Awaited | null): Promise<HlsFile>;
}

export interface LiveRooms {
  readonly recordings: Recordings;
  /** Those for all rooms. */
  readonly files: Files;
  /** Takes over what is on the disk. @throws Error when something configured cannot be used */
  open(): Promise<void>;
  /** @throws RostrumError room-exists | invalid-request */
  create(spec: RoomSpec): LiveRoom;
  list(): LiveRoom[];
  /** @throws RostrumError no-such-room */
  get(id: string): LiveRoom;
  delete(id: string): Promise<void>;
  metrics(): RoomMetrics[];
  /** `main`, and those that send to viewers; while there are none of these, `main` does. */
  threads(): ThreadLoad[];
  /** Why nobody new is taken in anywhere, null while people are; and how many were turned away for it. */
  headroom(): { shortage: string | null; refused: number };
  /** True once a mixer has been seen to start on this machine. */
  canMix(): Promise<boolean>;
  close(): Promise<void>;
}
