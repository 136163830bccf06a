import { describe, expect, test } from '@jest/globals';
import { BLOCK_LENGTH, BLOCK_US } from '../../../mixer/audio/format.ts';
import { type SoundInput, Strip } from '../../../mixer/audio/strip.ts';
import { LoudnessMeter } from '../harness/meter.ts';
import { db, joined, largestStep, peak, tone } from '../harness/sound.ts';
import { Voice } from '../harness/voice.ts';

class Listening {
  readonly strip: Strip;
  readonly meter = new LoudnessMeter();
  nowUs = 0;

  constructor(input: SoundInput, kind: 'camera' | 'screen' = 'camera') {
    this.strip = new Strip({ participant: 'ada', kind }, input);
  }

  /** Advances, and gives what was heard. */
  hear(seconds: number): Float32Array {
    const blocks: Float32Array[] = [];
    for (let block = 0; block < seconds * 50; block++) {
      this.nowUs += BLOCK_US;
      blocks.push(Float32Array.from(this.strip.advance(this.nowUs) ?? new Float32Array(BLOCK_LENGTH)));
      this.meter.push(blocks.at(-1)!);
    }
    return joined(blocks);
  }

  /** Short-term loudness after `seconds` more. */
  loudness(seconds: number): number {
    this.hear(seconds);
    return this.meter.shortTerm;
  }
}

/** Voices from a whisper far from the microphone to one that nearly clips. */
const amplitudes = [0.008, 0.02, 0.1, 0.3];

describe('automatic gain', () => {
  test('brings a quiet and a loud speaker within 3 LU of each other after 5 s', () => {
    const loudness = amplitudes.map((amplitude) => new Listening(new Voice({ amplitude })).loudness(5));
    expect(Math.max(...loudness) - Math.min(...loudness)).toBeLessThan(3);
    for (const each of loudness) expect(Math.abs(each + 21)).toBeLessThan(2);
  });

  test('and keeps them there', () => {
    for (const amplitude of amplitudes) {
      const listening = new Listening(new Voice({ amplitude, noise: 0.0005 }));
      listening.hear(6);
      for (let i = 0; i < 10; i++) expect(Math.abs(listening.loudness(3) + 21)).toBeLessThan(2.5);
    }
  });

  test('does not touch what has its loudness already', () => {
    const voice = new Voice({ amplitude: 0.12 });
    const [adjusted, plain] = [new Listening(voice), new Listening(new Voice({ amplitude: 0.12 }))];
    plain.strip.automaticGain = false;
    for (let i = 0; i < 5; i++) expect(Math.abs(adjusted.loudness(3) - plain.loudness(3))).toBeLessThan(1.5);
  });

  test('stands still while nobody speaks, also over noise', () => {
    const voice = new Voice({ amplitude: 0.008, noise: 0.0006 });
    const listening = new Listening(voice);
    listening.hear(8);
    voice.amplitude = 0;
    listening.hear(3);
    const early = listening.loudness(4);
    const late = listening.loudness(30);
    expect(Math.abs(late - early)).toBeLessThan(0.5);
  });

  test('is bounded: a whisper of −60 LUFS is not made a shout, nor its noise a storm', () => {
    const listening = new Listening(new Voice({ amplitude: 0.0025 }));
    expect(listening.loudness(20)).toBeLessThan(-28);
  });

  test('who moves away from the microphone is followed slowly', () => {
    const voice = new Voice({ amplitude: 0.2 });
    const listening = new Listening(voice);
    listening.hear(9);
    voice.amplitude = 0.05;
    expect(listening.loudness(3)).toBeLessThan(-26);
    expect(Math.abs(listening.loudness(18) + 21)).toBeLessThan(3);
  });

  test('switched off it changes nothing', () => {
    const listening = new Listening(new Voice({ amplitude: 0.02 }));
    listening.strip.automaticGain = false;
    expect(listening.loudness(12)).toBeLessThan(-30);
  });

  test('never clicks: no step is steeper than the gain explains', () => {
    const voice = new Voice({ amplitude: 0.01 });
    const listening = new Listening(voice);
    let steepest = 0;
    for (const amplitude of [0.01, 0.3, 0.01, 0.3]) {
      voice.amplitude = amplitude;
      // Twelve harmonics of 140 Hz, each with the same slope, and at most 24 dB.
      const slope = 12 * amplitude * ((2 * Math.PI * 140) / 48_000) * 15.9;
      steepest = Math.max(steepest, largestStep(listening.hear(6)) / slope);
    }
    expect(steepest).toBeLessThan(1);
  });
});

