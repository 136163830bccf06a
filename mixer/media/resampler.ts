import { AV_CHANNEL_ORDER_NATIVE, AV_SAMPLE_FMT_FLT, type AVSampleFormat } from 'node-av/constants';
import { type ChannelLayout, type Frame, SoftwareResampleContext } from 'node-av/lib';
import { CHANNELS, SAMPLE_RATE, STEREO } from '../audio/format.ts';

/** Speakers of layouts that only say how many they have, in FFmpeg's order. */
const MASKS: Record<number, bigint> = { 1: 4n, 2: 3n, 4: 0x33n, 6: 0x3fn, 8: 0x63fn };

/** Any decoded sound as what the mix is made of: 48 kHz, stereo, float. */
export class Resampler {
  #context: SoftwareResampleContext | undefined;
  #key = '';

  /** Null for what cannot be converted. */
  convert(frame: Frame): Float32Array | null {
    const layout = layoutOf(frame.channelLayout);
    const input = frame.extendedData ?? frame.data;
    if (layout === null || input === null || frame.sampleRate < 8000 || !this.#open(frame, layout))
      return null;
    const context = this.#context!;
    const room = context.getOutSamples(frame.nbSamples);
    if (room <= 0) return null;
    const out = Buffer.from(new ArrayBuffer(room * CHANNELS * 4));
    const made = context.convertSync([out], room, input, frame.nbSamples);
    return made > 0 ? clipped(new Float32Array(out.buffer, 0, made * CHANNELS)) : null;
  }

  /** What was heard before has nothing to do with what comes. */
  reset(): void {
    this.#context?.free();
    this.#context = undefined;
    this.#key = '';
  }

  #open(frame: Frame, layout: ChannelLayout): boolean {
    const key = `${layout.mask}/${layout.nbChannels}/${frame.format}/${frame.sampleRate}`;
    if (key === this.#key) return this.#context !== undefined;
    this.reset();
    this.#key = key;
    const context = new SoftwareResampleContext();
    const format = frame.format as AVSampleFormat;
    const set = context.allocSetOpts2(
      ...([STEREO, AV_SAMPLE_FMT_FLT, SAMPLE_RATE] as const),
      ...([layout, format, frame.sampleRate] as const),
    );
    if (set >= 0 && context.init() >= 0) this.#context = context;
    else context.free();
    return this.#context !== undefined;
  }
}

/** What is damaged decodes to hundreds of times full scale, which would press everybody else down in the mix. */
function clipped(samples: Float32Array): Float32Array {
  for (let i = 0; i < samples.length; i++) {
    const sample = samples[i]!;
    if (sample > 1) samples[i] = 1;
    else if (!(sample >= -1)) samples[i] = Number.isNaN(sample) ? 0 : -1;
  }
  return samples;
}

function layoutOf(layout: ChannelLayout): ChannelLayout | null {
  if (layout.order === AV_CHANNEL_ORDER_NATIVE) return layout;
  const mask = MASKS[layout.nbChannels];
  return mask === undefined ? null : { order: AV_CHANNEL_ORDER_NATIVE, nbChannels: layout.nbChannels, mask };
}
