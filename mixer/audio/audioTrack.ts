import { parseRtp, type RtpPacket } from '../rtp/packet.ts';
import type { SourceTimeline } from '../sync/sourceTimeline.ts';
import { TrackClock } from '../sync/trackClock.ts';
import type { TrackTap } from '../trackTap.ts';
import { DecodedSound } from './decodedSound.ts';
import { holdsPreviousFrame } from './fec/previousFrame.ts';
import { BLOCK_SAMPLES, type ChannelCount, SAMPLE_RATE } from './format.ts';
import { opusDurationUs } from './opusPacket.ts';
import { Pace } from './pace.ts';
import { PacketQueue, type QueuedPacket } from './packetQueue.ts';
import { Playout } from './playout.ts';
import { bestLag, MAX_LAG_SAMPLES, MIN_LAG_SAMPLES, OVERLAP_SAMPLES } from './similarity.ts';
import { Transit } from './transit.ts';

/** More packets than this in a row are not made up, frame by frame: half a second. */
const MAX_GAP = 25;

/** What came this much too late after an outage is not played any more. */
const MAX_START_LATE_US = 100_000;

/** A piece that is played twice is chosen among these lengths at least, however little is needed. */
const MIN_STRETCH_SAMPLES = 300;

const samplesOf = (us: number) => Math.round((us * SAMPLE_RATE) / 1e6);
const usOf = (samples: number) => (samples * 1e6) / SAMPLE_RATE;

/**
 * One speaker's sound, packet to samples: order ▶ decode ▶ queue. `pull` gives the next 20 ms when
 * the mix wants them and never waits: what is missing is made up and fades.
 */
export class AudioTrack {
  readonly clock = new TrackClock(SAMPLE_RATE);
  readonly channels: ChannelCount;
  readonly transit = new Transit();
  readonly #timeline: SourceTimeline;
  readonly #sound: DecodedSound;
  readonly #playout = new Playout();
  readonly #pace = new Pace();
  readonly #packets: PacketQueue;
  readonly #block: Float32Array;
  /** False until the first packet has waited its time, and when for long nothing came. */
  #playing = false;
  /** Timestamp that the next packet should have. */
  #expectedTicks = 0;
  #frameSamples = BLOCK_SAMPLES;
  /** Samples made up while nothing was there, for what may still come. */
  #aheadSamples = 0;
  /** The packet that this block needed last. */
  #needed: { ticks: number; offset: number } | undefined;
  #closed = false;
  lostPackets = 0;
  /** Of those, the ones that another packet held once more. */
  recoveredPackets = 0;
  /** Hears every packet once, in the order of arrival, those included that came too late for the mix. */
  tap: TrackTap | undefined;

