import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Listener } from '../harness/listener.ts';
import { Microphone, type MicrophoneSettings } from '../harness/microphone.ts';
import { amplitudeAt, db, largestStep, peak } from '../harness/sound.ts';

const HZ = 440;
const MS = 1000;
/** The steepest slope of a 440 Hz tone of amplitude 0.5, per sample; coding adds a little. */
const SLOPE = (0.5 * 2 * Math.PI * HZ) / 48_000;

let listener: Listener;
let microphone: Microphone;
let startUs: number;
beforeEach(() => {
  open();
});
afterEach(() => {
  microphone.close();
  listener.track.close();
});

function open(settings: Partial<MicrophoneSettings> = {}): void {
  listener?.track.close();
  microphone?.close();
  listener = new Listener();
  microphone = new Microphone({ hz: HZ, ...settings });
  startUs = listener.nowUs;
}

/** Records and sends `ms` of sound, each packet 10 ms under way unless `arrives` says otherwise. */
function speak(ms: number, arrives: (dueUs: number, index: number) => number[] = (dueUs) => [dueUs]): void {
  for (const [index, { packet, capturedUs }] of microphone.recordFor(ms).entries()) {
    const dueUs = startUs + capturedUs + (microphone.frameSamples * 1000) / 48 + 10 * MS;
    for (const atUs of arrives(dueUs, index)) listener.feed(packet, atUs);
  }
}
const levelDb = (sound: Float32Array, hz = HZ) => db(amplitudeAt(sound, hz) / 0.5);
const hear = (ms: number) => listener.advance(ms).take();

describe('a tone', () => {
  test('comes out at its frequency and level, soon and without gaps', () => {
    speak(2000);
    hear(200);
    const sound = hear(1500);
    expect(Math.abs(levelDb(sound))).toBeLessThan(0.5);
    expect(levelDb(sound, 1000)).toBeLessThan(-40);
    expect(largestStep(sound)).toBeLessThan(SLOPE * 1.5);
    expect(listener.delayMs).toBeLessThan(40);
    expect(listener.track.lostPackets).toBe(0);
  });

  test.each([2.5, 5, 10, 20, 40, 60, 120])('in frames of %f ms does, too', (frameMs) => {
    open({ frameMs });
    speak(2000);
    hear(400);
    const sound = hear(1400);
    expect(Math.abs(levelDb(sound))).toBeLessThan(1);
    expect(largestStep(sound)).toBeLessThan(SLOPE * 1.5);
    expect(listener.delayMs).toBeLessThan(40 + frameMs);
  });

  test('in mono is heard on both sides, also when stereo turns into mono on the way', () => {
    speak(500);
    const stereo = hear(500);
    const { sequence, rtpTimestamp } = microphone;
    microphone.close();
    microphone = new Microphone({ hz: HZ, channels: 1, sequence, rtpTimestamp });
    startUs += 500 * MS;
    speak(1500);
    hear(200);
    const mono = hear(1200);
    for (const sound of [stereo.subarray(-19_200), mono, mono.subarray(1)]) {
      expect(Math.abs(levelDb(sound))).toBeLessThan(1);
    }
  });
});

describe('when nothing comes any more', () => {
  test('sound fades out without a click, then the source is silent', () => {
    speak(500);
    const sound = hear(1000);
    expect(largestStep(sound)).toBeLessThan(SLOPE * 2.2);
    expect(peak(sound.subarray(-33_000))).toBe(0);
    expect(listener.silentBlocks).toBeGreaterThanOrEqual(17);
  });

  test('and comes again, it fades in without a click', () => {
    speak(500);
    hear(1000);
    microphone.skip(500);
    speak(500);
    const sound = hear(480);
    expect(largestStep(sound)).toBeLessThan(SLOPE * 2.2);
    expect(peak(sound)).toBeGreaterThan(0.4);
  });
});

describe('a pause in which nothing is sent (DTX)', () => {
  test('is silence of its length; what follows is not later than before', () => {
    speak(1000);
    hear(1000);
    const before = listener.delayMs;
    for (let pause = 0; pause < 5; pause++) {
      // The packet that a silent browser sends instead of sound: nothing but a table of contents.
      const { packet } = microphone.record();
      listener.feed(
        Buffer.concat([packet.subarray(0, 12), Buffer.from([0x08])]),
        startUs + 1e6 + 30 * MS + pause * 420 * MS,
      );
      microphone.skip(400);
    }
    hear(2100);
    speak(1000);
    hear(300);
    expect(levelDb(hear(600))).toBeGreaterThan(-1);
    expect(Math.abs(listener.delayMs - before)).toBeLessThan(10);
  });
});

describe('a stream that begins anew', () => {
  test.each([
    ['another SSRC', { ssrc: 0x0b0b }],
    ['numbers far away', { sequence: 20_000, rtpTimestamp: 0 }],
    ['a clock set back', { rtpTimestamp: 5, sequence: 30_000 }],
  ])('with %s is heard within 100 ms', (_, settings) => {
    speak(1000);
    hear(1000);
    microphone.close();
    microphone = new Microphone({ hz: 1000, ...settings });
    startUs += 1000 * MS;
    speak(1000);
    hear(100);
    const sound = hear(800);
    expect(Math.abs(levelDb(sound, 1000))).toBeLessThan(1);
    expect(listener.delayMs).toBeLessThan(100);
  });
});

test('closing twice is legal, and a closed track stays silent', () => {
  speak(500);
  hear(100);
  listener.track.close();
  listener.track.close();
  expect(peak(hear(400))).toBeLessThan(0.6);
  expect(peak(hear(100))).toBe(0);
});
