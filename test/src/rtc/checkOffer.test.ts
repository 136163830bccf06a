import { expect, test } from '@jest/globals';
import { checkOffer } from '../../../src/rtc/checkOffer.ts';
import { audio, codecLines, offerOf, ordinary, video } from './sdp/offers.ts';

test('an offer that could be answered passes, in the direction in which it could be', () => {
  checkOffer(ordinary(), 'publish');
  checkOffer(ordinary(), 'subscribe');
  const receiving = offerOf(audio({ direction: 'recvonly' }), video('96 97', { direction: 'recvonly' }));
  checkOffer(receiving, 'subscribe');
  expect(() => checkOffer(receiving, 'publish')).toThrow(expect.objectContaining({ code: 'sdp-refused' }));
});

test('a viewer may offer either codec', () => {
  const h264 = video('102 103', { direction: 'recvonly', lines: codecLines.h264(102, 103, '42e01f', 1) });
  checkOffer(offerOf(h264), 'subscribe');
});

test('what is no SDP, and what has no media, is told apart', () => {
  const code = (offer: string) => {
    try {
      checkOffer(offer, 'publish');
      return 'taken';
    } catch (error) {
      return (error as { code: string }).code;
    }
  };
  expect(code('v=0\r\n!!!\r\n')).toBe('sdp-malformed');
  expect(code('v=0\r\n')).toBe('sdp-refused');
});
