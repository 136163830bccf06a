import { writePicture } from '../../../mixer/protocol/picture.ts';
import type { PublishedTrack } from '../contract.ts';
import { RTP_HEADER } from '../rtp/header.ts';
import { TokenBucket } from '../tokenBucket.ts';
import { payloadReader } from './payload.ts';
import { PictureAssembler, type WholePicture } from './pictureAssembler.ts';
import { type PlainPacket, plainPacket } from './plainPacket.ts';
import { type InOrder, ReorderBuffer } from './reorderBuffer.ts';
import type { SenderClock, SenderTimeline } from './senderClock.ts';
import { UplinkLimit } from './uplinkLimit.ts';

/** Sound is worth nothing late: a missing packet is waited for only as long as reordering takes. */
const SOUND_WAIT_US = 20_000;
const PICTURE_WAIT_US = 150_000;
/** On a long path a lost packet needs a round trip and a half to come again; after this nobody waits. */
const LONGEST_WAIT_US = 400_000;
/** A jump this far ahead or back is a sender that began anew, once the next packet follows it (RFC 3550 A.1). */
const MAX_JUMP = 1_000;
/** Beginnings anew per second, and at once: each makes every viewer wait for a key frame. */
const RESTARTS: [perSecond: number, burst: number] = [1, 5];
/**
 * Packets lost in a row that viewers may see: more of them would look as if it were their own networks that
 * cannot carry what they are sent. Without them a viewer can go on only with a key frame anyway.
 */
const MOST_LOST = { audio: 8, video: 24 } as const;
/** More than Opus can be, kbit/s. */
const SOUND_KBPS = 510;
/** Bytes that a packet counts for at least: sending it to every viewer costs the same, however short it is. */
const LEAST_COST = 400;
/** Packets asked for again per second, and at once. */
const ASKS: [perSecond: number, burst: number] = [300, 300];

export interface StreamEvents {
  /** A whole picture or a frame of sound (`mixer/protocol/picture.ts`). */
  picture(bytes: Buffer): void;
  /** Numbers jump from here on. */
  restarted(): void;
  nack(sequences: number[]): void;
  /** Pictures are missing: those that follow cannot be decoded. */
  broken(): void;
}

/** One stream of a speaker, from its packets to what a delivery takes. */
export class StreamRelay {
  readonly #track: PublishedTrack;
  readonly #timeline: SenderTimeline;
  readonly #events: StreamEvents;
  readonly #restarts = new TokenBucket(...RESTARTS);
  readonly #asks = new TokenBucket(...ASKS);
  readonly #limit: UplinkLimit;
  #ssrc: number | undefined;
  #clock: SenderClock;
  #buffer: ReorderBuffer<PlainPacket>;
  #assembler: PictureAssembler | undefined;
  /** Numbers of the source that were never sent on, because there was nothing in them. */
  #skipped = 0;
  /** Packets lost right before those that were skipped. */
  #lost = 0;
  /** The number that would follow one that seemed to have jumped. */
  #suspect = -1;
  #nowUs = 0;

  /** @param maxVideoKbps what the speaker is asked to keep to */
  constructor(track: PublishedTrack, timeline: SenderTimeline, maxVideoKbps: number, events: StreamEvents) {
    this.#track = track;
    this.#limit = new UplinkLimit(track.media === 'audio' ? SOUND_KBPS : maxVideoKbps);
    this.#timeline = timeline;
    this.#events = events;
    this.#clock = timeline.begin(track.media, track.clockRate);
    this.#buffer = this.#newBuffer();
    this.#assembler = this.#newAssembler();
  }

  /** True while something is waited for: `poll` is due every few milliseconds. */
  get waiting(): boolean {
    return this.#buffer.waiting;
  }

