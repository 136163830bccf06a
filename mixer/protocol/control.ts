/**
 * What the server and a room's mixer say to each other, apart from media (see `framing.ts`).
 * Everything here is plain JSON. The server chooses every number (`track`, `encoder`), so that a
 * late message about something that has ended finds nothing and is dropped.
 */

export type VideoCodec = 'vp8' | 'h264';
export type SourceKind = 'camera' | 'screen' | 'media';

/** A rectangle in fractions of the canvas (or of a picture): 0..1 from the top left corner. */
export interface Rect {
  x: number;
  y: number;
  w: number;
  h: number;
}

/** One tile of a solved layout, ready to be drawn. */
export interface SceneTile extends Rect {
  participant: string;
  kind: SourceKind;
  fit: 'cover' | 'contain';
  /** Drawn on the tile and, as initials, on its avatar. */
  name: string;
  /** `live` draws the newest picture, `poor` dims the last one, the others show the avatar. */
  state: 'live' | 'off' | 'poor' | 'reconnecting';
}

export interface Scene {
  tiles: SceneTile[];
  /** Shown when no tile is there: "waiting for speakers" and the like. */
  slate: { title: string; text: string };
}

/** First message of a mixer's life. */
export interface Configure {
  type: 'configure';
  canvas: { width: number; height: number; fps: number };
  /** A picture with more pixels than this is refused before it is decoded. */
  maxPixels: number;
}

export interface AddTrack {
  type: 'add-track';
  track: number;
  participant: string;
  kind: SourceKind;
  codec: VideoCodec | 'opus';
  /** RTP clock in Hz: 90000 for video, 48000 for Opus. */
  clockRate: number;
}

export interface SenderReport {
  type: 'sender-report';
  track: number;
  /** The sender's NTP clock in microseconds since 1900. */
  ntpUs: number;
  rtpTimestamp: number;
  /** Arrival on the monotonic clock that all processes of one machine share. */
  arrivalUs: number;
}

/** Starts an encoder; media comes back under its number until `stop-encoder`. */
export type StartEncoder =
  | {
      type: 'start-encoder';
      encoder: number;
      media: 'video';
      codec: VideoCodec;
      width: number;
      height: number;
      fps: number;
      kbps: number;
    }
  /** `without`: mix-minus, everybody but this participant. */
  | { type: 'start-encoder'; encoder: number; media: 'audio'; codec: 'opus'; kbps: number; without?: string };

export type ToMixer =
  | Configure
  | AddTrack
  | { type: 'remove-track'; track: number }
  | SenderReport
  | { type: 'scene'; scene: Scene }
  | { type: 'gain'; participant: string; kind: SourceKind; muted: boolean; volumeDb: number }
  | StartEncoder
  | { type: 'stop-encoder'; encoder: number }
  | { type: 'key-frame'; encoder: number }
  /** Beside those asked for, a key frame with the first picture at or after each multiple; 0 ends that. */
  | { type: 'key-frame-every'; encoder: number; intervalUs: number }
  /** Asks for the program's picture as it is drawn next; the answer carries the same number. */
  | { type: 'snapshot'; request: number }
  /** While on, coded chunks of this encoder are sent too (recordings). */
  | { type: 'tap'; encoder: number; on: boolean }
  /** While on, what comes of this track is sent back as whole coded frames (recordings of speakers). */
  | { type: 'tap-track'; track: number; on: boolean };

/** Where each tile's picture stands now; sent when it changes. */
export interface PlacedTile {
  participant: string;
  kind: SourceKind;
  /** Where the whole source picture lands, in fractions of the canvas; null when none is drawn. */
  picture: Rect | null;
}

export interface SourceLevel {
  participant: string;
  kind: SourceKind;
  /** Level of the last interval in dBov, −127 when silent. */
  levelDb: number;
  speaking: boolean;
}

export interface MixerStats {
  type: 'stats';
  ticks: number;
  /** Program pictures skipped because the encoder before was not done. */
  lateTicks: number;
  tickLatenessP99Ms: number;
  encoders: { encoder: number; frames: number; keyFrames: number; encodeMsMean: number; bytes: number }[];
  sources: {
    participant: string;
    kind: SourceKind;
    decodedFrames: number;
    lostPackets: number;
    audioDelayMs: number;
    avOffsetMs: number;
  }[];
}

export type FromMixer =
  | { type: 'ready'; ffmpeg: string }
  /** Ask the sender of `track` for these sequence numbers again (RFC 4585 generic NACK). */
  | { type: 'nack'; track: number; sequences: number[] }
  /** Decoding of `track` cannot go on without a key frame (PLI). */
  | { type: 'key-frame-wanted'; track: number }
  | { type: 'placed'; tiles: PlacedTile[] }
  /** `track` sends what we will not decode, for example a picture over the limit. */
  | { type: 'refused'; track: number; code: 'picture-too-large' | 'undecodable'; detail: string }
  /** `track` shows a picture again after `refused`. */
  | { type: 'accepted'; track: number }
  | { type: 'levels'; sources: SourceLevel[] }
  /** `jpeg` in base64. */
  | { type: 'snapshot'; request: number; jpeg: string }
  | MixerStats;
