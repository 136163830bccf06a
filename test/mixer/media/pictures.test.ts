import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, afterEach, describe, expect, jest, test } from '@jest/globals';
import { Clips } from '../harness/clips.ts';
import { peak } from '../harness/sound.ts';
import { Turntable } from '../harness/turntable.ts';

jest.setTimeout(30_000);

const clips = new Clips();
let turntable: Turntable;
afterEach(() => turntable.close());
afterAll(() => clips.close());

test.each(['still.png', 'still.jpg'])('%s is one picture that stays', async (name) => {
  turntable = new Turntable(
    await clips.make(name, '-f', 'lavfi', '-i', 'color=red:s=101x81', '-frames:v', '1'),
  );
  await turntable.advance(5000);
  expect(turntable.shown).toMatchObject([{ width: 100, height: 80 }]);
  expect(Math.abs(turntable.shown[0]!.luma - 81)).toBeLessThan(4);
  turntable.play({ positionMs: 3000 });
  await turntable.advance(500);
  expect(turntable.shown).toHaveLength(1);
  expect(turntable.status).toMatchObject({ state: 'playing', durationMs: null });
});

test('flash and beep of a file are as far apart as with speakers: 15 ms, within 40', async () => {
  const flash = "geq=lum='if(between(T,1,1.2),235,16)':cb=128:cr=128";
  const pictures = `color=black:s=160x90:r=30:d=2,format=yuv420p,${flash}`;
  const beep = "aevalsrc='if(between(t,1,1.2),0.5*sin(2*PI*1000*t),0)':s=48000:d=2";
  turntable = new Turntable(
    await clips.make('clap.mp4', '-f', 'lavfi', '-i', pictures, '-f', 'lavfi', '-i', beep),
  );
  await turntable.advance(1500);
  const flashMs = turntable.shown.find(({ luma }) => luma > 128)!.atMs;
  const sound = turntable.take();
  const first = sound.findIndex((sample) => Math.abs(sample) > 0.2);
  // Blocks are pulled from 0 ms on.
  const beepMs = first / 2 / 48;
  expect(Math.abs(beepMs - flashMs - 15)).toBeLessThan(20);
});

test('pictures of another shape have square pixels, and are no larger than is seen', async () => {
  const wide = ['-f', 'lavfi', '-i', 'color=red:s=320x360:d=0.2', '-vf', 'setsar=2/1'];
  turntable = new Turntable(await clips.make('anamorphic.mp4', ...wide));
  await turntable.advance(100);
  expect(turntable.shown[0]).toMatchObject({ width: 640, height: 360 });
  turntable.close();
  const large = ['-f', 'lavfi', '-i', 'color=red:s=1920x1080:d=0.2'];
  turntable = new Turntable(await clips.make('large.mp4', ...large));
  await turntable.advance(100);
  const { width, height, luma } = turntable.shown[0]!;
  expect(width * height).toBeLessThanOrEqual(2 * 640 * 360);
  expect(width / height).toBeCloseTo(16 / 9, 1);
  expect(luma).toBeGreaterThan(55);
});

test.each([
  [90, [0, 1, -1, 0], 'top right'],
  [180, [-1, 0, 0, -1], 'bottom right'],
  [270, [0, -1, 1, 0], 'bottom left'],
])('what a phone filmed turned by %i° is upright', async (degrees, [a, b, c, d], corner) => {
  // White at its top left corner, else black; the corner goes round with the picture.
  const marked = "geq=lum='if(lt(X,W/4)*lt(Y,H/4),235,16)':cb=128:cr=128";
  const lying = ['-f', 'lavfi', '-i', `color=black:s=320x180:d=0.2,format=yuv420p,${marked}`];
  const path = await clips.make(`turned-${degrees}.mp4`, ...lying);
  const bytes = readFileSync(path);
  // The track's matrix (ISO/IEC 14496-12 8.3.2), behind that of the whole film.
  const identity = Buffer.from('0001000000000000000000000000000000010000000000000000000000000000', 'hex');
  const at = bytes.indexOf(identity, bytes.indexOf('tkhd'));
  for (const [index, value] of [a, b, 0, c, d].entries())
    bytes.writeInt32BE((value ?? 0) << 16, at + 4 * index);
  writeFileSync(path, bytes);
  turntable = new Turntable(path);
  await turntable.advance(100);
  const [shown] = turntable.shown;
  expect(shown).toMatchObject(degrees === 180 ? { width: 320, height: 180 } : { width: 180, height: 320 });
  expect(shown!.brightest).toBe(corner);
});