  /** Takes a packet, and its buffer: header extensions are cut off in place. */
  push(packet: Buffer, arrivalUs: number): void {
    const plain = plainPacket(packet);
    if (plain === null || !this.#follows(plain, arrivalUs)) return;
    this.#nowUs = arrivalUs;
    this.#clock.arrived(plain.rtpTimestamp, arrivalUs);
    this.#forward(this.#buffer.push(plain.sequence, plain, arrivalUs));
  }

  /** Gives up on what is overdue and asks again for what is not. */
  poll(nowUs: number, rttUs: number): void {
    if (this.#track.media === 'video') {
      this.#buffer.waitUs = Math.min(LONGEST_WAIT_US, Math.max(PICTURE_WAIT_US, rttUs * 1.5 + 30_000));
    }
    this.#nowUs = nowUs;
    this.#forward(this.#buffer.poll(nowUs));
    const asked = this.#buffer.asks(nowUs, rttUs).filter(() => this.#asks.take(nowUs));
    if (asked.length > 0) this.#events.nack(asked);
  }

  /** What came until now and what comes from now on have nothing to do with each other. */
  restart(): void {
    this.#buffer = this.#newBuffer();
    this.#assembler = this.#newAssembler();
    this.#skipped = 0;
    this.#lost = 0;
    this.#suspect = -1;
    this.#events.restarted();
    this.#events.broken();
  }

  /** False for a packet that belongs to no stream that can be followed. */
  #follows({ ssrc, sequence }: PlainPacket, nowUs: number): boolean {
    if (this.#ssrc === undefined) this.#ssrc = ssrc;
    if (ssrc === this.#ssrc && Math.abs(this.#buffer.distance(sequence)) <= MAX_JUMP) {
      this.#suspect = -1;
      return true;
    }
    const confirmed = ssrc !== this.#ssrc || sequence === this.#suspect;
    this.#suspect = (sequence + 1) & 0xffff;
    if (!confirmed || !this.#restarts.take(nowUs)) return false;
    if (ssrc !== this.#ssrc) this.#clock = this.#timeline.begin(this.#track.media, this.#track.clockRate);
    this.#ssrc = ssrc;
    this.restart();
    return true;
  }

  #forward(packets: InOrder<PlainPacket>[]): void {
    for (const each of packets) {
      this.#lost += each.lost;
      // Padding that a bandwidth probe put in fills its number only; viewers must not miss it.
      if (each.item.bytes.length === RTP_HEADER) this.#skipped++;
      else {
        this.#endRun();
        const next = { ...each, value: each.value - this.#skipped, lost: this.#lost };
        this.#lost = 0;
        if (this.#assembler) this.#assembler.push(next);
        else this.#sound(next);
      }
    }
  }

  /** After a long gap the numbers viewers are sent go on without it. */
  #endRun(): void {
    if (this.#lost <= MOST_LOST[this.#track.media] || !this.#restarts.take(this.#nowUs)) return;
    this.#events.restarted();
  }

  #sound({ item, value }: InOrder<PlainPacket>): void {
    const packets = [{ plain: item, value }];
    this.#write({ keyFrame: true, rtpTimestamp: item.rtpTimestamp, packets });
  }

  #write({ keyFrame, rtpTimestamp, packets }: WholePicture): void {
    if (!this.#isAllowed(packets, keyFrame)) return;
    for (const { plain, value } of packets) plain.bytes.writeUInt16BE(value & 0xffff, 2);
    const ptsUs = this.#timeline.ptsUs(this.#track.media, rtpTimestamp);
    const bytes = packets.map(({ plain }) => plain.bytes);
    this.#events.picture(writePicture({ keyFrame, rtpTimestamp, ptsUs, packets: bytes }));
  }

  #isAllowed(packets: WholePicture['packets'], keyFrame: boolean): boolean {
    const bytes = packets.reduce((sum, { plain }) => sum + Math.max(LEAST_COST, plain.bytes.length), 0);
    const wasStarved = this.#limit.starved;
    const allowed = this.#limit.allows(bytes, keyFrame, this.#nowUs);
    if (!allowed) this.#events.broken();
    else if (wasStarved) this.#events.restarted();
    return allowed;
  }

  #newBuffer(): ReorderBuffer<PlainPacket> {
    return new ReorderBuffer(this.#track.media === 'audio' ? SOUND_WAIT_US : PICTURE_WAIT_US);
  }

  #newAssembler(): PictureAssembler | undefined {
    const reader = payloadReader(this.#track.codec);
    return (
      reader &&
      new PictureAssembler(
        reader,
        (picture) => this.#write(picture),
        () => this.#events.broken(),
      )
    );
  }
}