describe('what is not a voice', () => {
  test('passes as it is, in stereo and at any loudness', () => {
    const sound = tone(50, 0.001);
    for (let i = 1; i < sound.length; i += 2) sound[i] = 0;
    const input: SoundInput = { channels: 2, pull: () => sound, close: () => {} };
    const listening = new Listening(input, 'screen');
    expect(listening.strip.isVoice).toBe(false);
    expect(listening.hear(4).subarray(-BLOCK_LENGTH)).toEqual(sound);
  });

  test('in mono is heard on both sides', () => {
    const input: SoundInput = { channels: 1, pull: () => new Float32Array(960).fill(0.25), close: () => {} };
    expect(new Listening(input, 'screen').hear(0.1).every((sample) => sample === 0.25)).toBe(true);
  });
});

test('the level is that of the voice, whatever the gain made of it, and of the fader', () => {
  const listening = new Listening({
    channels: 1,
    pull: () => tone(1000, 0.01).filter((_, i) => i % 2 === 0),
    close: () => {},
  });
  listening.hear(5);
  expect(listening.strip.level.take()).toBeCloseTo(db(0.01) - 3, 0);
  listening.strip.fader.moveTo(0.1);
  listening.hear(0.1);
  listening.strip.level.take();
  listening.hear(0.1);
  expect(listening.strip.level.take()).toBeCloseTo(db(0.001) - 3, 0);
});

test('a source that is silent costs nothing and is told so', () => {
  let pulls = 0;
  const input: SoundInput = {
    channels: 1,
    pull: () => (++pulls < 3 ? new Float32Array(960).fill(0.1) : null),
    close: () => {},
  };
  const listening = new Listening(input);
  expect(listening.strip.advance(0)).not.toBeNull();
  listening.strip.advance(1);
  // The filters ring for one more block.
  expect(listening.strip.advance(2)).not.toBeNull();
  expect(listening.strip.advance(3)).toBeNull();
  listening.strip.level.take();
  listening.strip.advance(4);
  expect(listening.strip.level.take()).toBe(-127);
});

describe.each(['camera', 'screen'] as const)('what is no sound at all, from a %s', (kind) => {
  test.each([
    ['numbers that are none', [Number.NaN, 0.1]],
    ['endless ones', [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]],
    ['one number far beyond', [0, 0, 0, 0.1, 1e30]],
  ])('%s: is silence, and leaves nothing behind', (_, samples) => {
    let nonsense = false;
    const good = tone(1000, 0.1).filter((_sample, i) => i % 2 === 0);
    const bad = Float32Array.from(good, (_sample, i) => samples[i % samples.length]!);
    const listening = new Listening(
      { channels: 1, pull: () => (nonsense ? bad : good), close: () => {} },
      kind,
    );
    listening.strip.automaticGain = false;
    const before = listening.hear(0.5);
    nonsense = true;
    const meanwhile = listening.hear(0.2);
    expect(meanwhile.every(Number.isFinite)).toBe(true);
    expect(peak(meanwhile.subarray(-BLOCK_LENGTH))).toBeLessThan(0.001);
    nonsense = false;
    listening.hear(0.2);
    const after = listening.hear(0.5);
    expect(db(peak(after) / peak(before.subarray(-BLOCK_LENGTH)))).toBeCloseTo(0, 1);
    expect(listening.strip.level.take()).toBeCloseTo(db(0.1) - 3, 0);
  });
});
