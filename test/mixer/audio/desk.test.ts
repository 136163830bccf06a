import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { BLOCK_US } from '../../../mixer/audio/format.ts';
import { LOOKAHEAD_US } from '../../../mixer/audio/limiter.ts';
import { readPicture } from '../../../mixer/protocol/picture.ts';
import { parseRtp } from '../../../mixer/rtp/packet.ts';
import { Booth } from '../harness/booth.ts';
import { Microphone } from '../harness/microphone.ts';
import '../harness/quiet.ts';
import { amplitudeAt, db, largestStep, peak } from '../harness/sound.ts';

/** libopus in its mode of least delay (RFC 7845 5.1). */
const ENCODER_US = 2500;

let booth: Booth;
beforeEach(() => {
  booth = new Booth();
});
afterEach(() => {
  booth.close();
});
/** Level of a tone in what was heard in the last second, against the level it was spoken with. */
const levelDb = (sound: Float32Array, hz: number, spoken = 0.25) => db(amplitudeAt(sound, hz) / spoken);
/** Runs for a while, and gives what a listener hears of the second after it. */
const later = (encoder: number) => {
  booth.run(500).take(encoder);
  return booth.run(1000).take(encoder);
};

describe('three speakers', () => {
  beforeEach(() => {
    booth.speak('ada', 500);
    booth.speak('bob', 900);
    booth.speak('cleo', 1700);
  });

  test('a viewer hears all of them, in the middle', () => {
    const sound = later(booth.listen());
    for (const hz of [500, 900, 1700]) expect(Math.abs(levelDb(sound, hz))).toBeLessThan(1);
    const side = sound.map((sample, i) => (i % 2 === 0 ? sample - sound[i + 1]! : 0));
    expect(peak(side)).toBeLessThan(0.02);
  });

  test('each hears the others and not themselves', () => {
    const listeners = ['ada', 'bob', 'cleo'].map((name) => booth.listen(name));
    booth.run(500);
    for (const listener of listeners) booth.take(listener);
    booth.run(1000);
    for (const [index, listener] of listeners.entries()) {
      const sound = booth.take(listener);
      for (const [other, hz] of [500, 900, 1700].entries()) {
        if (other === index) expect(levelDb(sound, hz)).toBeLessThan(-60);
        else expect(Math.abs(levelDb(sound, hz))).toBeLessThan(1);
      }
    }
  });

  test('one who is not there hears everybody', () => {
    const sound = later(booth.listen('dan'));
    for (const hz of [500, 900, 1700]) expect(Math.abs(levelDb(sound, hz))).toBeLessThan(1);
  });

  test('a camera and a screen of one person are both their own', () => {
    booth.speak('ada', 3100, { kind: 'screen' });
    const sound = later(booth.listen('ada'));
    expect(levelDb(sound, 500)).toBeLessThan(-60);
    expect(levelDb(sound, 3100)).toBeLessThan(-60);
    expect(Math.abs(levelDb(sound, 900))).toBeLessThan(1);
  });

  test('who is muted is not heard, by anybody, and their level is told as silence', () => {
    booth.desk.setGain({ participant: 'ada', kind: 'camera' }, 0);
    const viewer = booth.listen();
    booth.run(500).take(viewer);
    booth.desk.takeLevels(booth.nowUs);
    const sound = booth.run(1000).take(viewer);
    expect(levelDb(sound, 500)).toBeLessThan(-60);
    expect(Math.abs(levelDb(sound, 900))).toBeLessThan(1);
    const [ada, bob] = booth.desk.takeLevels(booth.nowUs);
    expect(ada).toMatchObject({ participant: 'ada', levelDb: -127, speaking: false });
    expect(bob!.levelDb).toBeCloseTo(db(0.25) - 3, 0);
    expect(bob!.speaking).toBe(true);
  });

  test('a volume set before somebody comes, or comes again, holds', () => {
    booth.desk.setGain({ participant: 'dan', kind: 'camera' }, 0.1);
    const dan = booth.speak('dan', 2500);
    expect(Math.abs(levelDb(later(booth.listen()), 2500) + 20)).toBeLessThan(1.5);
    booth.leave(dan);
    booth.run(100);
    booth.speak('dan', 2500);
    expect(Math.abs(levelDb(later(booth.listen()), 2500) + 20)).toBeLessThan(1.5);
  });

  test('the stage hears who the program does not, and each of them the others', () => {
    booth.desk.hear('program', [{ participant: 'bob', kind: 'camera' }]);
    const [viewer, stage, ada] = [
      booth.listen(),
      booth.listen(undefined, 'stage'),
      booth.listen('ada', 'stage'),
    ];
    booth.run(500);
    for (const encoder of [viewer, stage, ada]) booth.take(encoder);
    booth.run(1000);
    const [program, all, minus] = [viewer, stage, ada].map((encoder) => booth.take(encoder));
    for (const hz of [500, 1700]) expect(levelDb(program!, hz)).toBeLessThan(-60);
    expect(Math.abs(levelDb(program!, 900))).toBeLessThan(1);
    for (const hz of [500, 900, 1700]) expect(Math.abs(levelDb(all!, hz))).toBeLessThan(1);
    expect(levelDb(minus!, 500)).toBeLessThan(-60);
    expect(Math.abs(levelDb(minus!, 1700))).toBeLessThan(1);
  });
});

