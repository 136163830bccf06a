import type { Frame } from 'node-av/lib';
import type { SpeakerCodec } from '../protocol/control.ts';
import { Av1Depacketizer } from '../rtp/av1.ts';
import type { CodedFrame, Depacketizer } from '../rtp/frame.ts';
import { H264Depacketizer } from '../rtp/h264.ts';
import { JitterBuffer, type JitterItem, videoJitter } from '../rtp/jitterBuffer.ts';
import { Vp8Depacketizer } from '../rtp/vp8.ts';
import { Vp9Depacketizer } from '../rtp/vp9.ts';
import type { SourceTimeline } from '../sync/sourceTimeline.ts';
import { TrackClock } from '../sync/trackClock.ts';
import type { TrackTap } from '../trackTap.ts';
import type { Reading } from '../workClock.ts';
import { DecodeBudget } from './decodeBudget.ts';
import { VideoDecoder } from './decoder.ts';
import { giveFrame } from './framePool.ts';
import { type RefusalCode, Refusals } from './refusals.ts';

/** A decoded picture on the room's timeline. Whoever takes it gives its frame back. */
export interface TimedPicture {
  frame: Frame;
  captureUs: number;
  /** When the last packet of what was decoded came. */
  arrivalUs: number;
  /** The moment it belongs to, of pictures that come at times of their own. */
  dueUs?: number;
}

export interface VideoTrackEvents {
  nack(sequences: number[]): void;
  keyFrameWanted(): void;
  refused(code: RefusalCode, detail: string): void;
  accepted(): void;
}

const depacketizers = {
  vp8: Vp8Depacketizer,
  h264: H264Depacketizer,
  vp9: Vp9Depacketizer,
  av1: Av1Depacketizer,
} satisfies Record<SpeakerCodec, new () => Depacketizer>;

/** Coded frames held between two ticks, at most. */
const MAX_CODED = 240;

/** Pictures held for their moment, at most. */
const MAX_QUEUE = 16;

/** Pause between two requests for a key frame, and while its sender has been told that we refuse it. */
const KEY_FRAME_INTERVAL_US = 500_000;
const REFUSED_INTERVAL_US = 2_000_000;

/** Pictures that a decoder may hold back to put them in order (B-frames; H.264 A.3.1 allows 16). */
const MAX_HELD_BACK = 16;

/** Decoding of one source in one go: what is left waits for the next tick, so that sound and picture can go on. */
const MOST_AT_ONCE_US = 15_000;

/** Errors in a row after which the sender is told that nothing can be made of its stream. */
const ERRORS_UNTIL_REFUSED = 30;

/**
 * One speaker's video, packet to picture: jitter buffer ▶ depacketize ▶ size check ▶ decode ▶ queue.
 * Loss flows through: after one, frames are dropped until a key frame when decoding cannot go on.
 */
export class VideoTrack {
  readonly clock = new TrackClock(90_000);
  readonly #codec: SpeakerCodec;
  readonly #maxPixels: number;
  readonly #timeline: SourceTimeline;
  readonly #events: VideoTrackEvents;
  readonly #jitter = new JitterBuffer(videoJitter);
  readonly #depacketizer: Depacketizer;
  readonly #budget = new DecodeBudget();
  readonly #stopwatch: () => Reading;
  #isSparing = false;
  /** Whole frames that wait for the next tick. */
  #coded: CodedFrame[] = [];
  #decoder: VideoDecoder | undefined;
  #queue: TimedPicture[] = [];
  #needsKeyFrame = true;
  #lastKeyRequestUs = Number.NEGATIVE_INFINITY;
  #errors = 0;
  /** Frames in a row that were taken by the decoder and gave no picture. */
  #heldBack = 0;
  /** The last size announced is over the limit: whatever refers to it is refused, too. */
  #isTooLarge = false;
  readonly #refusals: Refusals;
  #ssrc: number | undefined;
  /** As the last key frame announced it. */
  #size = { width: 0, height: 0 };
  #closed = false;
  /** Hears the frames that can be decoded. */
  tap: TrackTap | undefined;
  decodedFrames = 0;
  /** Since when nothing could be decoded; undefined while decoding goes on. */
  brokenSinceUs: number | undefined;

