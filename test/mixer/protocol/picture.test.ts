import { expect, test } from '@jest/globals';
import { readPicture, writePicture } from '../../../mixer/protocol/picture.ts';
import { Random } from '../harness/random.ts';

/** By name: those that Node throws are of another realm than the test. */
const rangeError = expect.objectContaining({ name: 'RangeError' });

test('a picture reads back, with any number of packets', () => {
  const random = new Random(1);
  for (const count of [0, 1, 2, 100, 2000]) {
    const picture = {
      keyFrame: count % 2 === 0,
      rtpTimestamp: 2 ** 32 - 1 - count,
      ptsUs: 1e13 + random.fraction(),
      packets: Array.from({ length: count }, () => random.bytes(random.below(40))),
    };
    expect(readPicture(writePicture(picture))).toEqual(picture);
  }
});

test('the longest packet there can be fits', () => {
  const packets = [Buffer.alloc(65_535, 1), Buffer.alloc(0)];
  expect(readPicture(writePicture({ keyFrame: true, rtpTimestamp: 0, ptsUs: 0, packets })).packets).toEqual(
    packets,
  );
});

test('one cut short anywhere is a RangeError', () => {
  const whole = writePicture({
    keyFrame: true,
    rtpTimestamp: 7,
    ptsUs: 8,
    packets: [Buffer.from('abc'), Buffer.from('de')],
  });
  for (let length = 0; length < whole.length; length++) {
    expect(() => readPicture(whole.subarray(0, length))).toThrow(rangeError);
  }
});

test('garbage is a picture or a RangeError, and its packets lie inside', () => {
  const random = new Random(2);
  const whole = writePicture({
    keyFrame: true,
    rtpTimestamp: 7,
    ptsUs: 8,
    packets: [random.bytes(30), random.bytes(9)],
  });
  for (let round = 0; round < 5000; round++) {
    const bytes = random.mutated(whole);
    try {
      const total = readPicture(bytes).packets.reduce((sum, packet) => sum + packet.length, 0);
      expect(total).toBeLessThanOrEqual(bytes.length);
    } catch (error) {
      expect(error).toEqual(rangeError);
    }
  }
});
