import { AV_CHANNEL_ORDER_NATIVE } from 'node-av/constants';
import type { ChannelLayout } from 'node-av/lib';

/** The mix: 48 kHz, stereo, interleaved 32-bit float, in blocks of 20 ms. */
export const SAMPLE_RATE = 48_000;
export const CHANNELS = 2;
export const BLOCK_US = 20_000;
/** Samples per channel and block. */
export const BLOCK_SAMPLES = 960;
/** Floats per block. */
export const BLOCK_LENGTH = BLOCK_SAMPLES * CHANNELS;

/** FFmpeg's AV_CHANNEL_LAYOUT_STEREO: native order, left and right. */
export const STEREO: ChannelLayout = { order: AV_CHANNEL_ORDER_NATIVE, nbChannels: CHANNELS, mask: 3n };
