import { expect, test } from '@jest/globals';
import { buildFragment } from '../../../web/src/media/sdpFragment.ts';

const sdp = [
  'v=0',
  'a=group:BUNDLE 0 1',
  'm=audio 9 UDP/TLS/RTP/SAVPF 111',
  'a=ice-ufrag:EsAw',
  'a=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1',
  'a=mid:0',
  'm=video 9 UDP/TLS/RTP/SAVPF 96 97',
  'a=ice-ufrag:EsAw',
  'a=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1',
  'a=mid:1',
  '',
].join('\r\n');

const host = 'candidate:1 1 udp 2130706431 198.51.100.1 39132 typ host';

test('credentials, then each candidate under its own section', () => {
  expect(buildFragment(sdp, [{ candidate: host, sdpMid: '1' }], true)).toBe(
    [
      'a=group:BUNDLE 0 1',
      'a=ice-ufrag:EsAw',
      'a=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1',
      'm=video 9 UDP/TLS/RTP/SAVPF 96 97',
      'a=mid:1',
      `a=${host}`,
      'a=end-of-candidates',
      '',
    ].join('\r\n'),
  );
});

test('the end alone stands in the first section of the bundle', () => {
  expect(buildFragment(sdp, [], true).split('\r\n').slice(3)).toEqual([
    'm=audio 9 UDP/TLS/RTP/SAVPF 111',
    'a=mid:0',
    'a=end-of-candidates',
    '',
  ]);
});
