/** What `rtc/` offers to the rest of the server. Nothing of werift shows here. */

import type { SpeakerCodec, VideoCodec } from '../../mixer/protocol/control.ts';

export type Media = 'audio' | 'video';

export interface RtcSettings {
  /** UDP ports for media, both inclusive. */
  portRange: [number, number];
  /** Addresses announced instead of this machine's own (1:1 NAT). */
  publicAddresses: string[];
  /** A peer that is not connected by then is closed. */
  connectTimeoutMs: number;
  /** Candidates taken from a peer; further ones are ignored. */
  maxRemoteCandidates: number;
  /** Cap told to a publishing peer by REMB, kbit/s. */
  maxVideoKbps: number;
  /** Threads that send to viewers; 0, or nothing, sends from the caller's. */
  workers?: number;
}

/** `failed`: it was the network's doing (`reason` says how); `closed`: asked for, by us or the peer. */
export type PeerState = 'connecting' | 'connected' | 'failed' | 'closed';

/** Which of the server's own addresses the request came over, to pick candidates that can work. */
export interface PeerOrigin {
  /** True when the HTTP request came over loopback: 127.0.0.1 is then a candidate, too. */
  loopback: boolean;
}

/** For those who cannot take an offer now: whether it is any good comes first. @throws RostrumError sdp-malformed | sdp-refused */
export type CheckOffer = (offer: string, direction: 'publish' | 'subscribe') => void;

/** How many speakers an offer to watch has sections for: those of the medium that it has more of. */
export type CountSlots = (offer: string) => number;

// ---------------------------------------------------------------- publishing

export interface PublishedTrack {
  media: Media;
  codec: SpeakerCodec | 'opus';
  clockRate: number;
}

/** One that viewers can be sent as it comes. */
export interface ForwardedTrack extends PublishedTrack {
  codec: VideoCodec | 'opus';
}

export interface PublisherEvents {
  /** A decrypted, authenticated RTP packet, retransmissions unwrapped. The buffer is the listener's. */
  rtp(media: Media, packet: Buffer, arrivalUs: number): void;
  senderReport(media: Media, report: { ntpUs: number; rtpTimestamp: number; arrivalUs: number }): void;
  /** How loud the sender says a packet of its sound is (RFC 6464), −127..0 dBov; only where it says so. */
  level?(levelDb: number, arrivalUs: number): void;
  /** The sender of `media` said goodbye (RTCP BYE) or the peer's state moved on. */
  state(state: PeerState, reason: string): void;
}

export interface Publisher {
  readonly answer: string;
  /** Entity tag of the ICE session, quoted, as HTTP wants it. */
  readonly etag: string;
  readonly tracks: PublishedTrack[];
  readonly state: PeerState;
  /** Asks for lost packets again (generic NACK); answered by RTX where negotiated. */
  nack(media: Media, sequences: number[]): void;
  /** PLI; rate-limited and coalesced by the publisher. */
  requestKeyFrame(): void;
  /** Caps what it sends by REMB, kbit/s; never above `RtcSettings.maxVideoKbps`. */
  limit?(kbps: number): void;
  /** Trickled candidates, or an ICE restart (then the answer fragment and a new `etag`). */
  patch(sdpFragment: string): Promise<{ answerFragment?: string }>;
  stats(): PublisherStats;
  close(): void;
}

export interface PublisherStats {
  packets: number;
  bytes: number;
  lostPackets: number;
  /** Round trip in ms, null until measured. */
  rttMs: number | null;
}

/** @throws RostrumError sdp-malformed | sdp-refused | full */
export type CreatePublisher = (
  offer: string,
  origin: PeerOrigin,
  settings: RtcSettings,
  events: PublisherEvents,
) => Promise<Publisher>;

// ---------------------------------------------------------------- relay

