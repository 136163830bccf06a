/**
 * One stream to one viewer: what it is fed from, and what it has sent. It changes its source only where
 * a decoder can follow (a key frame; for sound anywhere), and the viewer sees no seam.
 */

import { randomInt } from 'node:crypto';
import type { Media } from '../contract.ts';
import type { SenderReport } from '../rtcp/packet.ts';
import { wrapRtx } from '../rtp/rtx.ts';
import type { OfferedCodec } from '../sdp/codecs.ts';
import { TokenBucket } from '../tokenBucket.ts';
import type { Forwarder, Receiver, Run } from './forwarder.ts';
import type { ReadPicture } from './pictureReader.ts';
import { RetransmissionBudget } from './retransmission.ts';
import { Rewriter } from './rewriter.ts';

/** Timestamp step between pictures that are sent at once to catch up: 1 ms. */
const REPLAY_STEP = 90;
/** A viewer's own key frame requests per second, and at once. */
const KEY_FRAMES: [perSecond: number, burst: number] = [0.5, 3];
const REPLAY_INTERVAL_US = 500_000;

/** All tracks of this thread write their packets here, one after the other. */
const scratch = Buffer.allocUnsafeSlow(2048);
const MAX_PACKET_BYTES = 1900;

export interface TrackEvents {
  /** Encrypts and sends `packet[0..length)`; the buffer is used again afterwards. */
  send(packet: Buffer, length: number): void;
  /** The first picture went out: time for a sender report. */
  started(): void;
}

export class OutgoingTrack implements Receiver {
  readonly media: Media;
  readonly ssrc = randomInt(1, 2 ** 32);
  readonly rtxSsrc: number | undefined;
  packets = 0;
  bytes = 0;
  retransmissions = 0;
  readonly #codec: OfferedCodec;
  readonly #events: TrackEvents;
  readonly #rewriter: Rewriter<Run>;
  readonly #keyFrames = new TokenBucket(...KEY_FRAMES);
  #budget: RetransmissionBudget | undefined;
  #rtxSequence = randomInt(0, 0x8000);
  #forwarder: Forwarder;
  #next: Forwarder | undefined;
  #open = false;
  #replayedUs = -Infinity;
  /** The last picture sent: what sender reports count from. */
  #last: { ptsUs: number; timestamp: number } | undefined;

  constructor(media: Media, codec: OfferedCodec, forwarder: Forwarder, events: TrackEvents) {
    this.media = media;
    this.#codec = codec;
    this.#forwarder = forwarder;
    this.#events = events;
    forwarder.hold(this);
    this.rtxSsrc = codec.rtx === undefined || !codec.feedback.has('nack') ? undefined : randomInt(1, 2 ** 32);
    this.#rewriter = new Rewriter(this.ssrc, codec.payloadType, codec.codec === 'vp8');
  }

