import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { DecodedSound } from '../../../mixer/audio/decodedSound.ts';
import { Microphone } from '../harness/microphone.ts';
import { amplitudeAt, db, largestStep, peak } from '../harness/sound.ts';

const HZ = 440;
const SLOPE = (0.5 * 2 * Math.PI * HZ) / 48_000;
const MS = 48;

describe.each([
  [16, 20, 'SILK'],
  [64, 20, 'CELT'],
  [64, 2.5, 'CELT in short frames'],
  [16, 60, 'SILK in long frames'],
])('a tone of %i kbit/s in frames of %f ms (%s)', (kbps, frameMs) => {
  let sound: DecodedSound;
  let microphone: Microphone;
  beforeEach(() => {
    sound = new DecodedSound(2);
    microphone = new Microphone({ hz: HZ, kbps, frameMs, channels: 1 });
  });
  afterEach(() => {
    sound.close();
    microphone.close();
  });

  const play = (ms: number) => {
    for (const { packet } of microphone.recordFor(ms)) sound.play(packet.subarray(12));
  };
  const heard = () => {
    const out = new Float32Array(sound.queue.size * 2);
    sound.queue.take(out);
    return out;
  };
  const levelDb = (samples: Float32Array) => db(amplitudeAt(samples, HZ) / 0.5);

  test('goes on for 60 ms that are missing, and joins what comes then without a click', () => {
    play(600);
    heard();
    sound.cover(60 * MS);
    const made = heard();
    expect(made).toHaveLength(60 * MS * 2);
    expect(levelDb(made)).toBeGreaterThan(-8);
    microphone.recordFor(60);
    play(600);
    const after = heard();
    const all = Float32Array.from([...made, ...after]);
    expect(largestStep(all)).toBeLessThan(SLOPE * 1.8);
    expect(levelDb(after.subarray(300 * MS * 2))).toBeGreaterThan(-1.5);
  });

  test('fades away when more is missing, and comes back without a click', () => {
    play(600);
    heard();
    sound.cover(400 * MS);
    expect(sound.silent).toBe(true);
    const made = heard();
    expect(made).toHaveLength(400 * MS * 2);
    expect(peak(made.subarray(130 * MS * 2))).toBe(0);
    microphone.recordFor(400);
    play(600);
    const all = Float32Array.from([...made, ...heard()]);
    expect(largestStep(all)).toBeLessThan(SLOPE * 1.8);
    expect(peak(all.subarray(400 * MS * 2))).toBeGreaterThan(0.4);
  });

  test('is silent in a pause of the sender, exactly as long as that', () => {
    play(600);
    heard();
    sound.pause(100 * MS);
    const pause = heard();
    expect(pause).toHaveLength(100 * MS * 2);
    expect(peak(pause.subarray(10 * MS * 2))).toBe(0);
    expect(largestStep(pause)).toBeLessThan(SLOPE * 1.8);
  });
});

test('before the first packet nothing is made up', () => {
  const sound = new DecodedSound(1);
  sound.cover(960);
  const out = new Float32Array(960).fill(1);
  expect(sound.queue.take(out)).toBe(960);
  expect(peak(out)).toBe(0);
  expect(sound.fall()).toBe(0);
  sound.close();
  sound.close();
});
