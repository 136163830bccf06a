import type { EgressSettings } from '../egress/egress.ts';
import type { Log } from '../engine/log.ts';
import { defaultEngineSettings, type EngineSettings } from '../engine/settings.ts';
import type { LibrarySettings } from '../library/library.ts';
import type {
  CheckOffer,
  CountSlots,
  CreateDelivery,
  CreatePublisher,
  CreateRelay,
  RtcSettings,
} from '../rtc/contract.ts';
import type { VideoSettings } from './contract.ts';
import type { HeadroomLimits } from './headroom.ts';

export interface LiveLimits {
  maxRooms: number;
  /** Tiles in one room's picture, at most 25. */
  maxStage: number;
  /** WHEP sessions in one room. */
  maxViewers: number;
  /** Speakers sent to one viewer at a time in a room that forwards; never more than `maxStage`. */
  maxSlots: number;
}

/** Where live rooms read the time. */
export interface LiveClock {
  /** Milliseconds of the monotonic clock that RTP arrivals are stamped with. */
  nowMs(): number;
  /** Milliseconds since 1970. */
  unixMs(): number;
}

export interface LiveSettings {
  rtc: RtcSettings;
  engine: EngineSettings;
  /** The program of a room that does not ask for another. */
  video: VideoSettings;
  /** A speaker's picture with more pixels is refused. */
  maxPixels: number;
  /** Whether speakers are asked for no more than their tiles need. */
  senderEconomy: boolean;
  /** Of each Opus encoder. */
  audioKbps: number;
  /** An encoder ends this long after its last consumer, in ms. */
  encoderLingerMs: number;
  /** An encoder that failed is tried again after this, in ms, and each further time after twice as long. */
  encoderRetryMs: number;
  limits: LiveLimits;
  /** Beyond these nobody new is taken in. */
  headroom: HeadroomLimits;
  /** How often it is looked at what was sent and how much headroom there is, in ms. */
  measureMs: number;
  /** Null writes nothing to disk. */
  egress: EgressSettings | null;
  /** Where images and media lie; null where nothing is read from disk. */
  library: LibrarySettings | null;
  log: Log;
  clock: LiveClock;
  createPublisher: CreatePublisher;
  createRelay: CreateRelay;
  checkOffer: CheckOffer;
  countSlots: CountSlots;
  createDelivery: CreateDelivery;
}

const clock: LiveClock = {
  nowMs: () => Number(process.hrtime.bigint() / 1000n) / 1000,
  unixMs: () => Date.now(),
};

/** Numbers that nobody has to choose. */
export const defaultLiveSettings = {
  engine: defaultEngineSettings,
  video: { width: 1280, height: 720, fps: 30, codec: 'vp8', kbps: 2000 },
  maxPixels: 3840 * 2160,
  senderEconomy: true,
  audioKbps: 64,
  encoderLingerMs: 2_000,
  encoderRetryMs: 10_000,
  limits: { maxRooms: 100, maxStage: 25, maxViewers: 1000, maxSlots: 16 },
  headroom: { lagMs: 100, skippedShare: 0.2 },
  measureMs: 1_000,
  egress: null,
  library: null,
  clock,
} as const satisfies Partial<LiveSettings>;