  /** The viewer is connected: begin with what the source has, or wish for a key frame. */
  open(nowUs: number): void {
    this.#open = true;
    this.#forwarder.add(this);
    if (this.media === 'video' && !this.#replay(this.#forwarder, nowUs)) this.#forwarder.wantKeyFrame();
  }

  /** Changes to another source of the same codec at its next key frame. */
  select(forwarder: Forwarder, nowUs: number): void {
    if (forwarder === this.#next) return;
    this.#next?.delete(this);
    this.#next = undefined;
    if (forwarder === this.#forwarder) return;
    if (!this.#open) {
      this.#forwarder.delete(this);
      this.#forwarder = forwarder;
      forwarder.hold(this);
      return;
    }
    this.#next = forwarder;
    forwarder.add(this);
    if (this.media === 'video' && !this.#replay(forwarder, nowUs)) forwarder.wantKeyFrame();
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
    this.#change(forwarder);
    this.#begin(picture, this.#timestampAt(picture.ptsUs));
    this.#write(picture);
  }

  /** The viewer cannot decode any more. Young pictures are repeated to it alone, else a new one is wished for. */
  keyFrameWanted(nowUs: number): void {
    if (this.media !== 'video' || !this.#open) return;
    if (nowUs - this.#replayedUs < REPLAY_INTERVAL_US) return;
    if (this.#next === undefined && this.#replay(this.#forwarder, nowUs)) return;
    if (this.#keyFrames.take(nowUs)) this.#forwarder.wantKeyFrame();
  }

  /** Sends a lost packet again, when it is still there and the budget allows. */
  retransmit(sequence: number, rttMs: number | null, nowUs: number): void {
    const origin = this.#rewriter.origin(sequence);
    const forwarder = origin?.stretch.source.forwarder;
    if (origin === undefined || forwarder?.run !== origin.stretch.source) return;
    const packet = forwarder.cache.get(origin.sequence, nowUs);
    if (packet === undefined) return;
    this.#budget ??= new RetransmissionBudget();
    if (!this.#budget.allow(sequence, packet.length, rttMs, nowUs)) return;
    let length = this.#rewriter.write(packet, origin.stretch, scratch);
    if (this.rtxSsrc !== undefined) {
      this.#rtxSequence = (this.#rtxSequence + 1) & 0xffff;
      const rtx = { ssrc: this.rtxSsrc, payloadType: this.#codec.rtx!, sequence: this.#rtxSequence };
      length = wrapRtx(scratch, length, rtx);
    }
    this.retransmissions++;
    this.#events.send(scratch, length);
  }

  /** What a sender report says now; undefined before the first picture. */
  report(nowUs: number, ntpUs: number): SenderReport | undefined {
    if (this.#last === undefined) return undefined;
    const elapsed = Math.round(((nowUs - this.#last.ptsUs) * this.#codec.clockRate) / 1e6);
    const rtpTimestamp = (this.#last.timestamp + elapsed) >>> 0;
    return { ssrc: this.ssrc, ntpUs, rtpTimestamp, packets: this.packets, bytes: this.bytes };
  }

  close(): void {
    this.#open = false;
    this.#forwarder.delete(this);
    this.#next?.delete(this);
  }

  #continues(forwarder: Forwarder): boolean {
    return this.#rewriter.current?.source === forwarder.run;
  }

  #change(forwarder: Forwarder): void {
    if (forwarder === this.#next) this.#next = undefined;
    if (forwarder === this.#forwarder) return;
    this.#forwarder.delete(this);
    this.#forwarder = forwarder;
  }

  /**
   * Sends the young pictures of a source at once. Their timestamps lie 1 ms apart, so that the viewer
   * decodes them at once, too, and shows the newest.
   */
  #replay(forwarder: Forwarder, nowUs: number): boolean {
    const pictures = forwarder.young(nowUs);
    const newest = pictures.at(-1);
    if (newest === undefined) return false;
    this.#replayedUs = nowUs;
    this.#change(forwarder);
    const goal = this.#timestampAt(newest.ptsUs);
    const squeezed = (goal - (pictures.length - 1) * REPLAY_STEP) >>> 0;
    const ahead = (squeezed - this.#rewriter.lastTimestamp) | 0;
    let timestamp =
      this.#last === undefined || ahead > 0 ? squeezed : this.#rewriter.lastTimestamp + REPLAY_STEP;
    for (const picture of pictures) {
      this.#begin(picture, timestamp >>> 0);
      this.#write(picture);
      timestamp += REPLAY_STEP;
    }
    return true;
  }

  /** Outgoing timestamp of `ptsUs`, as far after the last one as it is in time. */
  #timestampAt(ptsUs: number): number {
    const last = this.#last;
    if (last === undefined) return this.#rewriter.lastTimestamp;
    const elapsed = Math.round(((ptsUs - last.ptsUs) * this.#codec.clockRate) / 1e6);
    return (last.timestamp + Math.max(1, elapsed)) >>> 0;
  }

  #begin(picture: ReadPicture, timestamp: number): void {
    const first = picture.buffer.subarray(picture.bounds[0], picture.bounds[1]);
    this.#rewriter.begin(this.#forwarder.run, first, timestamp);
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
