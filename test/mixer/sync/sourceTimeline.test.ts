import { beforeEach, describe, expect, test } from '@jest/globals';
import { PICTURE_LEAD_US, SourceTimeline } from '../../../mixer/sync/sourceTimeline.ts';
import { TrackClock } from '../../../mixer/sync/trackClock.ts';

const MS = 1000;
const S = 1e6;
/** Where the two RTP clocks start: near their wrap, and unrelated. */
const AUDIO_BASE = 2 ** 32 - 48_000 * 3;
const VIDEO_BASE = 2 ** 32 - 90_000 * 5;
const NTP_BASE = 3_900_000_000 * S;

/**
 * A sender whose sound and pictures are captured together; sound takes `audioPathMs` to us and is
 * mixed `playoutMs` later, pictures take `videoPathMs`.
 */
class Sender {
  readonly timeline = new SourceTimeline();
  readonly audio = new TrackClock(48_000);
  readonly video = new TrackClock(90_000);
  audioPathMs = 20;
  videoPathMs = 45;
  playoutMs = 60;
  audioJumpTicks = 0;
  nowUs = 100 * S;

  constructor() {
    this.timeline.setAudio(this.audio);
    this.timeline.setVideo(this.video);
  }

  report(which: 'audio' | 'video', ntpErrorUs = 0): void {
    const ntpUs = NTP_BASE + this.nowUs + ntpErrorUs;
    if (which === 'audio') this.audio.noteReport(ntpUs, this.audioRtp(this.nowUs));
    else this.video.noteReport(ntpUs, this.videoRtp(this.nowUs));
  }

  /** Runs for `ms`; gives how late the last picture is due, against its sound. */
  run(ms: number): number {
    for (const endUs = this.nowUs + ms * MS; this.nowUs < endUs; this.nowUs += 20 * MS)
      this.#step(this.nowUs);
    const captureUs = this.timeline.captureUs(this.video, this.#ticksOfPicture(this.nowUs));
    const dueUs = this.timeline.dueUs(captureUs, this.nowUs);
    return dueUs - (this.nowUs + this.soundDelayMs * MS);
  }

  get soundDelayMs(): number {
    return this.audioPathMs + this.playoutMs;
  }

  audioRtp(captureUs: number): number {
    return (AUDIO_BASE + this.audioJumpTicks + Math.round(captureUs * 0.048)) % 2 ** 32;
  }

  videoRtp(captureUs: number): number {
    return (VIDEO_BASE + Math.round(captureUs * 0.09)) % 2 ** 32;
  }

  #step(captureUs: number): void {
    const ticks = this.audio.unwrap(this.audioRtp(captureUs));
    this.audio.noteArrival(ticks, captureUs + this.audioPathMs * MS);
    this.#ticksOfPicture(captureUs);
    this.timeline.noteAudioPlayed(ticks, captureUs + this.soundDelayMs * MS);
  }

  #ticksOfPicture(captureUs: number): number {
    const ticks = this.video.unwrap(this.videoRtp(captureUs));
    this.video.noteArrival(ticks, captureUs + this.videoPathMs * MS);
    return ticks;
  }
}

let sender: Sender;
beforeEach(() => {
  sender = new Sender();
});
const IN_SYNC = 3 * MS;

describe('with reports of both tracks', () => {
  beforeEach(() => {
    sender.report('audio');
    sender.report('video');
  });

  test('a picture is due with its sound, less the lead that viewers are told of', () => {
    expect(Math.abs(sender.run(2000) + PICTURE_LEAD_US)).toBeLessThan(IN_SYNC);
  });

  test('it stays so while both RTP clocks wrap', () => {
    for (let s = 0; s < 20; s++) expect(Math.abs(sender.run(1000) + PICTURE_LEAD_US)).toBeLessThan(IN_SYNC);
  });

  test('when sound waits longer, pictures follow within five seconds', () => {
    sender.run(2000);
    sender.playoutMs = 160;
    expect(Math.abs(sender.run(5000) + PICTURE_LEAD_US)).toBeLessThan(IN_SYNC);
  });

  test('the offset that is measured is that of the pictures shown', () => {
    sender.run(2000);
    const captureUs = sender.timeline.captureUs(
      sender.video,
      sender.video.unwrap(sender.videoRtp(sender.nowUs)),
    );
    const dueUs = sender.timeline.dueUs(captureUs, sender.nowUs);
    for (let i = 0; i < 200; i++) sender.timeline.notePictureShown(captureUs, dueUs + 33 * MS);
    expect(sender.timeline.avOffsetUs).toBeCloseTo(33 * MS, -1);
    expect(sender.timeline.audioDelayUs).toBeGreaterThan(0);
  });

  test('sound that ended holds no picture', () => {
    sender.run(2000);
    expect(sender.timeline.dueUs(5 * S, sender.nowUs + 11 * S)).toBe(5 * S);
    sender.timeline.setAudio(undefined);
    expect(sender.timeline.dueUs(5 * S, sender.nowUs)).toBe(5 * S);
    expect(sender.timeline.audioDelayUs).toBe(0);
    expect(sender.timeline.avOffsetUs).toBe(0);
  });
});

describe('without a report that can be believed', () => {
  /** By arrival alone the two paths are taken for equally long. */
  const byArrival = () =>
    Math.abs(sender.run(6000) + PICTURE_LEAD_US - (sender.videoPathMs - sender.audioPathMs) * MS);

  test('missing: each track goes by its own arrivals', () => {
    expect(byArrival()).toBeLessThan(IN_SYNC);
  });

  test('of one track only: the same', () => {
    sender.report('audio');
    expect(byArrival()).toBeLessThan(IN_SYNC);
  });

  test.each([3, 7200, -3, -7200])('sound %i s off: the same', (seconds) => {
    sender.report('audio', seconds * S);
    sender.report('video');
    expect(byArrival()).toBeLessThan(IN_SYNC);
  });

  test.each([3, 7200, -3, -7200])('pictures %i s off: the same', (seconds) => {
    sender.report('audio');
    sender.report('video', seconds * S);
    expect(byArrival()).toBeLessThan(IN_SYNC);
  });

  test('late ones bring both into sync within five seconds', () => {
    sender.run(8000);
    sender.report('audio');
    sender.report('video');
    expect(Math.abs(sender.run(5000) + PICTURE_LEAD_US)).toBeLessThan(IN_SYNC);
  });

  test('wrong ones that are followed by right ones: in sync within five seconds', () => {
    sender.report('audio', 7200 * S);
    sender.report('video');
    sender.run(3000);
    sender.report('audio');
    sender.report('video');
    expect(Math.abs(sender.run(5000) + PICTURE_LEAD_US)).toBeLessThan(IN_SYNC);
  });
});

test.each([-1000, 1000, -50_000, 50_000])(
  'after a jump of %i s in the sound clock: in sync within five seconds',
  (seconds) => {
    sender.report('audio');
    sender.report('video');
    sender.run(3000);
    sender.audioJumpTicks = seconds * 48_000 + 2 ** 32;
    sender.run(200);
    sender.report('audio');
    sender.report('video');
    expect(Math.abs(sender.run(5000) + PICTURE_LEAD_US)).toBeLessThan(IN_SYNC);
  },
);

test('a picture is never held longer than 700 ms, whatever the reports say', () => {
  sender.playoutMs = 5000;
  sender.report('audio');
  sender.report('video');
  sender.run(5000);
  expect(sender.timeline.dueUs(7 * S, sender.nowUs) - 7 * S).toBe(700 * MS);
});
