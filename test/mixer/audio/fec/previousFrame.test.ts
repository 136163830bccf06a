import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { holdsPreviousFrame, previousFrame } from '../../../../mixer/audio/fec/previousFrame.ts';
import { OpusDecoder } from '../../../../mixer/audio/opusDecoder.ts';
import { opusDurationUs } from '../../../../mixer/audio/opusPacket.ts';
import { Listener } from '../../harness/listener.ts';
import { Microphone } from '../../harness/microphone.ts';
import { rtp } from '../../harness/packets.ts';
import '../../harness/quiet.ts';
import { Random } from '../../harness/random.ts';
import { db } from '../../harness/sound.ts';
import { Voice } from '../../harness/voice.ts';

/** A voice as a browser sends it to who loses packets. */
function spoken(kbps: number, frameMs = 20, count = 300, cutoffHz = 20_000): Buffer[] {
  const voice = new Voice({ amplitude: 0.15, noise: 0.002 });
  const microphone = new Microphone({
    hz: 0,
    channels: 1,
    kbps,
    frameMs,
    fecLossPercent: 15,
    voice,
    cutoffHz,
  });
  const packets = Array.from({ length: count }, () => microphone.record().packet.subarray(12));
  microphone.close();
  return packets;
}

const isLost = (index: number) => index % 10 === 5;

/** What is heard of `packets` when each tenth is lost and `replace` stands in for it. */
function heard(packets: Buffer[], replace: (decoder: OpusDecoder, index: number) => Float32Array | null) {
  const decoder = new OpusDecoder(1);
  const blocks = packets.map((packet, index) => {
    const samples =
      isLost(index) && index + 1 < packets.length ? replace(decoder, index) : decoder.decode(packet);
    return Float32Array.from(samples!);
  });
  decoder.close();
  return blocks;
}

/** How much louder the sound is than what is wrong with it, in dB, over the blocks at `indexes`. */
function likenessDb(is: Float32Array[], should: Float32Array[], indexes: number[]): number {
  let signal = 0;
  let error = 0;
  for (const index of indexes) {
    for (const [at, sample] of should[index]!.entries()) {
      signal += sample ** 2;
      error += (is[index]![at]! - sample) ** 2;
    }
  }
  return db(Math.sqrt(signal / error));
}

describe.each([
  [20, 20, 9, 20_000, 'wide band'],
  [40, 20, 15, 20_000, 'hybrid, full band'],
  [32, 20, 13, 12_000, 'hybrid, super-wide band'],
  [24, 10, 8, 20_000, 'wide band in frames of 10 ms'],
  [20, 20, 5, 6000, 'medium band'],
  [24, 10, 4, 6000, 'medium band in frames of 10 ms'],
  [20, 20, 1, 4000, 'narrow band'],
  [24, 10, 0, 4000, 'narrow band in frames of 10 ms'],
])('speech at %i kbit/s in frames of %i ms (configuration %i)', (kbps, frameMs, configuration, cutoffHz) => {
  let packets: Buffer[];
  beforeAll(() => {
    packets = spoken(kbps, frameMs, 300, cutoffHz);
  });

  test('comes with the frame before, each a packet of its own that decodes', () => {
    const holding = packets.filter(holdsPreviousFrame);
    expect(packets.filter((packet) => packet[0]! >> 3 === configuration).length).toBeGreaterThan(200);
    expect(holding.length).toBeGreaterThan(100);
    for (const packet of holding) {
      const previous = previousFrame(packet)!;
      expect(opusDurationUs(previous)).toBe(frameMs * 1000);
      expect(previous.length).toBeLessThan(packet.length);
    }
  });

  test('loses hardly anything with every tenth packet', () => {
    const whole = heard(packets, (decoder, index) => decoder.decode(packets[index]!));
    const madeUp = heard(packets, (decoder) => decoder.conceal(frameMs * 48));
    const recovered = heard(packets, (decoder, index) => {
      const previous = previousFrame(packets[index + 1]!);
      return previous === null ? decoder.conceal(frameMs * 48) : decoder.decode(previous);
    });
    const indexes = packets.flatMap((_, index) =>
      isLost(index) && packets[index + 1] && holdsPreviousFrame(packets[index + 1]!) ? [index] : [],
    );
    expect(indexes.length).toBeGreaterThan(10);
    expect(likenessDb(recovered, whole, indexes)).toBeGreaterThan(likenessDb(madeUp, whole, indexes) + 4);
    expect(likenessDb(recovered, whole, indexes)).toBeGreaterThan(10);
  });
});

describe('there is nothing to be had', () => {
  test.each([
    ['from music (CELT)', Buffer.from([0xf8, 0xff, 0xff, 1, 2, 3])],
    ['from stereo', Buffer.from([0x4c, 0xc0, 1, 2, 3, 4])],
    ['from several frames', Buffer.from([0x49, 0xc0, 1, 2, 3, 4])],
    ['from 60 ms', Buffer.from([0x58, 0xc0, 1, 2, 3, 4])],
    ['from a pause', Buffer.from([0x48])],
    ['from nothing', Buffer.alloc(0)],
    ['without the flag', Buffer.from([0x48, 0x80, 1, 2, 3, 4])],
  ])('%s', (_, packet) => {
    expect(holdsPreviousFrame(packet)).toBe(false);
    expect(previousFrame(packet)).toBeNull();
  });
});

test('40,000 forged packets are read to their end, and what is made of them decodes or is refused', () => {
  const random = new Random(1);
  const [good] = spoken(24, 20, 60).filter(holdsPreviousFrame);
  const decoder = new OpusDecoder(1);
  for (let i = 0; i < 40_000; i++) {
    const packet = random.chance(0.5) ? random.mutated(good!) : random.bytes(random.below(80));
    const previous = previousFrame(packet);
    if (previous !== null && i % 50 === 0) decoder.decode(previous);
  }
  expect(decoder.decode(good!)).toHaveLength(960);
  decoder.close();
});

describe('a track that loses 5 % of its packets', () => {
  let packets: Buffer[];
  let listener: Listener;
  beforeAll(() => {
    packets = spoken(32, 20, 1500);
    listener = new Listener();
  });
  afterAll(() => listener.track.close());

  test('waits for the packets that hold them, and plays those', () => {
    const random = new Random(3);
    const startUs = listener.nowUs;
    const lost = packets.map(() => random.chance(0.05));
    for (const [index, payload] of packets.entries()) {
      if (lost[index]) continue;
      const packet = rtp({ sequence: index, rtpTimestamp: index * 960, payload });
      listener.feed(packet, startUs + index * 20_000 + 10_000);
    }
    listener.advance(15_000);
    const before = listener.track.recoveredPackets;
    listener.advance(14_500);
    const isHeld = (index: number) =>
      lost[index] && !lost[index + 1] && holdsPreviousFrame(packets[index + 1]!);
    const held = packets.flatMap((_, index) => (index > 752 && index < 1470 && isHeld(index) ? [index] : []));
    expect(held.length).toBeGreaterThan(10);
    expect(listener.track.recoveredPackets - before).toBeGreaterThanOrEqual(held.length * 0.9);
    expect(listener.delayMs).toBeLessThan(60);
  });
});
