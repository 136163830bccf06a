import { expect, test } from '@jest/globals';
import { BLOCK_LENGTH, BLOCK_SAMPLES } from '../../../mixer/audio/format.ts';
import { OpusDecoder } from '../../../mixer/audio/opusDecoder.ts';
import { OpusEncoder } from '../../../mixer/audio/opusEncoder.ts';
import { Strip } from '../../../mixer/audio/strip.ts';
import '../harness/quiet.ts';
import { amplitudeAt, db, joined, tone } from '../harness/sound.ts';
import { Voice } from '../harness/voice.ts';

test('every block is one packet of the rate asked for, and decodes to the tone that went in', () => {
  for (const kbps of [32, 64, 128]) {
    const encoder = new OpusEncoder({ kbps });
    const decoder = new OpusDecoder();
    const heard: Float32Array[] = [];
    let bytes = 0;
    for (let i = 0; i < 100; i++) {
      const packet = encoder.encode(tone(1000, 0.5, BLOCK_SAMPLES, i * BLOCK_SAMPLES))!;
      bytes += packet.length;
      heard.push(Float32Array.from(decoder.decode(packet)!));
    }
    expect(heard.every((block) => block.length === BLOCK_LENGTH)).toBe(true);
    expect(Math.abs(db(amplitudeAt(joined(heard.slice(10)), 1000) / 0.5))).toBeLessThan(0.5);
    expect((bytes * 8) / 2000).toBeLessThan(kbps * 1.3);
    encoder.close();
    decoder.close();
  }
});

test('silence costs next to nothing and comes out as silence', () => {
  const encoder = new OpusEncoder({ kbps: 64 });
  const decoder = new OpusDecoder();
  for (let i = 0; i < 50; i++) {
    const packet = encoder.encode(new Float32Array(BLOCK_LENGTH))!;
    expect(packet.length).toBeLessThan(40);
    for (const sample of decoder.decode(packet)!)
      if (Math.abs(sample) > 0.001) throw new Error(`heard ${sample}`);
  }
  encoder.close();
  decoder.close();
});

test('what is not Opus is nothing, and the next packet is heard', () => {
  const encoder = new OpusEncoder({ kbps: 64 });
  const decoder = new OpusDecoder();
  const packet = encoder.encode(tone(1000, 0.5))!;
  // A code 3 packet that announces 48 frames of 60 ms (RFC 6716 3.2.5).
  expect(decoder.decode(Buffer.from([0x1b, 0x30, 1]))).toBeNull();
  expect(decoder.decode(packet)).toHaveLength(BLOCK_LENGTH);
  encoder.close();
  decoder.close();
});

test('closed they give nothing; closing twice is legal', () => {
  const encoder = new OpusEncoder({ kbps: 64 });
  const decoder = new OpusDecoder();
  const packet = encoder.encode(tone(1000, 0.5))!;
  for (let i = 0; i < 2; i++) {
    encoder.close();
    decoder.close();
  }
  expect(encoder.encode(tone(1000, 0.5))).toBeNull();
  expect(decoder.decode(packet)).toBeNull();
});

/** Whether a packet of one 20 ms frame holds the one before it once more (RFC 6716 4.2.4: the LBRR flag). */
function holdsTheLast(packet: Buffer): boolean {
  const configuration = packet[0]! >> 3;
  const isCelt = configuration >= 16;
  const isStereo = (packet[0]! & 4) !== 0;
  return !isCelt && ((packet[1]! & 0x40) !== 0 || (isStereo && (packet[1]! & 0x10) !== 0));
}

test.each([32, 48, 64])('with FEC at %i kbit/s speech is protected, at the same rate', (kbps) => {
  const speech = new Voice({ amplitude: 0.2 });
  const strip = new Strip({ participant: 'ada', kind: 'camera' }, speech);
  const encoders = [new OpusEncoder({ kbps, fecLossPercent: 15 }), new OpusEncoder({ kbps })] as const;
  const decoder = new OpusDecoder();
  const packets: Buffer[][] = [[], []];
  for (let i = 0; i < 200; i++) {
    const block = strip.advance(i * 20_000)!;
    for (const [which, encoder] of encoders.entries()) packets[which]!.push(encoder.encode(block)!);
  }
  const [protectedOnes, plain] = packets.map((each) => each.filter(holdsTheLast).length);
  expect(plain).toBe(0);
  expect(protectedOnes).toBeGreaterThan(120);
  const bytes = packets[0]!.reduce((sum, packet) => sum + packet.length, 0);
  expect((bytes * 8) / 4000).toBeLessThan(kbps * 1.2);
  expect(packets[0]!.every((packet) => decoder.decode(packet)!.length === BLOCK_LENGTH)).toBe(true);
  expect(encoders.map(({ delayUs }) => delayUs)).toEqual([6500, 2500]);
  for (const each of [...encoders, decoder]) each.close();
});