describe('nothing clicks', () => {
  /** The steepest slope of the tone, with what coding adds. */
  const STEEPEST = 0.5 * ((2 * Math.PI * 300) / 48_000) * 1.3;
  const events: [string, (booth: Booth) => void][] = [
    ['muting', ({ desk }) => desk.setGain({ participant: 'ada', kind: 'camera' }, 0)],
    ['another volume', ({ desk }) => desk.setGain({ participant: 'ada', kind: 'camera' }, 0.3)],
    ['leaving', (each) => each.leave(each.speakers[0]!)],
    ['leaving a program', ({ desk }) => desk.hear('program', [])],
  ];
  test.each(events)('at %s, nor when it is taken back', (_, happen) => {
    booth.speak('ada', 300, { amplitude: 0.5 });
    const viewer = booth.listen();
    booth.run(500).take(viewer);
    happen(booth);
    expect(largestStep(booth.run(200).take(viewer))).toBeLessThan(STEEPEST);
    booth.desk.setGain({ participant: 'ada', kind: 'camera' }, 1);
    booth.desk.hear('program', null);
    if (booth.speakers.length === 0) booth.speak('ada', 300, { amplitude: 0.5 });
    const again = booth.run(400).take(viewer);
    expect(largestStep(again)).toBeLessThan(STEEPEST);
    expect(peak(again)).toBeGreaterThan(0.4);
  });
});

describe('the sound of a screen', () => {
  const onlyLeft = (booth: Booth, hz: number, kind: 'camera' | 'screen') => {
    const speaker = booth.speak('ada', hz, { kind, amplitude: 0.4 });
    speaker.microphone.close();
    speaker.microphone = new Microphone({ hz, amplitude: 0.4, sides: 'left' });
  };

  test('stays stereo, and a voice is in the middle wherever it came from', () => {
    onlyLeft(booth, 700, 'screen');
    onlyLeft(booth, 1300, 'camera');
    const sound = later(booth.listen());
    const right = sound.subarray(1);
    expect(levelDb(sound, 700, 0.4)).toBeCloseTo(0, 0);
    expect(levelDb(right, 700, 0.4)).toBeLessThan(-30);
    expect(levelDb(sound, 1300, 0.4)).toBeCloseTo(-6, 0);
    expect(levelDb(right, 1300, 0.4)).toBeCloseTo(-6, 0);
  });

  test('is lowered while somebody talks, and comes back after them', () => {
    booth.desk.set({ duckingDb: 12, automaticGain: false, panning: false });
    booth.speak('ada', 700, { kind: 'screen' });
    const bob = booth.speak('bob', 1300);
    bob.microphone.amplitude = 0;
    const viewer = booth.listen();
    booth.run(500).take(viewer);
    expect(Math.abs(levelDb(booth.run(500).take(viewer), 700))).toBeLessThan(0.5);
    bob.microphone.amplitude = 0.25;
    booth.run(300).take(viewer);
    expect(levelDb(booth.run(500).take(viewer), 700)).toBeCloseTo(-12, 0);
    bob.microphone.amplitude = 0;
    booth.run(300).take(viewer);
    expect(levelDb(booth.run(300).take(viewer), 700)).toBeCloseTo(-12, 0);
    booth.run(1200).take(viewer);
    expect(Math.abs(levelDb(booth.run(500).take(viewer), 700))).toBeLessThan(0.5);
  });
});

