/**
 * What the server and a room's mixer say to each other, apart from media (see `framing.ts`).
 * Everything here is plain JSON. The server chooses every number (`track`, `encoder`), so that a
 * late message about something that has ended finds nothing and is dropped.
 */

export type VideoCodec = 'vp8' | 'h264';
/** What a speaker may send; the program is never coded in the last two. */
export type SpeakerCodec = VideoCodec | 'vp9' | 'av1';
export type SourceKind = 'camera' | 'screen' | 'media';

/** A rectangle in fractions of the canvas (or of a picture): 0..1 from the top left corner. */
export interface Rect {
  x: number;
  y: number;
  w: number;
  h: number;
}

/**
 * A room has two programs at most: what viewers see, and, where it differs, what those on stage see.
 * Where a message names none it is the first.
 */
export type ProgramName = 'program' | 'stage';

/** One tile of a solved layout, ready to be drawn. A source is known by participant and kind in all scenes. */
export interface SceneTile extends Rect {
  participant: string;
  kind: SourceKind;
  fit: 'cover' | 'contain';
  /** Drawn over tiles with a smaller one; default 0. */
  z?: number;
  /** Second line of the name bar; default none. */
  title?: string;
  /** Default true. */
  nameShown?: boolean;
  /** Shows the sign of a switched-off microphone; default false. */
  micOff?: boolean;
  /** Drawn on the tile and, as initials, on its avatar. */
  name: string;
  /** `live` draws the newest picture, `poor` dims the last one, the others show the avatar. */
  state: 'live' | 'off' | 'poor' | 'reconnecting';
}

/** How a layout looks. Lengths are fractions of the canvas height; colours `#rrggbb`. */
export interface SceneStyle {
  background: string;
  /** Asset that covers the canvas behind the tiles, null for none. */
  backgroundImage: string | null;
  radius: number;
  /** Width of the frame around a tile, 0 for none. */
  border: number;
  borderColor: string;
  /** Frame of who speaks; drawn by the mixer, which knows. Null for none. */
  speakingColor: string | null;
}

/**
 * Graphics over the picture, in every recording and stream. `image` names an asset. An element with the
 * same id as one that stands replaces it; new and gone ones fade like tiles.
 */
export type SceneElement =
  | { id: string; type: 'lower-third'; title: string; subtitle: string }
  | {
      id: string;
      type: 'logo';
      image: string;
      corner: 'top-left' | 'top-right' | 'bottom-left' | 'bottom-right';
    }
  | { id: string; type: 'ticker'; text: string }
  /** Counts down to `untilMs`, in ms since 1970, and stays at zero. */
  | { id: string; type: 'countdown'; title: string; untilMs: number }
  /** Covers everything but the sound. */
  | { id: string; type: 'slate'; title: string; text: string; image: string | null }
  /** A poll or a question: lines with, for a poll, a share 0..1. */
  | { id: string; type: 'card'; title: string; lines: { text: string; share: number | null }[] };

export interface Scene {
  tiles: SceneTile[];
  /** Shown when no tile is there: "waiting for speakers" and the like. */
  slate: { title: string; text: string; image?: string | null };
  /** Default: the look of the built-in layouts. */
  style?: SceneStyle;
  /** How many more are on stage than have a tile, and where "+N" stands; default null. */
  overflow?: (Rect & { count: number }) | null;
  elements?: SceneElement[];
  /** How long tiles move and fade to this scene, 0..2000 ms; default 0. */
  transitionMs?: number;
  /** Whose sound is in this program; null, the default, is everybody's. */
  heard?: { participant: string; kind: SourceKind }[] | null;
}

/** An image for backgrounds, logos and slates. Decoded in the mixer, answered by `asset` when it cannot be. */
export interface Asset {
  type: 'asset';
  asset: string;
  /** File to read; null forgets it. */
  path: string | null;
}

/** A file played as the source `{participant, kind: 'media'}`. */
export interface Play {
  type: 'play';
  participant: string;
  path: string;
  loop: boolean;
  state: 'playing' | 'paused';
  /** Jumps there, in ms from its start; null goes on where it is. */
  positionMs: number | null;
  /** Fades its sound in and out; default 0. */
  fadeMs?: number;
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
  codec: SpeakerCodec | 'opus';
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
      program?: ProgramName;
    }
  /** `without`: mix-minus, everybody but this participant. */
  | {
      type: 'start-encoder';
      encoder: number;
      media: 'audio';
      codec: 'opus';
      kbps: number;
      /**
       * Share of packets its listeners lose, 1..100: each packet then holds the one before once more
       * (Opus in-band FEC). Default 0: none, and the least delay.
       */
      fecLossPercent?: number;
      without?: string;
      program?: ProgramName;
    };

export type ToMixer =
  | Configure
  | AddTrack
  | { type: 'remove-track'; track: number }
  | SenderReport
  | { type: 'scene'; scene: Scene; program?: ProgramName }
  | Asset
  | Play
  | { type: 'stop-play'; participant: string }
  /**
   * Attenuation of screen and media sound while somebody speaks, in dB, 0 for none; automatic gain; and
   * whether speakers are heard from where their tiles stand.
   */
  | { type: 'sound'; duckingDb: number; automaticGain: boolean; panning: boolean }
  /** Another rate for a running encoder, from its next key frame at the latest. */
  | { type: 'encoder-rate'; encoder: number; kbps: number }
  | { type: 'gain'; participant: string; kind: SourceKind; muted: boolean; volumeDb: number }
  /** This source has left for good: what was told of its gain need not be kept. */
  | { type: 'forget-gain'; participant: string; kind: SourceKind }
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

/** Counts since the mixer's start: `counts[i]` values were at most `boundsMs[i]`, the last entry all others. */
export interface Histogram {
  boundsMs: number[];
  counts: number[];
  sumMs: number;
}

export interface MixerStats {
  type: 'stats';
  ticks: number;
  /** Program pictures skipped because the encoder before was not done. */
  lateTicks: number;
  tickLatenessP99Ms: number;
  /** How late the picture's ticks began. */
  tickLateness?: Histogram;
  /** Arrival of a picture's last packet to the departure of the program's picture that shows it. */
  pictureLatency?: Histogram;
  /** Arrival of a packet of sound to the departure of the mixed packet that holds it. */
  soundLatency?: Histogram;
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
  | { type: 'placed'; tiles: PlacedTile[]; program?: ProgramName }
  /** `track` sends what we will not decode, for example a picture over the limit; of `too-costly` only a part. */
  | {
      type: 'refused';
      track: number;
      code: 'picture-too-large' | 'undecodable' | 'too-costly';
      detail: string;
    }
  /** `track` shows a picture again after `refused`. */
  | { type: 'accepted'; track: number }
  /** This encoder could not be opened or cannot go on; it exists no more. */
  | { type: 'encoder-failed'; encoder: number; detail: string }
  /** A thread of it has been inside libav for so long that it will not come out: only another mixer helps. */
  | { type: 'stuck'; detail: string }
  | { type: 'levels'; sources: SourceLevel[] }
  /** An image or a media file that cannot be used, and why; or that it can, with its size or length. */
  | { type: 'asset'; asset: string; ok: true; width: number; height: number }
  | { type: 'asset'; asset: string; ok: false; detail: string }
  | {
      type: 'playing';
      participant: string;
      state: 'playing' | 'paused' | 'ended' | 'failed';
      positionMs: number;
      /** Null while unknown. */
      durationMs: number | null;
      detail: string;
    }
  /** `jpeg` in base64. */
  | { type: 'snapshot'; request: number; jpeg: string }
  | MixerStats;
