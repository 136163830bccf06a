import { describe, expect, test } from '@jest/globals';
import { readAnswer, writeOffer, writeSoundOffer } from '../../../../scripts/bench/load/sdp.ts';
import { readOffer } from '../../../../src/rtc/sdp/offer.ts';

const ice = { ufrag: 'abcdefgh', password: 'abcdefghijklmnopqrstuvwx' };
const fingerprint = Array.from({ length: 32 }, () => 'AB').join(':');

describe('an offer', () => {
  test('has a pair of sections for each stream, and the server reads all of it', () => {
    const text = writeOffer({ direction: 'recvonly', pairs: 3, codecs: ['h264', 'vp8'], ice, fingerprint });
    const offer = readOffer(text);
    expect(offer.sections.map(({ kind, mid }) => `${kind} ${mid}`)).toEqual([
      ...['audio 0', 'video 1', 'audio 2', 'video 3', 'audio 4', 'video 5'],
    ]);
    expect(offer.bundle).toEqual(['0', '1', '2', '3', '4', '5']);
    expect(offer.ice).toEqual(ice);
    const [, video] = offer.sections;
    expect(video!.codecs.map(({ codec, rtx }) => [codec, rtx])).toEqual([
      ['h264', 99],
      ['vp8', 97],
    ]);
    expect(video!.codecs[1]!.feedback.has('goog-remb')).toBe(true);
  });
});

test.each(['sendonly', 'recvonly', 'sendrecv'] as const)('an offer of sound alone, %s', (direction) => {
  const offer = readOffer(writeSoundOffer({ direction, ice, fingerprint }));
  expect(offer.sections.map((section) => [section.kind, section.direction])).toEqual([['audio', direction]]);
  expect(offer.sections[0]!.codecs.map(({ codec }) => codec)).toEqual(['opus']);
  expect(offer.bundle).toEqual(['0']);
});

describe('an answer', () => {
  const answer = [
    ...['v=0', 'o=- 1 1 IN IP4 0.0.0.0', 's=-', 't=0 0', 'a=group:BUNDLE 1'],
    ...['m=audio 0 UDP/TLS/RTP/SAVPF 0', 'c=IN IP4 0.0.0.0', 'a=mid:0', 'a=inactive'],
    ...['m=video 9 UDP/TLS/RTP/SAVPF 96 97', 'c=IN IP4 0.0.0.0', 'a=mid:1', 'a=sendonly', 'a=rtcp-mux'],
    ...['a=ice-ufrag:server', 'a=ice-pwd:passwordpasswordpassword', 'a=setup:active'],
    'a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01',
    ...['a=rtpmap:96 VP8/90000', 'a=rtpmap:97 rtx/90000', 'a=fmtp:97 apt=96'],
    ...['a=ssrc-group:FID 11 12', 'a=ssrc:11 cname:x', 'a=ssrc:12 cname:x'],
    ...['a=candidate:1 1 udp 1 fe80::1 5000 typ host', 'a=candidate:2 1 udp 1 127.0.0.1 5001 typ host', ''],
  ].join('\r\n');

  test('says where the server is and what it sends', () => {
    expect(readAnswer(answer)).toEqual({
      ice: { ufrag: 'server', password: 'passwordpasswordpassword' },
      address: '127.0.0.1',
      port: 5001,
      sections: [
        {
          ...{ mid: '1', media: 'video', codec: 'vp8', payloadType: 96, rtx: 97, ssrc: 11, rtxSsrc: 12 },
          ...{ transportCc: 3, audioLevel: undefined },
        },
      ],
    });
  });

  test('that cannot be used says why', () => {
    expect(() => readAnswer(answer.replace('127.0.0.1', 'fe80::2'))).toThrow('no candidate on this machine');
    expect(() => readAnswer(answer.replace('m=video 9', 'm=video 0'))).toThrow('refuses every section');
  });
});