  /** @param stopwatch what decoding costs is read from it; without one it costs nothing */
  constructor(
    codec: SpeakerCodec,
    maxPixels: number,
    timeline: SourceTimeline,
    events: VideoTrackEvents,
    stopwatch: () => Reading = () => ({ timeUs: 0, workUs: 0 }),
  ) {
    this.#stopwatch = stopwatch;
    this.#refusals = new Refusals(events.refused, events.accepted);
    this.#codec = codec;
    this.#maxPixels = maxPixels;
    this.#timeline = timeline;
    this.#events = events;
    this.#depacketizer = new depacketizers[codec]();
  }

  get lostPackets(): number {
    return this.#jitter.lostPackets;
  }

  push(packet: Buffer, arrivalUs: number): void {
    if (!this.#closed) this.#take(this.#jitter.push(packet, arrivalUs));
  }

  /** Packets are missing: `poll` wants to be called every few milliseconds. */
  get waiting(): boolean {
    return this.#jitter.waiting;
  }

  /** Losses are noticed and asked for again. */
  poll(nowUs: number): void {
    if (this.#closed || !this.#jitter.waiting) return;
    this.#take(this.#jitter.poll(nowUs));
    const wanted = this.#jitter.nacks(nowUs);
    if (wanted.length > 0) this.#events.nack(wanted);
  }

  /** The newest picture that is due, `aheadUs` early at most; null when there is no newer one than before. */
  due(nowUs: number, aheadUs = 0): TimedPicture | null {
    let chosen: TimedPicture | null = null;
    const isDue = ({ captureUs }: TimedPicture) => this.#timeline.dueUs(captureUs, nowUs) <= nowUs + aheadUs;
    while (this.#queue.length > 0 && isDue(this.#queue[0]!)) {
      if (chosen !== null) giveFrame(chosen.frame);
      chosen = this.#queue.shift()!;
    }
    if (chosen === null) return null;
    this.#timeline.notePictureShown(chosen.captureUs, nowUs);
    return { ...chosen, dueUs: this.#timeline.dueUs(chosen.captureUs, nowUs) };
  }

  close(): void {
    this.#closed = true;
    this.#decoder?.close();
    this.#decoder = undefined;
    for (const picture of this.#queue) giveFrame(picture.frame);
    this.#queue = [];
    this.#coded = [];
  }

  /**
   * Decodes what has come since the last call. All tracks do it at the tick, one after the other, and the
   * composition and the encoder follow: with warm caches that costs a tenth less than frame by frame.
   *
   * @param between called after each frame, so that what must not wait does not
   */
  decode(nowUs: number, between: () => void = () => {}): void {
    const coded = this.#coded;
    this.#coded = [];
    let spentUs = 0;
    for (const [at, frame] of coded.entries()) {
      if (this.#closed) return;
      if (!this.#budget.allows(nowUs)) {
        this.#spare(nowUs);
        return;
      }
      this.#isSparing = false;
      if (spentUs > MOST_AT_ONCE_US) {
        this.#coded = coded.slice(at);
        return;
      }
      const start = this.#stopwatch();
      this.#decode(frame, nowUs);
      const end = this.#stopwatch();
      this.#budget.spend(end.timeUs - start.timeUs, end.workUs - start.workUs);
      spentUs += end.timeUs - start.timeUs;
      between();
    }
  }

  /** What waits is dropped: its sender is asked for a key frame when there is time for it again. */
  #spare(nowUs: number): void {
    this.#needsKeyFrame = true;
    if (!this.#isSparing) this.#refusals.spare(this.#size, nowUs);
    this.#isSparing = true;
  }

  /** Frames are few between two ticks; more than a second of them means that nobody ticks. */
  #await(frame: CodedFrame): void {
    this.#coded.push(frame);
    if (this.#coded.length <= MAX_CODED) return;
    this.#coded.shift();
    this.#coded[0]!.afterLoss = true;
  }

  #take(items: JitterItem[]): void {
    for (const item of items) {
      if ('lost' in item) {
        this.#depacketizer.lost();
      } else {
        this.#noteSender(item.ssrc);
        const frame = this.#depacketizer.push(item);
        if (frame !== null) this.#await(frame);
      }
    }
  }

  #noteSender(ssrc: number): void {
    if (this.#ssrc !== undefined && this.#ssrc !== ssrc) this.clock.restart();
    this.#ssrc = ssrc;
  }

  #decode(frame: CodedFrame, nowUs: number): void {
    if (frame.afterLoss) this.#needsKeyFrame = true;
    if (frame.size !== undefined) this.#noteSize(frame.size);
    if (this.#isTooLarge) this.#refuseSize(nowUs);
    if (this.#isTooLarge || (this.#needsKeyFrame && !frame.keyFrame)) {
      this.#fail(nowUs);
      return;
    }
    const ticks = this.clock.unwrap(frame.rtpTimestamp);
    this.clock.noteArrival(ticks, frame.arrivalUs);
    this.#decoder ??= new VideoDecoder(this.#codec, this.#maxPixels);
    const decoded = this.#decoder.decode(frame, ticks);
    if (decoded === null || 'picture' in decoded) this.#tell(frame, ticks);
    if (decoded === null) {
      // With B-frames the pictures of a key frame and of those after it come later: decoding goes on.
      this.#needsKeyFrame = false;
      if (++this.#heldBack > MAX_HELD_BACK) this.#failDecoding(nowUs);
      return;
    }
    if ('error' in decoded) {
      this.#failDecoding(nowUs);
      return;
    }
    this.#succeed();
    // With B-frames it is not the picture that was put in which comes out.
    const shownTicks = Number(decoded.picture.pts);
    const captureUs = this.#timeline.captureUs(this.clock, shownTicks);
    this.#timeline.notePictureReady(captureUs, nowUs);
    this.#enqueue({ frame: decoded.picture, captureUs, arrivalUs: frame.arrivalUs });
  }

  #tell({ keyFrame, data: bytes }: CodedFrame, ticks: number): void {
    const ptsUs = this.#timeline.captureUs(this.clock, ticks);
    this.tap?.({ keyFrame, ptsUs, durationUs: 0, ...this.#size, bytes });
  }

  #noteSize(size: { width: number; height: number }): void {
    this.#size = size;
    const { width, height } = size;
    this.#isTooLarge = width * height > this.#maxPixels || width < 2 || height < 2;
    if (this.#isTooLarge) this.#needsKeyFrame = true;
  }

  #refuseSize(nowUs: number): void {
    const { width, height } = this.#size;
    const detail = `${width}×${height} is not within the limit of ${this.#maxPixels} pixels`;
    this.#refusals.refuse('picture-too-large', detail, nowUs);
  }

  #enqueue(picture: TimedPicture): void {
    this.#queue.push(picture);
    if (this.#queue.length > MAX_QUEUE) this.#thinOut();
  }

  /** Leaves out the picture that is missed least: a fast camera loses rate, not its place in time. */
  #thinOut(): void {
    const gapAround = (at: number) => this.#queue[at + 1]!.captureUs - this.#queue[at - 1]!.captureUs;
    let least = 1;
    for (let at = 2; at < this.#queue.length - 1; at++) if (gapAround(at) < gapAround(least)) least = at;
    giveFrame(this.#queue.splice(least, 1)[0]!.frame);
  }

  #succeed(): void {
    this.decodedFrames++;
    this.#needsKeyFrame = false;
    this.#errors = 0;
    this.#heldBack = 0;
    this.brokenSinceUs = undefined;
    this.#refusals.accept();
  }

  #failDecoding(nowUs: number): void {
    this.#needsKeyFrame = true;
    this.#heldBack = 0;
    // After garbage libavcodec's H.264 decoder may hold pictures back for ever: the next one starts clean.
    this.#decoder?.close();
    this.#decoder = undefined;
    this.#errors++;
    if (this.#errors === ERRORS_UNTIL_REFUSED) {
      this.#refusals.refuse(
        'undecodable',
        `the last ${this.#errors} pictures could not be decoded as ${this.#codec}`,
        nowUs,
      );
    }
    this.#fail(nowUs);
  }

  #fail(nowUs: number): void {
    this.brokenSinceUs ??= nowUs;
    const intervalUs = this.#refusals.isRefused ? REFUSED_INTERVAL_US : KEY_FRAME_INTERVAL_US;
    if (nowUs - this.#lastKeyRequestUs < intervalUs) return;
    this.#lastKeyRequestUs = nowUs;
    this.#events.keyFrameWanted();
  }
}
