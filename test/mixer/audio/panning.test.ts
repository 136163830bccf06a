import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { panOf } from '../../../mixer/audio/panner.ts';
import { Booth } from '../harness/booth.ts';
import { Microphone } from '../harness/microphone.ts';
import '../harness/quiet.ts';
import { amplitudeAt, db, largestStep, peak } from '../harness/sound.ts';
import { sideBySide, tile } from '../harness/stage.ts';

let booth: Booth;
beforeEach(() => {
  booth = new Booth();
});
afterEach(() => {
  booth.close();
});

const panned = (panning = true) => booth.desk.set({ duckingDb: 0, automaticGain: false, panning });
/** Runs for a while, and gives what a listener hears of the second after it. */
const later = (encoder: number) => {
  booth.run(500).take(encoder);
  return booth.run(1000).take(encoder);
};
const sidesDb = (sound: Float32Array, hz: number) =>
  [sound, sound.subarray(1)].map((side) => db(amplitudeAt(side, hz) / 0.2));
/** By how much a tone is louder on the right. */
const rightDb = (sound: Float32Array, hz: number) => {
  const [left, right] = sidesDb(sound, hz);
  return right! - left!;
};
const ratioDb = (pan: number) => db((1 + pan) / (1 - pan));
const people = ['ada', 'bob', 'cleo'];
const tones = [500, 900, 1700];

describe('three speakers side by side', () => {
  beforeEach(() => {
    for (const [index, name] of people.entries()) booth.speak(name, tones[index]!, { amplitude: 0.2 });
    booth.desk.place('program', sideBySide(...people.map((name) => tile(name))));
  });

  test('are in the middle, unless the room wants it otherwise', () => {
    const sound = later(booth.listen());
    for (const hz of tones) expect(Math.abs(rightDb(sound, hz))).toBeLessThan(0.1);
    const side = sound.map((sample, i) => (i % 2 === 0 ? sample - sound[i + 1]! : 0));
    expect(peak(side)).toBeLessThan(0.02);
  });

  test('are heard from where they stand, as loud as before on both sides together', () => {
    panned();
    const sound = later(booth.listen());
    for (const [index, hz] of tones.entries()) {
      const pan = panOf({ x: index / 3, w: 1 / 3 });
      expect(Math.abs(rightDb(sound, hz) - ratioDb(pan))).toBeLessThan(0.5);
      const [left, right] = sidesDb(sound, hz).map((level) => 10 ** (level / 20));
      expect(Math.abs(db((left! + right!) / 2))).toBeLessThan(0.5);
    }
    expect(rightDb(sound, 500)).toBeLessThan(-6);
    expect(rightDb(sound, 1700)).toBeGreaterThan(6);
  });

  test('and nobody hears themselves, on either side, also while they move', () => {
    panned();
    const ada = booth.listen('ada');
    const quiet = (sound: Float32Array) => {
      for (const level of sidesDb(sound, 500)) expect(level).toBeLessThan(-60);
      for (const hz of [900, 1700]) expect(Math.max(...sidesDb(sound, hz))).toBeGreaterThan(-1);
    };
    quiet(later(ada));
    booth.desk.place('program', sideBySide(...['bob', 'cleo', 'ada'].map((name) => tile(name))));
    quiet(booth.run(300).take(ada));
  });

  test('go back to the middle when it is switched off again, or their tile is gone', () => {
    panned();
    const viewer = booth.listen();
    later(viewer);
    booth.desk.place('program', [tile('bob', { x: 0, w: 0.5 })]);
    const without = later(viewer);
    for (const hz of [500, 1700]) expect(Math.abs(rightDb(without, hz))).toBeLessThan(0.1);
    expect(rightDb(without, 900)).toBeLessThan(-4);
    panned(false);
    expect(Math.abs(rightDb(later(viewer), 900))).toBeLessThan(0.1);
  });

  test('stand somewhere else on the stage', () => {
    panned();
    booth.desk.place('stage', sideBySide(tile('bob'), tile('ada')));
    const [viewer, stage] = [booth.listen(), booth.listen(undefined, 'stage')];
    booth.run(500);
    for (const encoder of [viewer, stage]) booth.take(encoder);
    booth.run(1000);
    expect(rightDb(booth.take(viewer), 500)).toBeLessThan(-6);
    const onStage = booth.take(stage);
    expect(Math.abs(rightDb(onStage, 500) - ratioDb(panOf({ x: 0.5, w: 0.5 })))).toBeLessThan(0.5);
    expect(Math.abs(rightDb(onStage, 1700))).toBeLessThan(0.1);
  });
});

test('a tile that moves takes its sound along, without a click', () => {
  panned();
  booth.speak('ada', 300, { amplitude: 0.5 });
  booth.desk.place('program', [tile('ada', { x: 0, w: 0.2 })]);
  const viewer = booth.listen();
  booth.run(500).take(viewer);
  // The steepest slope of the tone on its louder side, with what coding adds.
  const steepest = 1.48 * 0.5 * ((2 * Math.PI * 300) / 48_000) * 1.3;
  for (const [x, toRight] of [
    [0.8, true],
    [0, false],
  ] as const) {
    booth.desk.place('program', [tile('ada', { x, w: 0.2 })]);
    const moving = booth.run(300).take(viewer);
    expect(largestStep(moving)).toBeLessThan(steepest);
    expect(largestStep(moving.subarray(1))).toBeLessThan(steepest);
    const tenths = [0, 1, 2].map((i) => rightDb(moving.subarray(i * 9600, (i + 1) * 9600), 300));
    expect(tenths).toEqual([...tenths].sort((a, b) => (toRight ? a - b : b - a)));
    expect(Math.abs(tenths[1]!)).toBeLessThan(4);
  }
});

test('who is muted while their tile moves is heard at its new place from the first word', () => {
  panned();
  booth.speak('ada', 500);
  booth.desk.place('program', [tile('ada', { x: 0, w: 0.2 })]);
  booth.desk.hear('program', []);
  const viewer = booth.listen();
  booth.run(500);
  booth.desk.place('program', [tile('ada', { x: 0.8, w: 0.2 })]);
  booth.run(40).take(viewer);
  booth.desk.hear('program', null);
  booth.run(40).take(viewer);
  expect(rightDb(booth.run(100).take(viewer), 500)).toBeGreaterThan(8);
});

test('the sound of a screen keeps its own stereo, wherever its tile stands', () => {
  panned();
  const screen = booth.speak('ada', 700, { kind: 'screen' });
  screen.microphone.close();
  screen.microphone = new Microphone({ hz: 700, amplitude: 0.2, sides: 'left' });
  booth.desk.place('program', [tile('ada', { kind: 'screen', x: 0.6, w: 0.4 })]);
  const [left, right] = sidesDb(later(booth.listen()), 700);
  expect(Math.abs(left!)).toBeLessThan(0.5);
  expect(right).toBeLessThan(-30);
});