test('ten full-scale talkers: no listener hears more than −1 dBFS, and nobody hears themselves', () => {
  for (let i = 0; i < 10; i++) booth.speak(`p${i}`, 300 + 190 * i, { amplitude: 1 });
  const [viewer, first] = [booth.listen(), booth.listen('p0')];
  booth.run(2000);
  expect(peak(booth.take(viewer))).toBeLessThanOrEqual(10 ** (-1 / 20));
  const sound = booth.take(first).subarray(67_200);
  expect(peak(sound)).toBeLessThanOrEqual(10 ** (-1 / 20));
  expect(peak(sound)).toBeGreaterThan(0.5);
  expect(db(amplitudeAt(sound, 300) / amplitudeAt(sound, 490))).toBeLessThan(-40);
});

test('who has left for good and comes again begins with the usual volume', () => {
  booth.desk.setGain({ participant: 'dan', kind: 'camera' }, 0.1);
  booth.leave(booth.speak('dan', 2500));
  booth.desk.forgetGain({ participant: 'dan', kind: 'camera' });
  booth.run(100);
  booth.speak('dan', 2500);
  expect(Math.abs(levelDb(later(booth.listen()), 2500))).toBeLessThan(1);
});

test('with nobody there is silence, in packets that go on', () => {
  const viewer = booth.listen();
  expect(peak(booth.run(400).take(viewer))).toBeLessThan(0.001);
  expect(booth.pictures.get(viewer)).toHaveLength(20);
});

test('packets count on: sequence by 1, time by 960, and the time is that of the sound', () => {
  const viewer = booth.listen();
  booth.run(400);
  const pictures = booth.pictures.get(viewer)!.map(readPicture);
  for (const [index, { packets, rtpTimestamp, ptsUs, keyFrame }] of pictures.entries()) {
    const packet = parseRtp(packets[0]!, 0)!;
    expect(packets).toHaveLength(1);
    expect([packet.sequence, packet.rtpTimestamp, keyFrame]).toEqual([index, rtpTimestamp, true]);
    expect(rtpTimestamp).toBe((pictures[0]!.rtpTimestamp + 960 * index) % 2 ** 32);
    expect(ptsUs).toBe(1e9 + BLOCK_US * (index + 1) - LOOKAHEAD_US - ENCODER_US);
    expect(Math.abs(rtpTimestamp - ((ptsUs * 0.048) % 2 ** 32))).toBeLessThan(2);
  }
});

test('a tap gives the same frames, until it is closed', () => {
  const viewer = booth.listen();
  expect(booth.desk.tap(viewer, true)).toBe(true);
  expect(booth.desk.tap(99, true)).toBe(false);
  booth.run(100);
  expect(booth.chunks).toHaveLength(5);
  expect(booth.chunks.map(({ ptsUs }) => ptsUs)).toEqual(
    booth.pictures.get(viewer)!.map((picture) => readPicture(picture).ptsUs),
  );
  booth.desk.tap(viewer, false);
  booth.run(100);
  expect(booth.chunks).toHaveLength(5);
});

test('what a packet waits here is measured, once per packet', () => {
  booth.speak('ada', 500);
  booth.listen();
  booth.run(4000);
  const { boundsMs, counts, sumMs } = booth.desk.latency.histogram;
  const packets = counts.reduce((sum, count) => sum + count, 0);
  expect(packets).toBeGreaterThanOrEqual(195);
  expect(packets).toBeLessThanOrEqual(200);
  expect(sumMs / packets).toBeGreaterThanOrEqual(5);
  expect(sumMs / packets).toBeLessThan(30);
  expect(counts.slice(boundsMs.indexOf(45) + 1).every((count) => count === 0)).toBe(true);
});
