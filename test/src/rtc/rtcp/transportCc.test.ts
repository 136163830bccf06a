import { expect, test } from '@jest/globals';
import { readTransportFeedback, writeTransportFeedback } from '../../../../src/rtc/rtcp/transportCc.ts';
import { mutate, seeded } from '../random.ts';

const head = {
  senderSsrc: 1,
  mediaSsrc: 2,
  baseSequence: 65_530,
  feedbackCount: 255,
  referenceTime: 0xfffffe,
};

test('a packet has the bytes of the draft', () => {
  const packet = writeTransportFeedback({ ...head, arrivals: [4, 4, null, 8] });
  expect(packet.toString('hex')).toBe(
    // header · SSRCs · base and count · reference and count · vector SSxS · deltas 4 0 4 · padding
    '8fcd0006' + '0000000100000002' + 'fffa0004' + 'fffffeff' + 'd440' + '040004' + '000000',
  );
});

test('whatever arrived is read back, for a thousand seeded patterns', () => {
  const random = seeded(3);
  for (let round = 0; round < 1_000; round++) {
    const loss = random();
    const arrivals: (number | null)[] = [];
    let time = 0;
    for (let i = 1 + Math.floor(random() * 400); i > 0; i--) {
      time += Math.floor(random() < 0.1 ? (random() - 0.5) * 4_000 : random() * 80);
      arrivals.push(random() < loss ? null : time);
    }
    const packet = writeTransportFeedback({ ...head, arrivals });
    expect(packet.length).toBe((packet.readUInt16BE(2) + 1) * 4);
    expect(readTransportFeedback(packet.subarray(4))).toEqual({ ...head, arrivals });
  }
});

test('mutated feedback never throws (seed 4)', () => {
  const random = seeded(4);
  const body = writeTransportFeedback({ ...head, arrivals: [1, 2, null, 900, 3] }).subarray(4);
  for (let i = 0; i < 5_000; i++) readTransportFeedback(mutate(body, random));
});
