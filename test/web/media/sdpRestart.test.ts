import { describe, expect, test } from '@jest/globals';
import { restartedAnswer, restartFragment } from '../../../web/src/media/sdpRestart.ts';

const answer = [
  'v=0',
  'a=group:BUNDLE 0 1',
  'm=audio 9 UDP/TLS/RTP/SAVPF 111',
  'a=ice-ufrag:old1',
  'a=ice-pwd:oldpassword',
  'a=candidate:1 1 udp 2130706431 10.0.0.1 40000 typ host',
  'a=end-of-candidates',
  'a=fingerprint:sha-256 AA',
  'm=video 9 UDP/TLS/RTP/SAVPF 96',
  'a=ice-ufrag:old1',
  'a=ice-pwd:oldpassword',
  'a=fingerprint:sha-256 AA',
  '',
].join('\r\n');

describe('an ICE restart', () => {
  test('is asked for with the new credentials and nothing else', () => {
    const local =
      'v=0\r\nm=audio 9 X 1\r\na=ice-ufrag:new1\r\na=ice-pwd:newpassword\r\na=candidate:1 1 udp 1 h 1\r\n';
    expect(restartFragment(local)).toBe('a=ice-ufrag:new1\r\na=ice-pwd:newpassword\r\n');
  });

  test('changes credentials everywhere, candidates in the first section, and nothing else', () => {
    const fragment = [
      'm=audio 9 UDP/TLS/RTP/SAVPF 0',
      'a=mid:0',
      'a=ice-ufrag:srv2',
      'a=ice-pwd:serverpassword',
      'a=candidate:1 1 udp 2130706431 10.0.0.2 40001 typ host',
      'a=end-of-candidates',
      '',
    ].join('\r\n');
    const restarted = restartedAnswer(answer, fragment)!;
    expect(restarted.match(/a=ice-ufrag:\S+/g)).toEqual(['a=ice-ufrag:srv2', 'a=ice-ufrag:srv2']);
    expect(restarted.match(/a=ice-pwd:\S+/g)).toEqual([
      'a=ice-pwd:serverpassword',
      'a=ice-pwd:serverpassword',
    ]);
    expect(restarted.match(/a=candidate.*/g)).toEqual([
      'a=candidate:1 1 udp 2130706431 10.0.0.2 40001 typ host',
    ]);
    expect(restarted.indexOf('10.0.0.2')).toBeLessThan(restarted.indexOf('m=video'));
    const rest = (sdp: string) => sdp.split('\r\n').filter((line) => !/^a=(ice-|candidate)/.test(line));
    expect(rest(restarted)).toEqual(rest(answer));
  });

  test('keeps the candidates when the server names no others, and is none without credentials', () => {
    expect(restartedAnswer(answer, 'a=ice-ufrag:srv2\r\na=ice-pwd:serverpassword\r\n')).toContain('10.0.0.1');
    expect(restartedAnswer(answer, 'a=end-of-candidates\r\n')).toBeNull();
  });
});