test('HD colours are converted to what the room draws in', async () => {
  const bt709 = ['-vf', 'scale=out_color_matrix=bt709,format=yuv420p'];
  turntable = new Turntable(
    await clips.make('hd.mp4', '-f', 'lavfi', '-i', 'color=red:s=1280x720:d=0.2', ...bt709),
  );
  await turntable.advance(100);
  // Red is 63 in BT.709 and 81 in BT.601.
  expect(Math.abs(turntable.shown[0]!.luma - 81)).toBeLessThan(4);
});

test('1 and 60 pictures a second', async () => {
  for (const [fps, least, most] of [
    [1, 2, 4],
    [60, 55, 62],
  ] as const) {
    const path = await clips.parts(`rate-${fps}.mp4`, '160x90', fps);
    turntable = new Turntable(path);
    await turntable.advance(2000);
    expect(turntable.shown.length).toBeGreaterThanOrEqual(least);
    expect(turntable.shown.length).toBeLessThanOrEqual(most);
    turntable.close();
  }
});

describe('sound', () => {
  test('fades in, and out when it leaves', async () => {
    const path = await clips.parts('fade.mp3');
    turntable = new Turntable(path, { fadeMs: 1000, loop: true });
    await turntable.advance(100);
    expect(peak(turntable.take())).toBeLessThan(0.05);
    await turntable.advance(400);
    const half = peak(turntable.take());
    await turntable.advance(700);
    turntable.take();
    await turntable.advance(100);
    const full = peak(turntable.take());
    expect(half).toBeGreaterThan(0.3 * full);
    expect(half).toBeLessThan(0.7 * full);
    turntable.player.leave();
    await turntable.advance(500);
    const fading = peak(turntable.take().subarray(-9600));
    expect(fading).toBeGreaterThan(0.3 * full);
    expect(fading).toBeLessThan(0.75 * full);
    expect(turntable.left).toBe(false);
    await turntable.advance(600);
    expect(turntable.left).toBe(true);
    turntable.take();
    await turntable.advance(100);
    expect(peak(turntable.take())).toBe(0);
  });

  test('that begins later than its pictures, or ends before them, is silence there', async () => {
    const late = ['-f', 'lavfi', '-i', 'color=red:s=160x90:d=3', '-f', 'lavfi', '-itsoffset', '1'];
    const path = await clips.make('late.webm', ...late, '-i', 'sine=500:d=1', '-map', '0:v', '-map', '1:a');
    turntable = new Turntable(path);
    await turntable.advance(900);
    expect(peak(turntable.take())).toBe(0);
    await turntable.advance(1000);
    expect(peak(turntable.take())).toBeGreaterThan(0.05);
    await turntable.advance(200);
    turntable.take();
    await turntable.advance(800);
    expect(peak(turntable.take())).toBe(0);
    expect(turntable.shown.length).toBeGreaterThan(60);
    await turntable.advance(200);
    expect(turntable.said).toEqual(['playing', 'ended']);
  });
});

test('a film without sound goes by the time that passes, and ends', async () => {
  const film = ['-f', 'lavfi', '-i', 'color=red:s=160x90:r=30:d=1'];
  turntable = new Turntable(await clips.make('silent.mp4', ...film));
  await turntable.advance(500);
  expect(turntable.status.positionMs).toBeGreaterThan(400);
  expect(turntable.shown.length).toBeGreaterThan(12);
  await turntable.advance(700);
  expect(turntable.said).toEqual(['playing', 'ended']);
  expect(turntable.shown.length).toBeGreaterThan(27);
});
