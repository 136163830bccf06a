import { parseRtp, type RtpPacket } from '../rtp/packet.ts';
import { Unwrapper } from '../rtp/sequence.ts';
import type { SourceTimeline } from '../sync/sourceTimeline.ts';
import { TrackClock } from '../sync/trackClock.ts';
import type { TrackTap } from '../trackTap.ts';
import { Concealment } from './concealment.ts';
import { BLOCK_LENGTH, BLOCK_SAMPLES, CHANNELS, SAMPLE_RATE } from './format.ts';
import { LevelMeter } from './level.ts';
import { OpusDecoder } from './opusDecoder.ts';
import { opusDurationUs } from './opusPacket.ts';
import { Playout } from './playout.ts';
import { SampleQueue } from './sampleQueue.ts';

interface Waiting {
  ticks: number;
  payload: Buffer;
  arrivalUs: number;
}

/** Sound held at most, in packets and in samples; a sender that is further ahead is cut short. */
const MAX_PACKETS = 100;
const MAX_SAMPLES = SAMPLE_RATE;

/** Sequence jumps over this are a new stream. */
const RESET_DISTANCE = 1000;

/** More packets than this in a row are not waited for, frame by frame: half a second. */
const MAX_GAP = 25;

/** 10 ms: what is cut at once when a little too much has piled up. */
const CUT_SAMPLES = 480;

/** Over this much too much, whole packets are left out. */
const BIG_EXCESS_US = 40_000;

/** After an outage, what is older than this is not played any more. */
const MAX_START_SAMPLES = SAMPLE_RATE / 5;

/** Numbers given up lately, kept to know a late packet from a duplicate. */
const MAX_CONCEDED = 64;

/**
 * One speaker's sound, packet to samples: order ▶ decode ▶ queue. `pull` gives the next 20 ms when
 * the mix wants them and never waits: what is missing is concealed and becomes silence.
 */
export class AudioTrack {
  readonly clock = new TrackClock(SAMPLE_RATE);
  readonly level = new LevelMeter();
  readonly #timeline: SourceTimeline;
  readonly #decoder = new OpusDecoder();
  readonly #playout = new Playout();
  readonly #queue = new SampleQueue(MAX_SAMPLES);
  readonly #concealment = new Concealment();
  readonly #block = new Float32Array(BLOCK_LENGTH);
  #unwrapper = new Unwrapper(16);
  #ssrc: number | undefined;
  #packets = new Map<number, Waiting>();
  #conceded = new Set<number>();
  /** Next sequence number to decode; what is below has had its time. */
  #next: number | undefined;
  /** False while (re)filling. */
  #playing = false;
  #highest = 0;
  /** Timestamp that the next packet should have. */
  #expectedTicks = 0;
  #lastFrameSamples = BLOCK_SAMPLES;
  /** Samples of silence put in to wait for the packet that is missing now. */
  #waitedSamples = 0;
  /** The last packet was a DTX one (RFC 7587 3.1.3): what follows late is silence, not the network's fault. */
  #discontinuous = false;
  #closed = false;
  lostPackets = 0;
  /** Set by `gain`: factor applied to the sound; 0 is muted. */
  gain = 1;
  /** Hears every packet once, in the order of arrival, those included that came too late for the mix. */
  tap: TrackTap | undefined;

  constructor(timeline: SourceTimeline) {
    this.#timeline = timeline;
  }

