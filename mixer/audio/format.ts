import { AV_CHANNEL_ORDER_NATIVE } from 'node-av/constants';
import type { ChannelLayout } from 'node-av/lib';

/** The mix: 48 kHz, stereo, interleaved 32-bit float, in blocks of 20 ms. */
export const SAMPLE_RATE = 48_000;
export const CHANNELS = 2;
export const BLOCK_US = 20_000;
/** Samples per channel and block. */
export const BLOCK_SAMPLES = 960;
/** Floats per block of the mix. */
export const BLOCK_LENGTH = BLOCK_SAMPLES * CHANNELS;

/** Of a source: speakers are mono, screens and media stereo. */
export type ChannelCount = 1 | 2;

/** FFmpeg's AV_CHANNEL_LAYOUT_MONO and AV_CHANNEL_LAYOUT_STEREO: native order, centre, or left and right. */
const MONO: ChannelLayout = { order: AV_CHANNEL_ORDER_NATIVE, nbChannels: 1, mask: 4n };
export const STEREO: ChannelLayout = { order: AV_CHANNEL_ORDER_NATIVE, nbChannels: 2, mask: 3n };

export const layoutOf = (channels: ChannelCount): ChannelLayout => (channels === 1 ? MONO : STEREO);
