import { expect, test } from '@jest/globals';
import { readOffer } from '../../../../src/rtc/sdp/offer.ts';
import { offerOf, video } from './offers.ts';

test('a thousand lines about retransmissions are read once, not for each of a hundred codecs', () => {
  const types = Array.from({ length: 100 }, (_, i) => i);
  const lines = [
    ...types.map((type) => `a=rtpmap:${type} VP8/90000`),
    ...Array.from({ length: 900 }, () => 'a=rtpmap:127 rtx/90000'),
    ...Array.from({ length: 900 }, () => 'a=fmtp:127 a'),
    'a=fmtp:127 apt=99',
  ];
  const text = offerOf(video([...types, 127].join(' '), { lines }));
  const before = process.cpuUsage();
  const { codecs } = readOffer(text).sections[0]!;
  const { user, system } = process.cpuUsage(before);
  expect(user + system).toBeLessThan(500_000);
  expect(codecs).toHaveLength(100);
  expect(codecs.map(({ rtx }) => rtx).filter((rtx) => rtx !== undefined)).toEqual([127]);
  expect(codecs[99]!.rtx).toBe(127);
});
