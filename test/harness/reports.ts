/** What crosses between a test and the page it drives. Plain values only. */
import type { Claps } from './clapping/offsets.ts';

export type Rgb = [number, number, number];

export interface SpeakOrder {
  server: string;
  room: string;
  token: string;
  /** Fills the picture. */
  colour: Rgb;
  /** Null: no video offered. */
  codec: 'vp8' | 'h264' | 'vp9' | 'av1' | null;
  /** Layers of VP9 and AV1 as WebRTC-SVC names them; else what the browser does by itself. */
  scalabilityMode?: string;
  /** Null: no sound offered. */
  toneHz: number | null;
  width: number;
  height: number;
  fps: number;
  /** Once a second, white and the tone for a tenth of a second, together; else the colour and silence. */
  beat?: boolean;
  /** How strong the moving grains are that fill the picture, 0..1: they take whatever rate they are given. */
  detail?: number;
  /** Port of a relay on this machine that the browser sends to instead of the server's. */
  via?: number;
}

export interface WatchOrder {
  server: string;
  room: string;
  token: string;
  /** Video codecs of the offer, the first one preferred. */
  codecs: ('vp8' | 'h264')[];
  /** As in `SpeakOrder`. */
  via?: number;
}

export interface Watching {
  id: number;
  answer: string;
}

/** A rectangle in fractions of the program's picture. */
export interface Area {
  x: number;
  y: number;
  w: number;
  h: number;
}

/** Counters of a viewer's video, from WebRTC statistics. */
export interface ViewerStats {
  framesDecoded: number;
  framesDropped: number;
  freezeCount: number;
  width: number;
  height: number;
  packetsLost: number;
  packetsReceived: number;
  keyFramesDecoded: number;
  mimeType: string;
  connectionState: string;
  bytesReceived: number;
  /** Mean wait in the browser's jitter buffers so far. */
  videoWaitMs: number;
  audioWaitMs: number;
  audioConcealedShare: number;
  /** Samples the browser made up, and all it played, at 48 kHz; silence is not counted as made up. */
  audioConcealed: number;
  audioPlayed: number;
  totalFreezesMs: number;
  /** How much the picture is ahead of its sound as the browser plays them, by its own account; NaN before both do. */
  pictureAheadMs: number;
}

/** What the browser of a speaker says of its sending. */
export interface SpeakerStats {
  framesPerSecond: number;
  width: number;
  height: number;
  /** Target rate of the picture, kbit/s. */
  targetKbps: number;
  rttMs: number;
  bytesSent: number;
}

/** What a viewer saw since `startLook`. */
export interface Look {
  seconds: number;
  pictures: number;
  /** Longest time between two presented pictures, in ms. */
  longestGapMs: number;
  /** Glass to glass, one list per area that was given, in ms. */
  latenciesMs: number[][];
  /** Per picture: from its last packet's arrival at the browser to the screen. */
  inBrowserMs: number[];
  /** Readings that were no time code, per area. */
  unreadable: number[];
  /** Largest share of one picture that was black, or green as empty memory is, 0..1; 0 unless asked for. */
  blackShare: number;
  greenShare: number;
}

/** Where somebody claps, in fractions of the picture, and how that sounds. */
export interface ClapPlace {
  toneHz: number;
  x: number;
  y: number;
}

/** What a test can ask of the page (`page/studio.ts`); speakers and viewers are numbers. */
export interface StudioVerbs {
  speak(order: SpeakOrder): Promise<number>;
  speakerState(id: number): string;
  speakerAnswer(id: number): string;
  speakerStats(id: number): Promise<SpeakerStats>;
  /** When a speaker's beeps begin, in seconds of the page's audio context. */
  beepsMade(id: number): number[];
  /** When beeps began that a viewer has heard since the first call, on the same clock. */
  beepsHeard(id: number): Promise<number[]>;
  /** @returns the status of the DELETE */
  stopSpeaking(id: number): Promise<number>;
  watch(order: WatchOrder): Promise<Watching>;
  firstPictureMs(id: number): Promise<number>;
  /** @param holes whether each picture is searched for black and green */
  startLook(id: number, areas: Area[], holes?: boolean): void;
  look(id: number): Look;
  /** The colour at a point, in fractions of the picture. */
  pixel(id: number, x: number, y: number): Rgb;
  tonesDb(id: number, frequenciesHz: number[]): number[];
  stats(id: number): Promise<ViewerStats>;
  stopWatching(id: number): Promise<number>;
  /** Notes from now on when each of these is seen and heard by a viewer. @returns a number for `claps` */
  watchClaps(id: number, places: ClapPlace[]): Promise<number>;
  /** The same for what a speaker sends, sent to the page itself without a server between. */
  watchDirectly(id: number, place: ClapPlace): Promise<number>;
  /** Per place, on the page's clock. */
  claps(id: number): Claps[];
  stopClaps(id: number): void;
  /** @param options of hls.js */
  watchHls(url: string, options: object): Promise<number>;
  hlsComplaints(id: number): string[];
}
