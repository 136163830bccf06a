import { previousFrame } from './fec/previousFrame.ts';
import { type ChannelCount, SAMPLE_RATE } from './format.ts';
import { OpusDecoder } from './opusDecoder.ts';
import { SampleQueue } from './sampleQueue.ts';

/** Sound held at most: a second, and the longest packet. */
const MAX_SAMPLES = (SAMPLE_RATE * 9) / 8;

/** What is missing is made up for this long, in a pause of the sender's (DTX) for this long; then it fades. */
const MAX_CONCEALED_SAMPLES = SAMPLE_RATE / 10;
const MAX_PAUSE_SAMPLES = SAMPLE_RATE;

/** Shortest piece that every mode of Opus can make up: 10 ms; also the time in which sound fades out. */
const PIECE_SAMPLES = 480;
/** 5 ms until sound is as loud again as it was sent. */
const FADE_IN_SAMPLES = 240;

const silence = new Float32Array(2 * SAMPLE_RATE);

/**
 * One stream's sound behind the decoder, without holes: what is missing is made up from what was heard
 * before, fades away when that takes too long, and comes back without a click.
 */
export class DecodedSound {
  readonly queue: SampleQueue;
  readonly #channels: ChannelCount;
  readonly #decoder: OpusDecoder;
  /** Samples made up since the last ones that were sent. */
  #concealed = 0;
  /** The last packet said that the sender pauses (RFC 7587 3.1.3). */
  #isPause = false;
  /** What was put into the queue last is silence: nothing is left to fade out. */
  silent = true;

  constructor(channels: ChannelCount) {
    this.#channels = channels;
    this.#decoder = new OpusDecoder(channels);
    this.queue = new SampleQueue(MAX_SAMPLES, channels);
  }

  /** Plays one packet; gives its length in samples, 0 when it is not Opus. */
  play(payload: Buffer): number {
    const samples = this.#decoder.decode(payload);
    if (samples === null) return 0;
    this.#isPause = payload.length <= 2;
    if (!this.#isPause) this.#concealed = 0;
    if (this.silent && !this.#isPause) fadeIn(samples, this.#channels);
    if (!this.#isPause) this.silent = false;
    else if (this.silent) samples.fill(0);
    this.queue.push(samples);
    return samples.length / this.#channels;
  }

  /** Plays the packet before `next`, which holds it once more; gives its length in samples, 0 when it does not. */
  recover(next: Buffer): number {
    const lost = previousFrame(next);
    return lost === null ? 0 : this.play(lost);
  }

  /** Plays `samples` of what might have been sent. */
  cover(samples: number): void {
    const limit = this.#isPause ? MAX_PAUSE_SAMPLES : MAX_CONCEALED_SAMPLES;
    let left = samples;
    while (left > 0 && !this.silent && this.#concealed < limit) {
      const made = this.#decoder.conceal(Math.max(left, PIECE_SAMPLES));
      if (made === null) break;
      const used = made.subarray(0, left * this.#channels);
      this.#concealed += used.length / this.#channels;
      if (this.#concealed >= limit) this.#end(used);
      this.queue.push(used);
      left -= used.length / this.#channels;
    }
    if (left > 0) this.#rest(left);
  }

  /** Nothing was sent for `samples`, which the sender did not hear as sound. */
  pause(samples: number): void {
    if (this.#isPause) this.cover(samples);
    else this.#rest(samples);
  }

  /** Ends what is heard within 10 ms, or within `samples` if that is less. Gives how long it takes. */
  fall(samples = PIECE_SAMPLES): number {
    const made = this.silent ? null : this.#decoder.conceal(PIECE_SAMPLES);
    this.silent = true;
    if (made === null) return 0;
    const used = made.subarray(0, Math.min(samples, PIECE_SAMPLES) * this.#channels);
    this.#end(used);
    this.queue.push(used);
    return used.length / this.#channels;
  }

  close(): void {
    this.#decoder.close();
  }

  /** Silence, less than a second of it, after what was heard has faded. */
  #rest(samples: number): void {
    const left = samples - this.fall(samples);
    this.queue.push(silence.subarray(0, left * this.#channels));
  }

  #end(samples: Float32Array): void {
    const count = samples.length / this.#channels;
    for (let i = 0; i < samples.length; i++) {
      samples[i]! *= 1 - (Math.floor(i / this.#channels) + 1) / count;
    }
    this.silent = true;
  }
}

function fadeIn(samples: Float32Array, channels: ChannelCount): void {
  const length = Math.min(samples.length, FADE_IN_SAMPLES * channels);
  for (let at = 0; at < length; at++) samples[at]! *= at / length;
}
