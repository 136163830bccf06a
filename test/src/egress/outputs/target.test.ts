import { describe, expect, test } from '@jest/globals';
import { type PushType, parseTarget, secretsOf, shownUrl } from '../../../../src/egress/outputs/target.ts';

describe('URLs of outputs', () => {
  test.each<[PushType, string, object]>([
    ['rtmp', 'rtmp://live.example.org/app/key', { host: 'live.example.org', port: 1935, path: '/app/key' }],
    [
      'rtmp',
      'RTMPS://Live.Example.org:8443/app/a?b=c&d',
      { host: 'live.example.org', port: 8443, query: 'b=c&d' },
    ],
    ['srt', 'srt://192.0.2.7:9000?streamid=publish:x&passphrase=0123456789', { port: 9000, path: '/' }],
    ['whip', 'https://example.org/whip/room', { scheme: 'https', port: 443 }],
    ['whip', 'http://[2001:db8::1]:8080/w', { host: '2001:db8::1', port: 8080 }],
    ['rtmp', 'rtmp://0x7f.1/app/key', { host: '127.0.0.1' }],
    ['rtmp', 'rtmp://2130706433/app/key', { host: '127.0.0.1' }],
    ['rtmp', 'rtmp://localhost./app/key', { host: 'localhost' }],
  ])('%s takes %s', (type, url, expected) => {
    expect(parseTarget(type, url)).toMatchObject({ type, ...expected });
  });

  test.each<[PushType, string, RegExp]>([
    ['rtmp', '', /begin with rtmp/],
    ['rtmp', 'file:///etc/passwd', /begin with rtmp/],
    ['rtmp', 'concat:rtmp://a/b|file:c', /begin with rtmp/],
    ['rtmp', 'http://example.org/app/key', /begin with rtmp/],
    ['whip', 'rtmp://example.org/app/key', /begin with http/],
    ['rtmp', 'tee:rtmp://example.org/app/key', /begin with rtmp/],
    ['rtmp', 'rtmp://example.org/app/key|[f=flv]file:x', /character/],
    ['rtmp', 'rtmp://example.org/app/[x]', /character/],
    ['rtmp', 'rtmp://example.org/app/key\nfile:x', /line break|character/],
    ['rtmp', 'rtmp://example.org/app/key live=1', /space|character/],
    ['rtmp', 'rtmp://example.org/app/key\0', /control|character/],
    ['rtmp', 'rtmp://example.org/app/key%0d%0a', /coded control/],
    ['rtmp', 'rtmp://example.org/app/key%00', /coded control/],
    ['rtmp', 'rtmp://user:secret@example.org/app/key', /user name/],
    ['rtmp', 'rtmp://example.org@127.0.0.1/app/key', /user name/],
    ['rtmp', 'rtmp://example.org\\@127.0.0.1/app', /user name|not scheme/],
    ['rtmp', 'rtmp://example.org/app/key#x', /fragment/],
    ['rtmp', 'rtmp:///app/key', /not scheme/],
    ['rtmp', 'rtmp://example.org', /application/],
    ['rtmp', 'rtmp://example.org:99999/app/key', /port/],
    ['rtmp', 'rtmp://example.org:0/app/key', /port/],
    ['rtmp', 'rtmp://1.2.3.4.5/app/key', /neither a name nor an address/],
    ['rtmp', `rtmp://example.org/${'a'.repeat(3000)}`, /longer/],
    ['srt', 'srt://example.org', /port/],
    ['srt', 'srt://example.org:9000?mode=listener', /caller/],
    ['srt', 'srt://example.org:9000?localaddr=1.2.3.4', /no other option/],
    ['srt', 'srt://example.org:9000/path', /path/],
    ['srt', 'srt://example.org:9000?latency=1e9', /whole numbers/],
  ])('%s refuses %j', (type, url, reason) => {
    expect(() => parseTarget(type, url)).toThrow(expect.objectContaining({ code: 'url-refused' }));
    expect(() => parseTarget(type, url)).toThrow(reason);
  });

  test('keys are not shown', () => {
    const shown = (type: PushType, url: string) => shownUrl(parseTarget(type, url));
    expect(shown('rtmp', 'rtmp://example.org/app/s3cret?auth=s3cret')).toBe(
      'rtmp://example.org:1935/app/…?…',
    );
    expect(shown('rtmp', 'rtmp://example.org/s3cret/')).toBe('rtmp://example.org:1935/…');
    expect(shown('srt', 'srt://example.org:9000?passphrase=s3cret')).toBe('srt://example.org:9000?…');
    expect(shown('whip', 'https://[2001:db8::1]/whip/room?k=s3cret')).toBe(
      'https://[2001:db8::1]:443/whip/room?…',
    );
    expect(secretsOf(parseTarget('rtmp', 'rtmp://example.org/app/s3cret?auth=other'))).toEqual([
      'auth=other',
      's3cret',
      'other',
    ]);
  });
});
