import { beforeAll, describe, expect, test } from '@jest/globals';
import { OpusEncoder } from '../../../../../mixer/audio/opusEncoder.ts';
import { toneHz } from '../../../../../scripts/bench/clips/loadClips.ts';
import { samplesOf, toneShareDb } from '../../../../../scripts/bench/references/sound/tones.ts';
import { rtpPacket } from '../../../../../scripts/bench/rtp/header.ts';

const BLOCKS = 100;

/** Two seconds of tones of the same loudness, coded as a mixer does. */
function coded(tones: readonly number[]): Buffer[] {
  const encoder = new OpusEncoder({ kbps: 64 });
  const packets: Buffer[] = [];
  for (let block = 0; block < BLOCKS; block++) {
    const samples = Float32Array.from({ length: 1920 }, (_, at) => {
      const seconds = (block * 960 + Math.floor(at / 2)) / 48_000;
      return tones.reduce((sum, hz) => sum + 0.1 * Math.sin(2 * Math.PI * hz * seconds), 0);
    });
    const payload = encoder.encode(samples);
    const header = { payloadType: 111, marker: false, sequence: block, timestamp: block * 960, ssrc: 1 };
    if (payload) packets.push(rtpPacket(header, [Buffer.from(payload)]));
  }
  encoder.close();
  return packets;
}

describe('what is heard in a mix', () => {
  let samples: Float32Array;
  beforeAll(() => {
    samples = samplesOf(coded([toneHz(0), toneHz(1), toneHz(3)]));
  });

  test('all of it is decoded', () => {
    expect(samples.length).toBeGreaterThan((BLOCKS - 2) * 960);
    expect(samples.length).toBeLessThanOrEqual(BLOCKS * 960);
  });

  test('everybody in it has an equal share, who is missing has none', () => {
    for (const speaker of [0, 1, 3]) expect(toneShareDb(samples, toneHz(speaker))).toBeCloseTo(-4.8, 0);
    for (const speaker of [2, 4]) expect(toneShareDb(samples, toneHz(speaker))).toBeLessThan(-30);
  });

  test('in silence nobody is heard', () => {
    expect(toneShareDb(samplesOf(coded([])), toneHz(0))).toBeLessThan(-20);
    expect(toneShareDb(new Float32Array(0), toneHz(0))).toBe(Number.NEGATIVE_INFINITY);
  });
});
