import { parseRtp } from '../rtp/packet.ts';
import { Unwrapper } from '../rtp/sequence.ts';
import type { SourceTimeline } from '../sync/sourceTimeline.ts';
import { TrackClock } from '../sync/trackClock.ts';
import { BLOCK_LENGTH, BLOCK_SAMPLES, CHANNELS, SAMPLE_RATE } from './format.ts';
import { LevelMeter } from './level.ts';
import { OpusDecoder } from './opusDecoder.ts';
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

/** 10 ms: what is cut at once when too much has piled up, and the fade of a gap. */
const CUT_SAMPLES = 480;

/**
 * One speaker's sound, packet to samples: order ▶ decode ▶ queue. `pull` gives the next 20 ms when
 * the mix wants them and never waits: what is missing is faded out and replaced by silence.
 */
export class AudioTrack {
  readonly clock = new TrackClock(SAMPLE_RATE);
  readonly level = new LevelMeter();
  readonly #timeline: SourceTimeline;
  readonly #decoder = new OpusDecoder();
  readonly #playout = new Playout();
  readonly #queue = new SampleQueue(MAX_SAMPLES);
  readonly #block = new Float32Array(BLOCK_LENGTH);
  #unwrapper = new Unwrapper(16);
  #ssrc: number | undefined;
  #packets = new Map<number, Waiting>();
  /** Next sequence number to decode; undefined while (re)filling. */
  #next: number | undefined;
  #highest = 0;
  /** Timestamp that the next packet should have. */
  #expectedTicks = 0;
  #lastFrameSamples = BLOCK_SAMPLES;
  #silentBefore = true;
  /** The last packet was a DTX one (RFC 7587 3.1.3): what follows late is silence, not the network's fault. */
  #discontinuous = false;
  lostPackets = 0;
  /** Set by `gain`: factor applied to the sound; 0 is muted. */
  gain = 1;

  constructor(timeline: SourceTimeline) {
    this.#timeline = timeline;
  }

  push(bytes: Buffer, arrivalUs: number): void {
    const packet = parseRtp(bytes, arrivalUs);
    if (packet === null || packet.payload.length === 0) return;
    if (packet.ssrc !== this.#ssrc) this.#restart(packet.ssrc);
    let sequence = this.#unwrapper.unwrap(packet.sequence);
    if (this.#highest > 0 && Math.abs(sequence - this.#highest) > RESET_DISTANCE) {
      this.#restart(packet.ssrc);
      sequence = this.#unwrapper.unwrap(packet.sequence);
    }
    if (this.#next !== undefined && sequence < this.#next) return;
    if (this.#packets.has(sequence)) return;
    const ticks = this.clock.unwrap(packet.rtpTimestamp);
    this.clock.noteArrival(ticks, arrivalUs);
    this.#packets.set(sequence, { ticks, payload: packet.payload, arrivalUs });
    this.#highest = Math.max(this.#highest, sequence);
    if (this.#packets.size > MAX_PACKETS) this.#packets.delete(Math.min(...this.#packets.keys()));
  }

  /** The next 20 ms (valid until the next call), or null while this source is silent. */
  pull(nowUs: number): Float32Array | null {
    if (!this.#started(nowUs)) return null;
    this.#fill();
    const block = this.#block;
    const heardTicks = this.#expectedTicks - this.#queue.size;
    const got = this.#queue.take(block);
    if (this.#silentBefore) fade(block, 0, 1, Math.min(got, CUT_SAMPLES * CHANNELS));
    this.#silentBefore = false;
    if (got < block.length) this.#underrun(block, got, nowUs);
    else this.#trim(nowUs);
    this.#timeline.noteAudioPlayed(heardTicks, nowUs);
    if (this.gain !== 1) for (let i = 0; i < block.length; i++) block[i]! *= this.gain;
    this.level.push(block, nowUs);
    return block;
  }

  close(): void {
    this.#decoder.close();
    this.#packets.clear();
  }

  #restart(ssrc: number): void {
    this.#ssrc = ssrc;
    this.#unwrapper = new Unwrapper(16);
    this.#packets.clear();
    this.#next = undefined;
    this.#highest = 0;
  }

  /** True once the first packet has waited its time. */
  #started(nowUs: number): boolean {
    if (this.#next !== undefined) return true;
    if (this.#packets.size === 0) return false;
    const first = Math.min(...this.#packets.keys());
    const packet = this.#packets.get(first)!;
    if (nowUs - packet.arrivalUs < this.#playout.waitUs) return false;
    this.#next = first;
    this.#expectedTicks = packet.ticks;
    this.#queue.clear();
    return true;
  }

  /** Decodes until a block is there or nothing more is. */
  #fill(): void {
    while (this.#queue.size < BLOCK_SAMPLES) {
      const packet = this.#packets.get(this.#next!);
      if (packet !== undefined) {
        this.#packets.delete(this.#next!);
        this.#decode(packet);
      } else if (this.#packets.size > 0) {
        this.lostPackets++;
        this.#append(null, this.#lastFrameSamples);
      } else {
        return;
      }
      this.#next!++;
    }
  }

  #decode(packet: Waiting): void {
    // A gap in time without a gap in numbers: the sender was silent (DTX).
    const gap = packet.ticks - this.#expectedTicks;
    if (gap > 0 && gap < MAX_SAMPLES) this.#append(null, gap);
    else if (gap !== 0) this.#expectedTicks = packet.ticks;
    this.#discontinuous = packet.payload.length <= 2;
    const samples = this.#decoder.decode(packet.payload);
    if (samples === null) return;
    this.#lastFrameSamples = samples.length / CHANNELS;
    this.#append(samples, this.#lastFrameSamples);
  }

  #append(samples: Float32Array | null, count: number): void {
    if (samples === null) this.#queue.pushSilence(count);
    else this.#queue.push(samples);
    this.#expectedTicks += count;
  }

  #underrun(block: Float32Array, got: number, nowUs: number): void {
    const fadeLength = Math.min(got, CUT_SAMPLES * CHANNELS);
    fade(block.subarray(got - fadeLength), 1, 0, fadeLength);
    this.#next = undefined;
    this.#silentBefore = true;
    if (!this.#discontinuous) this.#playout.noteUnderrun(nowUs);
  }

  #trim(nowUs: number): void {
    const backlog = this.#queue.size + this.#packets.size * this.#lastFrameSamples;
    const excessUs = this.#playout.noteBacklog((backlog * 1e6) / SAMPLE_RATE, nowUs);
    if (excessUs === 0) return;
    while (this.#queue.size < 2 * CUT_SAMPLES && this.#packets.has(this.#next!)) {
      this.#decode(this.#packets.get(this.#next!)!);
      this.#packets.delete(this.#next!);
      this.#next!++;
    }
    this.#queue.skip(CUT_SAMPLES);
  }
}

/** A straight fade over the first `length` floats. */
function fade(block: Float32Array, from: number, to: number, length: number): void {
  for (let i = 0; i < length; i++) block[i]! *= from + ((to - from) * i) / length;
}
