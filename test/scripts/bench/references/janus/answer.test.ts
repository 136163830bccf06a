import { describe, expect, test } from '@jest/globals';
import { readAnswer } from '../../../../../scripts/bench/load/sdp.ts';
import { answerTo } from '../../../../../scripts/bench/references/janus/answer.ts';

/** As Janus 1.1.2 offers one speaker to a subscriber, shortened. */
const offer = [
  ...['v=0', 'o=- 1795177945844406 1 IN IP4 192.0.2.2', 's=VideoRoom 1', 't=0 0'],
  ...['a=group:BUNDLE 0 1', 'a=fingerprint:sha-256 DF:AA:BE', 'a=msid-semantic: WMS *'],
  ...['m=audio 9 UDP/TLS/RTP/SAVPF 111', 'c=IN IP4 192.0.2.2', 'a=sendonly', 'a=mid:0', 'a=rtcp-mux'],
  ...['a=ice-ufrag:kvWv', 'a=ice-pwd:SQugGRTTqLkJSNvn3eGbES', 'a=setup:actpass'],
  ...['a=rtpmap:111 opus/48000/2', 'a=fmtp:111 useinbandfec=1', 'a=ssrc:2457902729 cname:janus'],
  'a=candidate:1 1 udp 2015363327 192.0.2.2 30438 typ host',
  ...['m=video 9 UDP/TLS/RTP/SAVPF 96 97', 'c=IN IP4 192.0.2.2', 'a=sendonly', 'a=mid:1', 'a=rtcp-mux'],
  ...['a=ice-ufrag:kvWv', 'a=ice-pwd:SQugGRTTqLkJSNvn3eGbES', 'a=setup:actpass'],
  ...['a=rtpmap:96 VP8/90000', 'a=rtcp-fb:96 ccm fir', 'a=rtcp-fb:96 nack', 'a=rtcp-fb:96 nack pli'],
  ...['a=rtpmap:97 rtx/90000', 'a=fmtp:97 apt=96', 'a=ssrc-group:FID 107603304 2154491366'],
  ...['a=ssrc:107603304 cname:janus', 'a=ssrc:2154491366 cname:janus'],
  'a=candidate:1 1 udp 2015363327 192.0.2.2 30438 typ host',
  '',
].join('\r\n');

describe('an answer to Janus', () => {
  const answer = answerTo(offer, { ufrag: 'ours', password: 'secret-of-22-characters' }, 'AA:BB');

  test('takes every section, as DTLS server and receiver', () => {
    expect(answer.match(/^m=/gm)).toHaveLength(2);
    expect(answer.match(/^a=recvonly/gm)).toHaveLength(2);
    expect(answer.match(/^a=setup:passive/gm)).toHaveLength(2);
    expect(answer).toContain('a=group:BUNDLE 0 1');
    expect(answer).toMatch(/m=video 9 UDP\/TLS\/RTP\/SAVPF 96 97\r\n/);
  });

  test('has our credentials and their codecs, feedback with and without a second word', () => {
    expect(answer.match(/^a=ice-ufrag:ours/gm)).toHaveLength(2);
    expect(answer).not.toContain('kvWv');
    expect(answer).toContain('a=rtpmap:111 opus/48000/2\r\n');
    expect(answer).toContain('a=fmtp:97 apt=96\r\n');
    expect(answer).toContain('a=rtcp-fb:96 nack\r\n');
    expect(answer).toContain('a=rtcp-fb:96 nack pli\r\n');
  });

  test('the offer tells which stream is whose', () => {
    const { sections, port } = readAnswer(offer);
    expect(port).toBe(30438);
    expect(sections.map(({ ssrc, codec }) => [ssrc, codec])).toEqual([
      [2457902729, 'opus'],
      [107603304, 'vp8'],
    ]);
  });
});
