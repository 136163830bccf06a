import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { Clips, PARTS } from '../harness/clips.ts';
import { amplitudeAt, largestStep, peak } from '../harness/sound.ts';
import { Turntable } from '../harness/turntable.ts';

jest.setTimeout(30_000);

const [RED, GREEN, BLUE] = PARTS;
const clips = new Clips();
let turntable: Turntable;
beforeAll(async () => {
  await Promise.all(['parts.mp4', 'parts.webm', 'parts.mp3'].map((name) => clips.parts(name)));
});
afterEach(() => turntable.close());
afterAll(() => clips.close());

const open = (name: string, ...rest: [play?: object, maxPixels?: number]) => {
  turntable = new Turntable(clips.path(name), ...rest);
  return turntable;
};

/** Which of the three tones is heard. */
const tones = (sound: Float32Array) =>
  PARTS.filter(({ hz }) => amplitudeAt(sound, hz) > 0.05).map(({ hz }) => hz);

describe.each(['parts.mp4', 'parts.webm', 'parts.mp3'])('%s', (name) => {
  const hasPictures = name !== 'parts.mp3';

  test('plays its three seconds with their colours and tones, and ends', async () => {
    open(name);
    for (const { hz, luma } of PARTS) {
      await turntable.advance(400);
      turntable.take();
      await turntable.advance(200);
      expect(tones(turntable.take())).toEqual([hz]);
      if (hasPictures) expect(Math.abs(turntable.lastShown!.luma - luma)).toBeLessThan(6);
      expect(turntable.said).toEqual(['playing']);
      await turntable.advance(400);
    }
    await turntable.advance(200);
    expect(turntable.said).toEqual(['playing', 'ended']);
    expect(turntable.status.positionMs).toBeGreaterThan(2900);
    expect(turntable.status.durationMs).toBeGreaterThan(2900);
    // The last picture stays: nothing comes after it.
    const shown = turntable.shown.length;
    turntable.take();
    await turntable.advance(500);
    expect(turntable.shown).toHaveLength(shown);
    expect(peak(turntable.take())).toBe(0);
    if (hasPictures) expect(shown).toBeGreaterThan(80);
  });

  test('pauses silent and still, without a click, and goes on where it was', async () => {
    open(name);
    await turntable.advance(500);
    turntable.play({ state: 'paused' });
    await turntable.advance(40);
    const heard = turntable.take();
    const { positionMs } = turntable.status;
    const shown = turntable.shown.length;
    await turntable.advance(2000);
    expect(peak(turntable.take())).toBe(0);
    expect(turntable.shown).toHaveLength(shown);
    expect(turntable.status).toMatchObject({ state: 'paused', positionMs });
    turntable.play({ state: 'playing' });
    await turntable.advance(200);
    const resumed = turntable.take();
    expect(tones(resumed)).toEqual([RED.hz]);
    expect(turntable.status.positionMs - positionMs).toBeGreaterThan(150);
    expect(turntable.status.positionMs - positionMs).toBeLessThan(250);
    // A 400 Hz sine of this amplitude has no larger step itself.
    const natural = 1.1 * largestStep(heard.subarray(10_000, 40_000));
    expect(largestStep(heard.subarray(10_000))).toBeLessThan(natural);
    expect(largestStep(resumed)).toBeLessThan(natural);
  });

  test('seeks to within 100 ms, forward and back, playing and paused', async () => {
    open(name);
    await turntable.advance(300);
    for (const [positionMs, before, after] of [
      [1900, GREEN, BLUE],
      [900, RED, GREEN],
    ] as const) {
      turntable.play({ positionMs });
      await turntable.advance(20);
      turntable.take();
      await turntable.advance(60);
      expect(tones(turntable.take())).toEqual([before.hz]);
      if (hasPictures) expect(Math.abs(turntable.lastShown!.luma - before.luma)).toBeLessThan(6);
      await turntable.advance(120);
      turntable.take();
      await turntable.advance(60);
      expect(tones(turntable.take())).toEqual([after.hz]);
      if (hasPictures) expect(Math.abs(turntable.lastShown!.luma - after.luma)).toBeLessThan(6);
    }
    turntable.play({ state: 'paused', positionMs: 2500 });
    await turntable.advance(200);
    expect(turntable.status.positionMs).toBe(2500);
    if (hasPictures) expect(Math.abs(turntable.lastShown!.luma - BLUE.luma)).toBeLessThan(6);
  });

  test('loops without a gap, and says where it is each time', async () => {
    open(name, { loop: true });
    await turntable.advance(2950);
    turntable.take();
    turntable.shown.length = 0;
    await turntable.advance(200);
    const around = turntable.take();
    // Silent blocks of 5 ms: an encoder's padding at most.
    let silent = 0;
    for (let at = 0; at < around.length; at += 480) if (peak(around.subarray(at, at + 480)) < 0.01) silent++;
    expect(silent * 5).toBeLessThan(100);
    await turntable.advance(400);
    expect(turntable.status.positionMs).toBeGreaterThan(400);
    expect(turntable.status.positionMs).toBeLessThan(700);
    expect(tones(turntable.take())).toEqual([RED.hz]);
    const gaps = turntable.shown.slice(1).map(({ atMs }, i) => atMs - turntable.shown[i]!.atMs);
    if (hasPictures) expect(Math.max(...gaps)).toBeLessThan(100);
    await turntable.advance(7000);
    expect(turntable.said).toEqual(['playing']);
    turntable.play({ loop: false });
    await turntable.advance(4000);
    expect(turntable.said).toEqual(['playing', 'ended']);
  });
});