  constructor(timeline: SourceTimeline, channels: ChannelCount = 2) {
    this.#timeline = timeline;
    this.channels = channels;
    this.#sound = new DecodedSound(channels);
    this.#block = new Float32Array(BLOCK_SAMPLES * channels);
    this.#packets = new PacketQueue((isOtherSender) => {
      if (isOtherSender) this.clock.restart();
      this.#playing = false;
    });
  }

  push(bytes: Buffer, arrivalUs: number): void {
    const packet = parseRtp(bytes, arrivalUs);
    if (this.#closed || packet === null || packet.payload.length === 0) return;
    const { sequence, is } = this.#packets.place(packet);
    if (is === 'duplicate') return;
    const ticks = this.clock.unwrap(packet.rtpTimestamp);
    this.clock.noteArrival(ticks, arrivalUs);
    this.#playout.noteArrival(arrivalUs - this.clock.localUsByArrival(ticks), arrivalUs);
    if (is === 'new') this.#packets.put(sequence, { ticks, payload: packet.payload, arrivalUs });
    this.#tell(packet);
  }

  /** The next 20 ms, interleaved (valid until the next call), or null while this source is silent. */
  pull(nowUs: number): Float32Array | null {
    const { queue } = this.#sound;
    if (!this.#started(nowUs)) {
      this.#sound.fall();
      if (queue.size === 0) return null;
    } else {
      this.#needed = undefined;
      this.#fill();
      this.#correct(nowUs);
      const heardTicks = this.#expectedTicks - queue.size;
      if (queue.size < BLOCK_SAMPLES) this.#starve(BLOCK_SAMPLES - queue.size);
      else if (this.#aheadSamples === 0) this.#timeline.noteAudioPlayed(heardTicks, nowUs);
    }
    queue.take(this.#block);
    this.transit.advance(BLOCK_SAMPLES);
    return this.#block;
  }

  close(): void {
    this.#closed = true;
    this.#playing = false;
    this.#sound.close();
    this.#packets.clear();
  }

  #tell({ rtpTimestamp, payload: bytes }: RtpPacket): void {
    if (this.tap === undefined) return;
    const ptsUs = this.#timeline.captureUs(this.clock, this.clock.unwrap(rtpTimestamp));
    const size = { width: 0, height: 0 };
    this.tap({ keyFrame: true, ptsUs, durationUs: opusDurationUs(bytes), ...size, bytes });
  }

  /** True once the first packet has waited its time. */
  #started(nowUs: number): boolean {
    if (this.#playing) return true;
    if (this.#packets.size === 0) return false;
    const waitUs = Math.max(this.#playout.waitUs, this.#timeline.holdUs);
    const ageUs = ({ ticks }: QueuedPacket) => nowUs - this.clock.localUsByArrival(ticks);
    this.#packets.next = this.#packets.lowest();
    if (ageUs(this.#packets.peek()!) < waitUs) return false;
    this.#packets.skipTo((packet) => ageUs(packet) < waitUs + MAX_START_LATE_US);
    this.#playing = true;
    this.#aheadSamples = 0;
    this.#expectedTicks = this.#packets.peek()!.ticks;
    return true;
  }

  /** Decodes until a block is there or nothing more is. */
  #fill(): void {
    while (this.#sound.queue.size < BLOCK_SAMPLES && this.#packets.size > 0) {
      const packet = this.#packets.peek();
      if (packet !== undefined) this.#play(this.#packets.take());
      else this.#passMissing();
    }
  }

  #play({ ticks, payload, arrivalUs }: QueuedPacket): void {
    // A gap in time without a gap in numbers: the sender was silent (DTX).
    const gap = ticks - this.#expectedTicks;
    if (gap > this.#aheadSamples && gap < SAMPLE_RATE) this.#sound.pause(gap - this.#aheadSamples);
    this.#aheadSamples = 0;
    this.#expectedTicks = ticks;
    const queued = this.#sound.queue.size;
    const samples = this.#sound.play(payload);
    if (samples === 0) return;
    this.#needed = { ticks, offset: queued };
    this.transit.enter(arrivalUs, queued, samples);
    this.#frameSamples = samples;
    this.#expectedTicks += samples;
  }

  /** The packet that is next is not there and later ones are: its time is over. */
  #passMissing(): void {
    const missing = this.#packets.lowest() - this.#packets.next!;
    if (missing > MAX_GAP) {
      this.lostPackets += missing;
      this.#sound.fall();
      this.#packets.skipTo(() => true);
      this.#expectedTicks = this.#packets.peek()!.ticks;
      return;
    }
    this.lostPackets++;
    const next = this.#packets.peek(1)?.payload;
    if (next !== undefined && holdsPreviousFrame(next)) this.#playout.noteRecoverable();
    this.#packets.concede();
    this.#expectedTicks += this.#replace(next);
  }

  /** Plays something for a packet that is lost; gives how long that was in time, in samples. */
  #replace(next: Buffer | undefined): number {
    const recovered = this.#aheadSamples === 0 && next !== undefined ? this.#sound.recover(next) : 0;
    if (recovered > 0) {
      this.recoveredPackets++;
      return recovered;
    }
    this.#cover(this.#frameSamples);
    return this.#frameSamples;
  }

  /** Makes up what has not been made up already while nothing was there. */
  #cover(samples: number): void {
    const done = Math.min(samples, this.#aheadSamples);
    this.#aheadSamples -= done;
    if (samples > done) this.#sound.cover(samples - done);
  }

  /** Nothing is there: what comes next may have been lost, or late, or the sender is silent. */
  #starve(samples: number): void {
    this.#sound.cover(samples);
    this.#aheadSamples += samples;
    if (this.#sound.silent) this.#playing = false;
  }

  /** Follows the sender's clock, the network and the pictures by small pieces left out or played twice. */
  #correct(nowUs: number): void {
    const needed = this.#needed;
    const { queue } = this.#sound;
    if (needed === undefined || queue.size < MAX_LAG_SAMPLES + OVERLAP_SAMPLES) return;
    const correction = this.#pace.decide({
      marginUs: nowUs - this.clock.localUsByArrival(needed.ticks),
      offsetUs: usOf(needed.offset),
      frameUs: usOf(this.#frameSamples),
      waitUs: this.#playout.waitUs,
      holdUs: this.#timeline.holdUs,
    });
    if (correction === null) return;
    if (correction.byUs < 0) this.#shorten(samplesOf(-correction.byUs), correction.similar);
    else this.#lengthen(samplesOf(correction.byUs), correction.similar);
  }

  #shorten(excess: number, similar: number): void {
    const { queue } = this.#sound;
    const { lag, similarity } = this.#bestLag(Math.min(MAX_LAG_SAMPLES, excess));
    const isEnough = queue.size - lag >= BLOCK_SAMPLES || this.#packets.peek() !== undefined;
    if (similarity < similar || lag > excess || !isEnough) return;
    queue.shrink(lag, OVERLAP_SAMPLES);
    this.transit.advance(lag);
    this.#pace.noteDone();
    this.#fill();
  }

  #lengthen(missing: number, similar: number): void {
    const { lag, similarity } = this.#bestLag(
      Math.min(MAX_LAG_SAMPLES, Math.max(missing, MIN_STRETCH_SAMPLES)),
    );
    if (similarity < similar) return;
    this.#sound.queue.stretch(lag, OVERLAP_SAMPLES);
    this.transit.advance(-lag);
    this.#pace.noteDone();
  }

  #bestLag(maxLag: number) {
    const { queue } = this.#sound;
    const longest = Math.max(MIN_LAG_SAMPLES, maxLag);
    return bestLag(queue.head(longest + OVERLAP_SAMPLES), this.channels, longest);
  }
}
