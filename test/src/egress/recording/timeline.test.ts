import { describe, expect, test } from '@jest/globals';
import type { MediaPacket } from '../../../../src/egress/matroska/writer.ts';
import { Timeline } from '../../../../src/egress/recording/timeline.ts';

const PICTURE_US = 33_333;
const SOUND_US = 20_000;
const bytes = Buffer.from([1]);

/** A program fed step by step into a timeline, sound a little later than pictures. */
class Program {
  readonly packets: MediaPacket[] = [];
  readonly timeline: Timeline;
  nowUs: number;
  #pictureUs: number;
  #soundUs: number;
  keyFrameNext = false;

  constructor(startUs: number, fromUs = startUs) {
    this.nowUs = startUs;
    this.#pictureUs = startUs;
    this.#soundUs = startUs + 7_000;
    this.timeline = new Timeline(fromUs);
  }

  advance(us: number, { pictures = true, sound = true } = {}): void {
    const endUs = this.nowUs + us;
    for (; this.nowUs < endUs; this.nowUs += 1_000) {
      while (this.#pictureUs <= this.nowUs) {
        const chunk = { keyFrame: this.keyFrameNext, ptsUs: this.#pictureUs, durationUs: PICTURE_US, bytes };
        if (pictures) {
          this.packets.push(...this.timeline.pushVideo(chunk));
          this.keyFrameNext = false;
        }
        this.#pictureUs += PICTURE_US;
      }
      while (this.#soundUs + 30_000 <= this.nowUs) {
        const chunk = { keyFrame: true, ptsUs: this.#soundUs, durationUs: SOUND_US, bytes };
        if (sound) this.packets.push(...this.timeline.pushAudio(chunk));
        this.#soundUs += SOUND_US;
      }
    }
  }

  keyFrame(): void {
    this.keyFrameNext = true;
  }

  cut(): void {
    this.timeline.cut(this.nowUs);
  }

  of(media: 'video' | 'audio'): MediaPacket[] {
    return this.packets.filter((packet) => packet.media === media);
  }
}

const endOf = (packets: MediaPacket[]): number => packets.at(-1)!.timeUs + packets.at(-1)!.durationUs;

/** No holes and no overlaps, from 0 on. */
function expectSeamless(packets: MediaPacket[]): void {
  let atUs = 0;
  for (const { timeUs, durationUs } of packets) {
    expect(timeUs).toBe(atUs);
    atUs = timeUs + durationUs;
  }
}

describe('a timeline', () => {
  test('begins with the first key frame, picture first, and sound at most half a frame from it', () => {
    const program = new Program(5_000_000);
    program.advance(100_000);
    expect(program.packets).toEqual([]);
    program.keyFrame();
    program.advance(300_000);
    expect(program.packets[0]).toMatchObject({ media: 'video', keyFrame: true, timeUs: 0 });
    expectSeamless(program.of('audio'));
    expectSeamless(program.of('video'));
  });

  test('takes no key frame from before it was asked to begin', () => {
    const program = new Program(1_000_000, 1_150_000);
    program.keyFrame();
    program.advance(150_000);
    expect(program.timeline.begun).toBe(false);
    program.keyFrame();
    program.advance(100_000);
    expect(program.timeline.begun).toBe(true);
  });

  test('is cut at one moment in picture and sound, though sound comes later', () => {
    const program = new Program(0);
    program.keyFrame();
    program.advance(1_000_000);
    program.cut();
    const cutUs = program.nowUs;
    expect(program.timeline.settled).toBe(false);
    program.advance(100_000);
    expect(program.timeline.settled).toBe(true);
    expect(endOf(program.of('video'))).toBe(cutUs);
    expect(Math.abs(endOf(program.of('audio')) - cutUs)).toBeLessThanOrEqual(SOUND_US / 2);
    expect(program.timeline.durationUs(9e9)).toBe(cutUs);
    program.advance(500_000);
    expect(endOf(program.of('video'))).toBe(cutUs);
  });

  test('knows no pauses: what comes after follows what came before', () => {
    const program = new Program(0);
    program.keyFrame();
    program.advance(1_000_000);
    for (const pausedUs of [700_000, 1_234_000, 90_000]) {
      program.cut();
      program.advance(100_000);
      program.advance(pausedUs);
      program.timeline.resume(program.nowUs);
      program.advance(50_000);
      program.keyFrame();
      program.advance(1_000_000);
    }
    expectSeamless(program.of('video'));
    expectSeamless(program.of('audio'));
    expect(Math.abs(endOf(program.of('video')) - endOf(program.of('audio')))).toBeLessThan(60_000);
    expect(endOf(program.of('video'))).toBeGreaterThan(3_800_000);
    expect(endOf(program.of('video'))).toBeLessThan(4_050_000);
  });

  test('holds the last picture and fills with silence while no mixer runs', () => {
    const program = new Program(0);
    program.keyFrame();
    program.advance(500_000);
    program.advance(1_200_000, { pictures: false, sound: false });
    program.keyFrame();
    program.advance(500_000);
    expectSeamless(program.of('video'));
    expectSeamless(program.of('audio'));
    const longest = Math.max(...program.of('video').map((packet) => packet.durationUs));
    expect(longest).toBeGreaterThan(1_190_000);
    expect(longest).toBeLessThan(1_280_000);
    const silent = program.of('audio').filter((packet) => packet.bytes.length === 3);
    expect(silent.length * SOUND_US).toBeGreaterThan(1_150_000);
  });

  test('is settled by force when the mixer is gone, to the moment of the cut', () => {
    const program = new Program(0);
    program.keyFrame();
    program.advance(500_000);
    program.advance(300_000, { pictures: false, sound: false });
    program.cut();
    program.packets.push(...program.timeline.settle());
    expect(endOf(program.of('video'))).toBe(program.nowUs);
    expect(Math.abs(endOf(program.of('audio')) - program.nowUs)).toBeLessThanOrEqual(SOUND_US / 2);
    expect(program.timeline.settle()).toEqual([]);
  });

  test('leaves out what runs backwards', () => {
    const program = new Program(1_000_000);
    program.keyFrame();
    program.advance(200_000);
    const late = { keyFrame: false, ptsUs: 1_000_000, durationUs: PICTURE_US, bytes };
    expect(program.timeline.pushVideo(late)).toEqual([]);
    expect(program.timeline.pushAudio({ ...late, keyFrame: true })).toEqual([]);
  });

  test('that never began is cut at once and has no length', () => {
    const timeline = new Timeline(0);
    timeline.cut(1_000);
    expect(timeline.settled).toBe(true);
    expect(timeline.durationUs(5_000)).toBe(0);
  });
});
