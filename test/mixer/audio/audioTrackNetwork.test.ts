import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Listener } from '../harness/listener.ts';
import { Microphone, type SoundPacket } from '../harness/microphone.ts';
import { rtp } from '../harness/packets.ts';
import { Random } from '../harness/random.ts';
import { db, largestStep, meanAmplitudeAt, peak } from '../harness/sound.ts';

const HZ = 440;
const MS = 1000;
const SLOPE = (0.5 * 2 * Math.PI * HZ) / 48_000;

/** Twenty seconds of a tone, coded once. */
let tone: SoundPacket[];
let payloads: Buffer[];
beforeAll(() => {
  const microphone = new Microphone({ hz: HZ });
  tone = microphone.recordFor(20_000);
  payloads = tone.map(({ packet }) => packet.subarray(12));
  microphone.close();
});
afterAll(() => {
  tone = [];
});

let listener: Listener;
beforeEach(() => {
  listener = new Listener();
});
afterEach(() => {
  listener.track.close();
});

/** Sends all of it; `delaysMs` gives the time each packet is under way, none for a lost one, two for a duplicate. */
function send(delaysMs: (index: number) => number[], count = tone.length): void {
  for (const [index, { packet, capturedUs }] of tone.slice(0, count).entries()) {
    for (const delayMs of delaysMs(index)) listener.feed(packet, listener.nowUs + capturedUs + delayMs * MS);
  }
}
const hear = (ms: number) => listener.advance(ms).take();
const levelDb = (sound: Float32Array) => db(meanAmplitudeAt(sound, HZ) / 0.5);

describe('loss', () => {
  test('of 5 %: what is missing is covered without clicks, the rest is there', () => {
    const random = new Random(1);
    send(() => (random.chance(0.05) ? [] : [10]));
    hear(200);
    const sound = hear(18_000);
    expect(listener.track.lostPackets).toBeGreaterThan(30);
    expect(levelDb(sound)).toBeGreaterThan(-1.2);
    expect(largestStep(sound)).toBeLessThan(SLOPE * 2.2);
    expect(listener.delayMs).toBeLessThan(90);
  });

  test('in bursts of 30 %: sound goes on, and two seconds after the end nothing is missing', () => {
    const random = new Random(2);
    let burst = 0;
    send((index) => {
      if (burst > 0) burst--;
      else if (random.chance(0.06)) burst = 3 + random.below(9);
      return burst > 0 && index < 600 ? [] : [10];
    });
    expect(levelDb(hear(12_000))).toBeGreaterThan(-6);
    hear(2000);
    const after = hear(4000);
    expect(levelDb(after)).toBeGreaterThan(-0.3);
    expect(listener.delayMs).toBeLessThan(230);
  });
});

describe('order', () => {
  test('duplicates are never heard twice, also when the source has run dry in between', () => {
    const random = new Random(3);
    send((index) => (index >= 50 ? [] : random.chance(0.5) ? [10, 10 + random.below(300)] : [10]));
    hear(1200);
    const after = hear(800);
    expect(peak(after)).toBe(0);
    expect(listener.track.lostPackets).toBe(0);
  });

  test('packets that overtake each other within the wait lose nothing', () => {
    send((index) => [index % 7 === 3 ? 31 : 10]);
    hear(2000);
    const lost = listener.track.lostPackets;
    const sound = hear(15_000);
    expect(levelDb(sound)).toBeGreaterThan(-0.3);
    expect(listener.track.lostPackets - lost).toBeLessThan(5);
    expect(listener.delayMs).toBeLessThan(80);
  });

  test('packets that are regularly 90 ms late are waited for, once that is known', () => {
    send((index) => [index % 7 === 3 ? 100 : 10]);
    hear(6000);
    const lost = listener.track.lostPackets;
    const sound = hear(12_000);
    expect(listener.track.lostPackets - lost).toBeLessThan(6);
    expect(levelDb(sound)).toBeGreaterThan(-0.3);
    expect(listener.delayMs).toBeLessThan(160);
  });

  test('jitter of 0 to 200 ms: the wait grows until hardly anything is missed', () => {
    const random = new Random(4);
    send(() => [random.below(200)]);
    hear(8000);
    const lost = listener.track.lostPackets;
    const sound = hear(11_000);
    expect(listener.track.lostPackets - lost).toBeLessThan(28);
    expect(levelDb(sound)).toBeGreaterThan(-1);
    expect(largestStep(sound)).toBeLessThan(SLOPE * 2.2);
    expect(listener.delayMs).toBeLessThan(260);
  });
});

