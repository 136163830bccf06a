/** Which tones are in a sound: what a mix must hold of everybody in it. */

import { OpusDecoder } from '../../../../mixer/audio/opusDecoder.ts';
import { parseRtp } from '../../../../mixer/rtp/packet.ts';

const SAMPLE_RATE = 48_000;

/** One channel of an RTP stream of Opus, decoded. */
export function samplesOf(packets: readonly Buffer[]): Float32Array {
  const decoder = new OpusDecoder(1);
  const blocks = packets.map((packet) => {
    const rtp = parseRtp(packet, 0);
    const samples = rtp && decoder.decode(rtp.payload);
    return samples ? Float32Array.from(samples) : new Float32Array(0);
  });
  decoder.close();
  const all = new Float32Array(blocks.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const block of blocks) {
    all.set(block, at);
    at += block.length;
  }
  return all;
}

/** How much of a sound is one tone, dB: 0 when it is nothing else, −6 when it is one of four alike. */
export function toneShareDb(samples: Float32Array, hz: number): number {
  const factor = 2 * Math.cos((2 * Math.PI * hz) / SAMPLE_RATE);
  let [last, before, energy] = [0, 0, 0];
  for (const [at, sample] of samples.entries()) {
    // A Hann window, so that a loud neighbour does not leak in.
    const windowed = sample * (0.5 - 0.5 * Math.cos((2 * Math.PI * at) / samples.length));
    [last, before] = [windowed + factor * last - before, last];
    energy += windowed * windowed;
  }
  // Goertzel's; a tone under the window gives a third of its energy times the number of samples.
  const power = last * last + before * before - factor * last * before;
  return energy > 0 ? 10 * Math.log10((3 * power) / (samples.length * energy)) : Number.NEGATIVE_INFINITY;
}
