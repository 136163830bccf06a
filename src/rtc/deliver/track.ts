/**
 * One stream to one viewer: what it is fed from, and what it has sent. It changes its source only where
 * a decoder can follow (a key frame; for sound anywhere), and the viewer sees no seam. Without a source
 * it sends nothing, and goes on later.
 */

import { randomInt } from 'node:crypto';
import type { Media } from '../contract.ts';
import type { SenderReport } from '../rtcp/packet.ts';
import { wrapRtx } from '../rtp/rtx.ts';
import { rtxOf } from '../sdp/answer.ts';
import type { OfferedCodec } from '../sdp/codecs.ts';
import { sequenceDistance } from '../sequence.ts';
import { TokenBucket } from '../tokenBucket.ts';
import type { Forwarder, Receiver, Run } from './forwarder.ts';
import type { ReadPicture } from './pictureReader.ts';
import { RetransmissionBudget } from './retransmission.ts';
import { Rewriter, type StreamFormat } from './rewriter.ts';

/** Timestamp step between pictures that are sent at once to catch up: 1 ms. */
const REPLAY_STEP = 90;
/** A viewer's own key frame requests per second, and at once. */
const KEY_FRAMES: [perSecond: number, burst: number] = [0.5, 3];
const REPLAY_INTERVAL_US = 500_000;
/** Two sources hold the same sound when it begins less than half a frame apart. */
const SAME_SOUND_US = 10_000;

/** All tracks of this thread write their packets here, one after the other. */
const scratch = Buffer.allocUnsafeSlow(2048);
const MAX_PACKET_BYTES = 1900;

export interface TrackEvents {
  /** Encrypts and sends `packet[0..length)`; the buffer is used again afterwards. */
  send(packet: Buffer, length: number): void;
  /** The first picture went out: time for a sender report. */
  started(): void;
  /** `sources` are others now. */
  changed(): void;
}

export class OutgoingTrack implements Receiver {
  readonly media: Media;
  readonly ssrc = randomInt(1, 2 ** 32);
  readonly rtxSsrc: number | undefined;
  packets = 0;
  bytes = 0;
  retransmissions = 0;
  readonly #formats: ReadonlyMap<string, StreamFormat>;
  readonly #clockRate: number;
  readonly #events: TrackEvents;
  readonly #rewriter = new Rewriter<Run>(this.ssrc);
  readonly #keyFrames = new TokenBucket(...KEY_FRAMES);
  #budget: RetransmissionBudget | undefined;
  #rtxSequence = randomInt(0, 0x8000);
  #forwarder: Forwarder | undefined;
  #next: Forwarder | undefined;
  #open = false;
  #replayedUs = -Infinity;
  /** What was sent before is not repaired. */
  #repairedFrom: number | undefined;
  /** The last picture sent: what sender reports count from. */
  #last: { ptsUs: number; timestamp: number } | undefined;

  /** @param codecs everything its section was answered with; the source's own is used */
  constructor(media: Media, codecs: readonly OfferedCodec[], events: TrackEvents) {
    this.media = media;
    this.#events = events;
    this.#clockRate = codecs[0]!.clockRate;
    this.#formats = new Map(codecs.map((codec) => [codec.codec, formatOf(codec)]));
    this.rtxSsrc = codecs.some((codec) => rtxOf(codec) !== undefined) ? randomInt(1, 2 ** 32) : undefined;
  }