export interface RelayEvents {
  /** A whole picture or a frame of sound, as a delivery takes it (`mixer/protocol/picture.ts`). */
  picture(media: Media, bytes: Buffer): void;
  /** Numbers jump from here on. */
  restarted(media: Media): void;
  nack(media: Media, sequences: number[]): void;
  /** Pictures are missing: only a key frame helps those who watch. */
  broken(): void;
  /** Round trip to the sender in ms, null while unknown. */
  rttMs(): number | null;
}

/** What one publisher sends, made fit for a delivery without decoding it. */
export interface Relay {
  /** Those of its tracks that can be forwarded. */
  readonly tracks: ForwardedTrack[];
  /** Takes a packet as `PublisherEvents.rtp` gives it, and its buffer. */
  rtp(media: Media, packet: Buffer, arrivalUs: number): void;
  senderReport(media: Media, report: { ntpUs: number; rtpTimestamp: number }): void;
  /** What goes on and what is dropped; at the start everything goes on. */
  pass(wanted: Record<Media, boolean>): void;
  close(): void;
}

/** @param maxVideoKbps what the publisher is asked to keep to; a flood far beyond it is not forwarded */
export type CreateRelay = (tracks: PublishedTrack[], maxVideoKbps: number, events: RelayEvents) => Relay;

// ---------------------------------------------------------------- delivery

/**
 * Subscribers, their peer connections and the forwarder are reached by these messages only. They are
 * serialisable, so that a delivery can live in a worker thread as well as here.
 * A *source* is one stream of pictures or sound frames (`mixer/protocol/picture.ts`) under a name.
 */
export interface SourceDescription {
  source: string;
  media: Media;
  codec: VideoCodec | 'opus';
}

/** One of the sizes in which a picture can be had. */
export interface Rung {
  source: string;
  /** Height of the picture in pixels and its bit rate, as they are asked of the encoder. */
  height: number;
  kbps: number;
}

/**
 * What a video slot shows: the rungs of a ladder, best first, in each codec in which it can be had. The
 * subscriber climbs and descends on it by itself. A speaker who is forwarded has one rung in one codec.
 */
export type Feed = Partial<Record<VideoCodec, readonly Rung[]>>;

export type ToDelivery =
  | ({ type: 'add-source' } & SourceDescription)
  /** The source starts anew (its mixer was replaced): sequence numbers and timestamps will jump. */
  | { type: 'restart-source'; source: string }
  | { type: 'remove-source'; source: string }
  | { type: 'media'; source: string; picture: Uint8Array }
  /**
   * `audio` and `video` have an entry for each slot, null where nothing is shown for now. A slot is one
   * section of the offer, in the order of the offer; there are as many as the shorter of both. With one
   * video slot the first codec of `prefer` that the offer contains anywhere is chosen; with several, all
   * codecs in common are answered, so that a slot can change between speakers. Sources need not exist yet.
   */
  | {
      type: 'create';
      subscriber: string;
      offer: string;
      origin: PeerOrigin;
      audio: (string | null)[];
      /**
       * For each sound slot the same sound, coded with forward error correction (Opus in-band FEC, told to
       * expect ~10 % loss); it takes the place of `audio` while the viewer reports loss. Default none.
       */
      lossyAudio?: (string | null)[];
      video: (Feed | null)[];
      prefer: VideoCodec[];
    }
  | { type: 'patch'; subscriber: string; request: number; fragment: string }
  /** What a slot gives from now on; a picture changes at a key frame. Null: nothing. */
  | {
      type: 'select';
      subscriber: string;
      media: 'audio';
      slot: number;
      source: string | null;
      lossy?: string | null;
    }
  | { type: 'select'; subscriber: string; media: 'video'; slot: number; feed: Feed | null }
  /**
   * The viewer's own wish: pictures of at most this height (the smallest there is, where all are larger), 0
   * for sound only, null for what fits.
   */
  | { type: 'limit'; subscriber: string; maxHeight: number | null }
  /** A `fits` of this source is not followed: whoever waits for a lower rate changes to a smaller picture. */
  | { type: 'rate-kept'; source: string }
  | { type: 'close'; subscriber: string }
  | { type: 'stats'; request: number };

