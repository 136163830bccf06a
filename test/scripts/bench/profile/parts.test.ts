import { describe, expect, test } from '@jest/globals';
import { partOf } from '../../../../scripts/bench/profile/parts.ts';
import { sharesOf } from '../../../../scripts/bench/profile/samples.ts';

/** Frames as `function@file`, innermost first. */
const stackOf = (...frames: string[]) =>
  frames.map((frame) => {
    const [functionName, path] = frame.split('@') as [string, string];
    return { functionName, url: path.startsWith('node:') ? path : `file:///srv/rostrum/dist/${path}` };
  });

describe('a sample belongs to', () => {
  test.each([
    [
      'receive',
      stackOf('unprotectRtp@src/rtc/srtp/session.js', 'receive@src/rtc/peer.js', 'onMessage@node:dgram'),
    ],
    [
      'receive',
      stackOf('write@node:internal/streams', 'rtp@src/engine/channel.js', 'rtp@src/rtc/publisher.js'),
    ],
    [
      'send',
      stackOf(
        'protect@src/rtc/srtp/aesCm.js',
        'sendBatch@src/rtc/peer.js',
        '#write@src/rtc/deliver/track.js',
      ),
    ],
    ['send', stackOf('push@mixer/protocol/framing.js', '#read@src/engine/channel.js', 'emit@node:events')],
    [
      'decode',
      stackOf(
        'sendPacketSync@../node_modules/node-av/x.js',
        'decode@mixer/video/decoder.js',
        'tick@mixer/room.js',
      ),
    ],
    [
      'compose',
      stackOf('scaleSync@../node_modules/node-av/x.js', 'scale@mixer/video/scaler.js', 'tick@mixer/room.js'),
    ],
    ['encode', stackOf('encode@mixer/video/encoder.js', 'emit@node:events')],
    ['encode', stackOf('cut@mixer/rtp/vp8.js', 'emit@mixer/room.js')],
    ['encode', stackOf('writev@', 'sendMedia@mixer/channel.js', 'coded@mixer/video/pictureProgram.js')],
    ['receive', stackOf('writeBuffer@', '_write@node:internal/streams', 'rtp@src/engine/channel.js')],
    ['receive', stackOf('push@mixer/rtp/vp8.js', 'push@mixer/video/videoTrack.js')],
    ['other', stackOf('handle@src/http/app.js', 'emit@node:events')],
    ['other', stackOf('(garbage collector)@')],
  ])('%s: %j', (part, stack) => {
    expect(partOf(stack)).toBe(part);
  });
});

test('shares are counted from samples; idle ones count for nothing', () => {
  const frame = (functionName: string, url: string) => ({
    ...{ functionName, url, scriptId: '0', lineNumber: 0, columnNumber: 0 },
  });
  const shares = sharesOf({
    startTime: 0,
    endTime: 10_000,
    nodes: [
      { id: 1, callFrame: frame('(root)', ''), children: [2, 3, 5] },
      { id: 2, callFrame: frame('(idle)', '') },
      { id: 3, callFrame: frame('onMessage', 'node:dgram'), children: [4] },
      { id: 4, callFrame: frame('receive', 'file:///x/dist/src/rtc/publisher.js') },
      { id: 5, callFrame: frame('(garbage collector)', '') },
    ],
    samples: [2, 2, 4, 4, 4, 3, 5, 2, 2, 2],
    timeDeltas: Array.from({ length: 10 }, () => 1_000),
  });
  expect(shares.receive).toBeCloseTo(0.4);
  expect(shares.other).toBeCloseTo(0.1);
  expect(shares.send).toBe(0);
});
