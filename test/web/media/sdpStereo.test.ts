import { expect, test } from '@jest/globals';
import { withStereo } from '../../../web/src/media/sdpStereo.ts';

const lines = (...each: string[]) => `${each.join('\r\n')}\r\n`;

test('Opus is asked for in two channels, and nothing else is changed', () => {
  const offer = lines(
    'a=rtpmap:111 opus/48000/2',
    'a=fmtp:111 minptime=10;useinbandfec=1',
    'a=rtpmap:63 red/48000/2',
    'a=fmtp:63 111/111',
    'a=rtpmap:96 VP8/90000',
    'a=fmtp:97 apt=96',
  );
  const asked = withStereo(offer);
  expect(asked).toBe(offer.replace('useinbandfec=1', 'useinbandfec=1;stereo=1;sprop-stereo=1'));
  expect(withStereo(asked)).toBe(asked);
});