export interface SubscriberStats {
  subscriber: string;
  packets: number;
  bytes: number;
  retransmissions: number;
  /** Loss the viewer reported last, 0..1. */
  lossFraction: number;
  rttMs: number | null;
  /** Height of the picture it is sent in its first slot; null before the first, 0 while there is none. */
  height: number | null;
  /** What its downlink is believed to carry, kbit/s; null while nothing is known. */
  estimateKbps: number | null;
}

export type FromDelivery =
  /** `mids`: of each slot, in order. */
  | {
      type: 'created';
      subscriber: string;
      answer: string;
      etag: string;
      mids: { audio: string[]; video: string[] };
    }
  /**
   * All picture sources that a subscriber is sent or waits for, and those of `lossyAudio`, whenever they
   * change (first before or with `created`): these must be encoded, no others. A source that it waits for is
   * in the list beside the one it is still sent; the old one leaves it once the new one's key frame is there.
   */
  | { type: 'uses'; subscriber: string; sources: string[] }
  | { type: 'refused'; subscriber: string; code: 'sdp-malformed' | 'sdp-refused' | 'full'; detail: string }
  | { type: 'patched'; request: number; etag: string; answerFragment?: string }
  | {
      type: 'patch-failed';
      request: number;
      code: 'no-such-session' | 'sdp-malformed' | 'sdp-refused';
      detail: string;
    }
  | { type: 'state'; subscriber: string; state: PeerState; reason: string }
  /** Coalesced: at most one per source until its next key frame, and rate-limited. */
  | { type: 'key-frame-wanted'; source: string }
  /**
   * At which rate a rung would suit everybody who is sent it: below its own when nobody's network carries
   * that, above when everybody's carries more, its own again when they differ. At most one in 3 s per
   * source, when it changes by a tenth, and every 15 s again while it is another than the rung's own; `kbps`
   * is between 0.6 and 1.25 of the rung's. Follow it with `encoder-rate` (x264 at once; VP8 from its next key
   * frame, which need not be asked for), or answer `rate-kept`. What a source really takes is measured. The rungs of feeds keep the rate they were given.
   *
   * `leastKbps` and `mostKbps` are what the worst and the best provided of them could take of it: several
   * deliveries of one source are merged with `fittingKbps` (`deliver/advice.ts`) over the least and the most
   * of them all.
   */
  | { type: 'fits'; source: string; rungKbps: number; kbps: number; leastKbps: number; mostKbps: number }
  | { type: 'stats'; request: number; subscribers: SubscriberStats[] };

export interface Delivery {
  post(message: ToDelivery): void;
  /** Its threads; none where it lives in the caller's. */
  threads?(): ThreadLoad[];
  /** How late the latest of its threads was in the last second: 99th percentile, ms. */
  lagMs?(): number;
  close(): Promise<void>;
}

export interface ThreadLoad {
  /** `delivery-1` and so on; the name of one that died is given again. */
  thread: string;
  subscribers: number;
  /** 99th percentile of how late its event loop was in the last 15 s, ms. */
  lagP99Ms: number;
  lag: LagHistogram;
  /** Pictures that it was not given because it was too far behind. */
  droppedPictures: number;
}

/** How late an event loop was, counted every 10 ms since its thread started. */
export interface LagHistogram {
  /** Upper bounds, ascending; what is above the last one is counted behind it. */
  boundsMs: readonly number[];
  counts: readonly number[];
  sumMs: number;
}

/** Where a delivery says what its operator should know. */
export interface DeliveryLog {
  error(fields: object, message: string): void;
}

export type CreateDelivery = (settings: RtcSettings, receive: (message: FromDelivery) => void) => Delivery;