  /** What it is fed from, and what it waits for. */
  get sources(): string[] {
    return [this.#forwarder, this.#next].flatMap((each) => each?.source ?? []);
  }

  /** The source of what is sent now. */
  get current(): string | undefined {
    return this.#last === undefined ? undefined : this.#forwarder?.source;
  }

  /** The source it shall have: the one it waits for, or has. */
  get wanted(): string | undefined {
    return (this.#next ?? this.#forwarder)?.source;
  }

  /** The viewer is connected: begin with what the source has, or wish for a key frame. */
  open(nowUs: number): void {
    this.#open = true;
    const forwarder = this.#forwarder;
    if (forwarder === undefined) return;
    forwarder.add(this);
    if (this.media === 'video' && !this.#replay(forwarder, nowUs)) forwarder.wantKeyFrame();
  }

  /**
   * Changes to another source, or to none.
   *
   * @param abandon the old one is given up at once, with all repairs, instead of at the new one's first
   *   key frame: for a network that cannot carry it
   */
  select(forwarder: Forwarder | null, nowUs: number, abandon = false): void {
    const before = this.#forwarder;
    const waiting = this.#next;
    if (forwarder !== waiting) {
      this.#next = undefined;
      if (waiting !== before) waiting?.delete(this);
    }
    if (forwarder === null || (abandon && forwarder !== before)) this.#abandon(abandon);
    if (forwarder !== null && forwarder !== this.#forwarder && forwarder !== this.#next) {
      this.#await(forwarder, nowUs);
    }
    if (this.#forwarder !== before || this.#next !== waiting) this.#events.changed();
  }

  waitsFor(forwarder: Forwarder): boolean {
    if (this.media !== 'video') return false;
    return forwarder === this.#next || (forwarder === this.#forwarder && !this.#continues(forwarder));
  }

  picture(forwarder: Forwarder, picture: ReadPicture): void {
    if (forwarder === this.#forwarder && this.#continues(forwarder)) {
      this.#write(picture);
      return;
    }
    if (this.media === 'video' && !picture.keyFrame) {
      if (forwarder === this.#forwarder && this.#next === undefined) forwarder.wantKeyFrame();
      return;
    }
    const format = this.#formatOf(forwarder);
    if (format === undefined || this.#wasHeard(forwarder, picture)) return;
    this.#change(forwarder);
    this.#begin(forwarder, format, picture, this.#timestampAt(picture.ptsUs));
    this.#write(picture);
  }

  /** The viewer cannot decode any more. Young pictures are repeated to it alone, else a new one is wished for. */
  keyFrameWanted(nowUs: number): void {
    const forwarder = this.#forwarder;
    if (this.media !== 'video' || !this.#open || forwarder === undefined) return;
    if (nowUs - this.#replayedUs < REPLAY_INTERVAL_US) return;
    if (this.#next === undefined && this.#replay(forwarder, nowUs)) return;
    if (this.#keyFrames.take(nowUs)) forwarder.wantKeyFrame();
  }

  /** Sends a lost packet again, when it is still there and the budget allows. */
  retransmit(sequence: number, rttMs: number | null, nowUs: number): void {
    if (this.#repairedFrom !== undefined && sequenceDistance(sequence, this.#repairedFrom) < 0) return;
    const origin = this.#rewriter.origin(sequence);
    const forwarder = origin?.stretch.source.forwarder;
    if (origin === undefined || forwarder?.run !== origin.stretch.source) return;
    const packet = forwarder.cache.get(origin.sequence, nowUs);
    if (packet === undefined) return;
    this.#budget ??= new RetransmissionBudget();
    if (!this.#budget.allow(sequence, packet.length, rttMs, nowUs)) return;
    let length = this.#rewriter.write(packet, origin.stretch, scratch);
    const payloadType = origin.stretch.format.rtx;
    if (this.rtxSsrc !== undefined && payloadType !== undefined) {
      this.#rtxSequence = (this.#rtxSequence + 1) & 0xffff;
      length = wrapRtx(scratch, length, { ssrc: this.rtxSsrc, payloadType, sequence: this.#rtxSequence });
    }
    this.retransmissions++;
    this.#events.send(scratch, length);
  }

  /** What a sender report says now; undefined before the first picture and while there is no source. */
  report(nowUs: number, ntpUs: number): SenderReport | undefined {
    if (this.#last === undefined || this.wanted === undefined) return undefined;
    const elapsed = Math.round(((nowUs - this.#last.ptsUs) * this.#clockRate) / 1e6);
    const rtpTimestamp = (this.#last.timestamp + elapsed) >>> 0;
    return { ssrc: this.ssrc, ntpUs, rtpTimestamp, packets: this.packets, bytes: this.bytes };
  }

  close(): void {
    this.#open = false;
    this.#forwarder?.delete(this);
    this.#next?.delete(this);
  }

  #abandon(repairsToo: boolean): void {
    this.#forwarder?.delete(this);
    this.#forwarder = undefined;
    if (repairsToo) this.#repairedFrom = (this.#rewriter.lastSequence + 1) & 0xffff;
  }

  #await(forwarder: Forwarder, nowUs: number): void {
    if (!this.#open) {
      this.#forwarder?.delete(this);
      this.#forwarder = forwarder;
      forwarder.hold(this);
      return;
    }
    this.#next = forwarder;
    forwarder.add(this);
    if (this.media === 'video' && !this.#replay(forwarder, nowUs)) forwarder.wantKeyFrame();
  }

  #continues(forwarder: Forwarder): boolean {
    return this.#rewriter.current?.source === forwarder.run;
  }

  /** Both encoders code the same sound: what one has sent must not come again from the other. */
  #wasHeard(forwarder: Forwarder, picture: ReadPicture): boolean {
    if (this.media !== 'audio' || forwarder === this.#forwarder || this.#last === undefined) return false;
    return Math.abs(picture.ptsUs - this.#last.ptsUs) < SAME_SOUND_US;
  }

  #formatOf(forwarder: Forwarder): StreamFormat | undefined {
    return this.#formats.get(forwarder.description?.codec ?? '');
  }

  #change(forwarder: Forwarder): void {
    if (forwarder !== this.#forwarder) this.#forwarder?.delete(this);
    const changed = forwarder !== this.#forwarder || forwarder === this.#next;
    this.#forwarder = forwarder;
    if (forwarder === this.#next) this.#next = undefined;
    if (changed) this.#events.changed();
  }

  /**
   * Sends the young pictures of a source at once. Their timestamps lie 1 ms apart, so that the viewer
   * decodes them at once, too, and shows the newest.
   */
  #replay(forwarder: Forwarder, nowUs: number): boolean {
    const pictures = forwarder.young(nowUs);
    const newest = pictures.at(-1);
    const format = this.#formatOf(forwarder);
    if (newest === undefined || format === undefined) return false;
    this.#replayedUs = nowUs;
    this.#change(forwarder);
    const goal = this.#timestampAt(newest.ptsUs);
    const squeezed = (goal - (pictures.length - 1) * REPLAY_STEP) >>> 0;
    const ahead = (squeezed - this.#rewriter.lastTimestamp) | 0;
    let timestamp =
      this.#last === undefined || ahead > 0 ? squeezed : this.#rewriter.lastTimestamp + REPLAY_STEP;
    for (const picture of pictures) {
      this.#begin(forwarder, format, picture, timestamp >>> 0);
      this.#write(picture);
      timestamp += REPLAY_STEP;
    }
    return true;
  }

  /** Outgoing timestamp of `ptsUs`, as far after the last one as it is in time. */
  #timestampAt(ptsUs: number): number {
    const last = this.#last;
    if (last === undefined) return this.#rewriter.lastTimestamp;
    const elapsed = Math.round(((ptsUs - last.ptsUs) * this.#clockRate) / 1e6);
    return (last.timestamp + Math.max(1, elapsed)) >>> 0;
  }

  #begin(forwarder: Forwarder, format: StreamFormat, picture: ReadPicture, timestamp: number): void {
    const first = picture.buffer.subarray(picture.bounds[0], picture.bounds[1]);
    this.#rewriter.begin(forwarder.run, format, first, timestamp);
  }

  #write(picture: ReadPicture): void {
    const { buffer, bounds } = picture;
    for (let i = 0; i < bounds.length; i += 2) {
      const start = bounds[i]!;
      const end = bounds[i + 1]!;
      if (end - start > MAX_PACKET_BYTES) continue;
      const length = this.#rewriter.next(buffer.subarray(start, end), scratch);
      if (length === 0) continue;
      this.packets++;
      this.bytes += length - 12;
      this.#events.send(scratch, length);
    }
    const timestamp = (picture.rtpTimestamp + (this.#rewriter.current?.timestamp ?? 0)) >>> 0;
    const first = this.#last === undefined;
    this.#last = { ptsUs: picture.ptsUs, timestamp };
    if (first) this.#events.started();
  }
}

function formatOf(codec: OfferedCodec): StreamFormat {
  return { payloadType: codec.payloadType, rtx: rtxOf(codec), vp8: codec.codec === 'vp8' };
}
