import { expect, test } from '@jest/globals';
import { usableCandidate } from '../../../../src/rtc/ice/candidates.ts';
import { readOffer } from '../../../../src/rtc/sdp/offer.ts';
import { ordinary } from './offers.ts';

test('a candidate that names its transport by a number is read, and not used', () => {
  const offer = readOffer(`${ordinary()}a=candidate:1 1 17 5 192.0.2.9 5000 typ host\r\n`);
  const candidate = { component: 1, transport: '17', priority: 5, ip: '192.0.2.9', port: 5_000 };
  expect(offer.candidates).toEqual([candidate]);
  expect(usableCandidate(offer.candidates[0]!, false)).toBeNull();
});