  push(bytes: Buffer, arrivalUs: number): void {
    const packet = parseRtp(bytes, arrivalUs);
    if (this.#closed || packet === null || packet.payload.length === 0) return;
    const sequence = this.#sequenceOf(packet);
    if (this.#next !== undefined && sequence < this.#next) {
      if (!this.#conceded.delete(sequence)) return;
      this.#playout.noteLate(arrivalUs);
      this.#tell(packet);
      return;
    }
    if (this.#packets.has(sequence)) return;
    const ticks = this.clock.unwrap(packet.rtpTimestamp);
    this.clock.noteArrival(ticks, arrivalUs);
    this.#packets.set(sequence, { ticks, payload: packet.payload, arrivalUs });
    this.#highest = Math.max(this.#highest, sequence);
    if (this.#packets.size > MAX_PACKETS) this.#packets.delete(this.#lowest());
    this.#tell(packet);
  }

  /** The next 20 ms (valid until the next call), or null while this source is silent. */
  pull(nowUs: number): Float32Array | null {
    if (!this.#started(nowUs)) return null;
    this.#fill();
    const block = this.#block;
    const heardTicks = this.#expectedTicks - this.#queue.size;
    const got = this.#queue.take(block);
    if (got < block.length) this.#underrun(block.subarray(got), nowUs);
    else this.#trim(nowUs);
    if (got > 0) this.#timeline.noteAudioPlayed(heardTicks, nowUs);
    if (this.gain !== 1) for (let i = 0; i < block.length; i++) block[i]! *= this.gain;
    this.level.push(block, nowUs);
    return block;
  }

  close(): void {
    this.#closed = true;
    this.#decoder.close();
    this.#packets.clear();
  }

  #tell({ rtpTimestamp, payload: bytes }: RtpPacket): void {
    if (this.tap === undefined) return;
    const ptsUs = this.#timeline.captureUs(this.clock, this.clock.unwrap(rtpTimestamp));
    const size = { width: 0, height: 0 };
    this.tap({ keyFrame: true, ptsUs, durationUs: opusDurationUs(bytes), ...size, bytes });
  }

  /** Unrolled sequence number; a packet that cannot belong to the stream so far begins a new one. */
  #sequenceOf(packet: RtpPacket): number {
    if (packet.ssrc !== this.#ssrc) {
      if (this.#ssrc !== undefined) this.clock.restart();
      this.#restart(packet.ssrc);
    }
    const sequence = this.#unwrapper.unwrap(packet.sequence);
    if (this.#highest === 0 || Math.abs(sequence - this.#highest) <= RESET_DISTANCE) return sequence;
    this.#restart(packet.ssrc);
    return this.#unwrapper.unwrap(packet.sequence);
  }

  #restart(ssrc: number): void {
    this.#ssrc = ssrc;
    this.#unwrapper = new Unwrapper(16);
    this.#packets.clear();
    this.#conceded.clear();
    this.#next = undefined;
    this.#playing = false;
    this.#highest = 0;
  }

  #lowest(): number {
    return Math.min(...this.#packets.keys());
  }

  /** True once the first packet has waited its time. */
  #started(nowUs: number): boolean {
    if (this.#playing) return true;
    if (this.#packets.size === 0) return false;
    const first = this.#packets.get(this.#lowest())!;
    if (nowUs - first.arrivalUs < this.#playout.waitUs) return false;
    this.#queue.clear();
    this.#leaveOut(this.#packets.size - Math.ceil(MAX_START_SAMPLES / this.#lastFrameSamples));
    this.#playing = true;
    this.#playout.noteStart(nowUs);
    return true;
  }

  /** Goes on with what is there, without the `count` oldest packets. */
  #leaveOut(count: number): void {
    const held = [...this.#packets.keys()].sort((a, b) => a - b);
    for (const sequence of held.splice(0, Math.max(0, count))) this.#packets.delete(sequence);
    this.#next = held[0]!;
    this.#waitedSamples = 0;
    this.#expectedTicks = this.#packets.get(this.#next)!.ticks;
  }

  /** Decodes until a block is there or nothing more is. */
  #fill(): void {
    while (this.#queue.size < BLOCK_SAMPLES && this.#packets.size > 0) {
      const packet = this.#packets.get(this.#next!);
      if (packet !== undefined) this.#decode(packet);
      else this.#passMissing();
    }
  }

  /** Takes the packet at `#next` out of the queue and plays it. */
  #decode(packet: Waiting): void {
    this.#packets.delete(this.#next!++);
    this.#waitedSamples = 0;
    // A gap in time without a gap in numbers: the sender was silent (DTX).
    const gap = packet.ticks - this.#expectedTicks;
    if (gap > 0 && gap < MAX_SAMPLES) this.#cover(gap);
    this.#expectedTicks = packet.ticks;
    this.#discontinuous = packet.payload.length <= 2;
    const samples = this.#decoder.decode(packet.payload);
    if (samples === null || samples.length === 0) return;
    this.#concealment.pass(samples);
    this.#queue.push(samples);
    this.#lastFrameSamples = samples.length / CHANNELS;
    this.#expectedTicks += this.#lastFrameSamples;
  }

  /** The packet at `#next` is not there and later ones are: wait for it a little, or go on without it. */
  #passMissing(): void {
    const held = this.#packets.size * this.#lastFrameSamples;
    const isEarly = held + this.#waitedSamples < (this.#playout.waitUs * SAMPLE_RATE) / 1e6;
    if (isEarly) {
      this.#waitedSamples += this.#lastFrameSamples;
      this.#cover(this.#lastFrameSamples);
    } else if (this.#lowest() - this.#next! > MAX_GAP) {
      this.lostPackets += this.#lowest() - this.#next!;
      this.#cover(CUT_SAMPLES);
      this.#leaveOut(0);
    } else {
      this.#concede(this.#next!++);
      this.#cover(this.#lastFrameSamples);
      this.#expectedTicks += this.#lastFrameSamples;
    }
  }

  #concede(sequence: number): void {
    this.lostPackets++;
    this.#waitedSamples = 0;
    this.#conceded.add(sequence);
    if (this.#conceded.size <= MAX_CONCEDED) return;
    for (const oldest of this.#conceded) {
      this.#conceded.delete(oldest);
      break;
    }
  }

  #cover(samples: number): void {
    const sound = new Float32Array(samples * CHANNELS);
    this.#concealment.cover(sound);
    this.#queue.push(sound);
  }

  #underrun(missing: Float32Array, nowUs: number): void {
    this.#concealment.cover(missing);
    this.#playing = false;
    if (!this.#discontinuous) this.#playout.noteUnderrun(nowUs);
  }

  /** What has been too much for two seconds is cut out. */
  #trim(nowUs: number): void {
    const backlog = this.#queue.size + this.#packets.size * this.#lastFrameSamples;
    const excessUs = this.#playout.noteBacklog((backlog * 1e6) / SAMPLE_RATE, nowUs);
    if (excessUs > BIG_EXCESS_US && this.#packets.size > 1) {
      const excess = (excessUs * SAMPLE_RATE) / 1e6;
      this.#cover(CUT_SAMPLES);
      this.#leaveOut(Math.min(this.#packets.size - 1, Math.floor(excess / this.#lastFrameSamples)));
    } else if (excessUs > 0) {
      while (this.#queue.size < 2 * CUT_SAMPLES && this.#packets.has(this.#next!)) {
        this.#decode(this.#packets.get(this.#next!)!);
      }
      this.#queue.skip(CUT_SAMPLES);
    }
  }
}