describe('sound that piled up', () => {
  test.each([0.3, 1, 3])(
    'while the network stood for %f s is cut, so that within three seconds it is in time',
    (seconds) => {
      const stalls = (index: number) => index >= 100 && index < 100 + seconds * 50;
      send((index) => [stalls(index) ? 10 + (100 + seconds * 50 - index) * 20 : 10]);
      hear(2000 + seconds * 1000);
      hear(3000);
      expect(listener.delayMs).toBeLessThan(120);
      expect(levelDb(hear(3000))).toBeGreaterThan(-1);
    },
  );

  test('at the very start is cut, too', () => {
    send((index) => [Math.max(10, 1500 - index * 20)]);
    hear(5000);
    expect(listener.delayMs).toBeLessThan(100);
  });

  test('behind a jump in the numbers is heard at once', () => {
    const microphone = new Microphone({ hz: HZ, sequence: 100 });
    for (const { packet, capturedUs } of microphone.recordFor(500)) {
      listener.feed(packet, listener.nowUs + capturedUs);
    }
    microphone.sequence += 600;
    for (const { packet, capturedUs } of microphone.recordFor(3000)) {
      listener.feed(packet, listener.nowUs + capturedUs);
    }
    microphone.close();
    hear(700);
    expect(levelDb(hear(1000))).toBeGreaterThan(-1);
    expect(listener.delayMs).toBeLessThan(100);
  });
});

describe.each([-200, 200])('a sender whose clock runs %i ppm off', (ppm) => {
  test('is followed for ten minutes with a bounded delay, without a gap or a click', () => {
    const startUs = listener.nowUs;
    const delays: number[] = [];
    let steepest = 0;
    let index = 0;
    for (let second = 0; second < 600; second++) {
      for (let atUs = 0; atUs <= listener.nowUs + 1e6; index++) {
        const payload = payloads[index % payloads.length]!;
        atUs = startUs + index * 20_000 * (1 - ppm / 1e6);
        listener.feed(rtp({ sequence: index, rtpTimestamp: (index * 960) % 2 ** 32, payload }), atUs);
      }
      const sound = hear(1000);
      // The tone begins anew every 20 s.
      if (second > 0 && second % 20 > 0) steepest = Math.max(steepest, largestStep(sound));
      delays.push(listener.delayMs);
    }
    expect(Math.max(...delays)).toBeLessThan(50);
    expect(Math.min(...delays)).toBeGreaterThan(0);
    expect(listener.silentBlocks).toBeLessThanOrEqual(2);
    expect(listener.track.lostPackets).toBe(0);
    expect(steepest).toBeLessThan(SLOPE * 1.1);
  });
});

describe('hostile packets', () => {
  test('20,000 mutated ones never throw, and only numbers come out', () => {
    const random = new Random(5);
    let heard = 0;
    for (let index = 0; index < 20_000; index++) {
      const good = rtp({ sequence: index, rtpTimestamp: index * 960, payload: payloads[index % 900]! });
      listener.track.push(random.chance(0.5) ? random.mutated(good) : good, index * 20_000);
      const block = listener.track.pull(index * 20_000 + 15_000);
      if (block === null) continue;
      heard++;
      for (let i = 0; i < block.length; i += 7)
        if (Math.abs(block[i]!) <= 1 !== true) throw new Error(`sample ${block[i]}`);
    }
    expect(heard).toBeGreaterThan(1000);
  });

  test('random payloads of any table of contents never throw', () => {
    const random = new Random(6);
    for (let index = 0; index < 5000; index++) {
      const payload = random.bytes(1 + random.below(60));
      listener.track.push(rtp({ sequence: index, rtpTimestamp: index * 960, payload }), index * 20_000);
      const block = listener.track.pull(index * 20_000 + 15_000);
      if (block !== null) expect(block.every(Number.isFinite)).toBe(true);
    }
  });
});
