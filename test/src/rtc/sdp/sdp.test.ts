import { describe, expect, test } from '@jest/globals';
import { parse } from 'sdp-transform';
import { RostrumError } from '../../../../src/errors.ts';
import { type AnswerShape, TRANSPORT_CC_URI, writeAnswer } from '../../../../src/rtc/sdp/answer.ts';
import { readFragment, restartOf } from '../../../../src/rtc/sdp/fragment.ts';
import { readOffer } from '../../../../src/rtc/sdp/offer.ts';
import { type Role, selectSections } from '../../../../src/rtc/sdp/select.ts';
import { mutate, seeded } from '../random.ts';
import { audio, codecLines, offerOf, ordinary, video } from './offers.ts';

const publish: Role = { receive: true };
const view = (...prefer: string[]): Role => ({ receive: false, prefer, slots: { audio: 1, video: 1 } });
const transport = {
  ice: { ufrag: 'uuuu', password: 'p'.repeat(24) },
  fingerprint: 'AA:BB',
  candidates: [{ address: '192.0.2.1', port: 4_000, priority: 5, foundation: '1' }],
};
const shape: AnswerShape = {
  direction: 'recvonly',
  feedback: ['transport-cc', 'nack', 'nack pli'],
  extensions: [TRANSPORT_CC_URI],
};

function answer(text: string, role: Role = publish) {
  const offer = readOffer(text);
  return parse(writeAnswer(offer, selectSections(offer, role), transport, shape));
}

function refusal(text: string, role: Role = publish): RostrumError {
  const before = process.cpuUsage();
  try {
    selectSections(readOffer(text), role);
  } catch (error) {
    const spent = process.cpuUsage(before);
    expect(spent.user + spent.system).toBeLessThan(50_000);
    if (error instanceof RostrumError) return error;
    throw error;
  }
  throw new Error('the offer was taken');
}

function chosen(text: string, role: Role = publish) {
  return selectSections(readOffer(text), role).map(({ codec }) => [codec.codec, codec.payloadType]);
}

describe('answers', () => {
  test('one audio and one video codec, with what is understood', () => {
    const { media, groups } = answer(ordinary());
    expect(groups).toEqual([{ type: 'BUNDLE', mids: '0 1' }]);
    expect(
      media.map(({ type, payloads, direction, setup }) => [type, String(payloads), direction, setup]),
    ).toEqual([
      ['audio', '111', 'recvonly', 'active'],
      ['video', '96 97', 'recvonly', 'active'],
    ]);
    expect(media[1]!.ext).toEqual([{ value: 3, uri: TRANSPORT_CC_URI }]);
    expect(media[1]!.rtcpFb).toContainEqual({ payload: 96, type: 'nack', subtype: 'pli' });
    expect(media[1]!.ssrcs).toBeUndefined();
    expect(media[0]!.candidates).toHaveLength(1);
    expect(media[0]!.endOfCandidates).toBeDefined();
  });

  test('a viewer is answered as many sections as there are slots, the first ones, with all codecs in common', () => {
    const both = { lines: [...codecLines.h264(102, 103, '42e01f', 1), ...codecLines.vp8(96, 97)] };
    const offer = offerOf(
      audio({ mid: 'a0' }),
      video('102 103 96 97', { ...both, mid: 'v0' }),
      video('45', { lines: ['a=rtpmap:45 AV1/90000'], mid: 'v1' }),
      video('102 103 96 97', { ...both, mid: 'v2' }),
      video('96 97', { mid: 'v3' }),
      audio({ mid: 'a1' }),
    );
    const slots = { audio: 1, video: 2 };
    const { media, groups } = answer(offer, { receive: false, prefer: ['vp8', 'h264'], slots });
    expect(media.map(({ port }) => port)).toEqual([9, 9, 0, 9, 0, 0]);
    expect(String(groups?.[0]?.mids)).toBe('a0 v0 v2');
    expect(String(media[1]!.payloads)).toBe('96 97 102 103');
    expect(media[1]!.rtp.map(({ codec }) => codec)).toEqual(['VP8', 'rtx', 'H264', 'rtx']);
    const one = answer(offer, view('vp8', 'h264'));
    expect(one.media.map(({ port }) => port)).toEqual([9, 9, 0, 0, 0, 0]);
    expect(String(one.media[1]!.payloads)).toBe('96 97');
  });

  test('sections nobody wants keep their place with port 0', () => {
    const application = ['m=application 9 UDP/DTLS/SCTP webrtc-datachannel', 'a=mid:d', 'a=sctp-port:5000'];
    const { media, groups } = answer(
      offerOf(
        audio(),
        video('96 97', { direction: 'recvonly' }),
        application,
        video('96 97', { mid: 'x', port: 0 }),
      ),
    );
    expect(media.map(({ port }) => port)).toEqual([9, 0, 0, 0]);
    expect(String(groups?.[0]?.mids)).toBe('0');
  });

  test('stereo is answered as offered', () => {
    const text = ordinary().replace('minptime=10;useinbandfec=1', 'minptime=10;stereo=1;useinbandfec=1');
    expect(answer(text).media[0]!.fmtp[0]!.config).toBe('minptime=10;useinbandfec=1;stereo=1');
    expect(answer(ordinary()).media[0]!.fmtp[0]!.config).not.toContain('stereo');
  });

  test('libwebrtc is told at which rate to begin its video, and nothing about its sound', () => {
    const offer = readOffer(ordinary());
    const text = writeAnswer(offer, selectSections(offer, publish), transport, { ...shape, startKbps: 900 });
    const { media } = parse(text);
    const config = (index: number, type: number) =>
      media[index]!.fmtp.find(({ payload }) => payload === type)?.config;
    expect(config(1, 96)).toBe('x-google-start-bitrate=900');
    expect(config(0, 111)).not.toContain('google');
  });

  test('an offer without BUNDLE and mid is fine for one section', () => {
    const text = ordinary()
      .replace(/m=video[\s\S]*$/, '')
      .replace(/a=group.*\r\n/, '')
      .replace(/a=mid.*\r\n/, '');
    const { media, groups } = answer(text);
    expect(groups).toBeUndefined();
    expect(media).toHaveLength(1);
    expect(media[0]!.mid).toBeUndefined();
  });

  test('simulcast is not agreed to, so one layer is sent', () => {
    const lines = [...codecLines.vp8(96, 97), 'a=rid:h send', 'a=rid:l send', 'a=simulcast:send h;l'];
    const { media } = answer(offerOf(audio(), video('96 97', { lines })));
    expect(media[1]!.port).toBe(9);
    expect(media[1]!.simulcast).toBeUndefined();
  });
});

describe('codecs', () => {
  const both = [
    ...codecLines.h264(102, 103, '42001f', 0),
    ...codecLines.h264(104, 105, '640c1f', 1),
    ...codecLines.h264(108, 109, '42e01f', 1),
    ...codecLines.vp8(96, 97),
  ];

  test("a speaker's order decides; H.264 with packetization mode 1 is better", () => {
    expect(chosen(offerOf(video('96 97 102 103 108 109', { lines: both })))).toEqual([['vp8', 96]]);
    expect(chosen(offerOf(video('102 103 108 109 96 97', { lines: both })))).toEqual([['h264', 108]]);
    expect(chosen(offerOf(video('102 103', { lines: both })))).toEqual([['h264', 102]]);
  });

  test("the room's codec is taken wherever a viewer's offer has it", () => {
    const text = offerOf(video('96 97 102 103 104 105 108 109', { lines: both }));
    expect(chosen(text, view('h264', 'vp8'))).toEqual([['h264', 108]]);
    expect(chosen(text, view('vp8', 'h264'))).toEqual([['vp8', 96]]);
  });

  test('who has not the preferred one gets the other', () => {
    expect(chosen(ordinary(), view('h264', 'vp8'))).toEqual([
      ['opus', 111],
      ['vp8', 96],
    ]);
  });

  test('without packetization mode 1 no H.264 is sent', () => {
    const text = offerOf(video('102 103', { lines: both }));
    expect(refusal(text, view('h264', 'vp8')).detail).toMatch('no codec in common');
  });

  test('a profile no browser decodes is not taken', () => {
    const text = offerOf(video('102 103', { lines: codecLines.h264(102, 103, 'f4001f', 1) }));
    expect(refusal(text).detail).toMatch('no codec in common');
  });

  test('a viewer whose video has no known codec still hears', () => {
    const text = offerOf(audio(), video('45', { lines: ['a=rtpmap:45 AV1/90000'] }));
    expect(chosen(text, view('vp8', 'h264'))).toEqual([['opus', 111]]);
  });
});

describe('the picture of a speaker', () => {
  const further = ['a=rtpmap:45 AV1/90000', 'a=rtpmap:98 VP9/90000'];

  test('in H.265 alone is refused with the reason, not left out of an answer', () => {
    const { code, detail } = refusal(offerOf(audio(), video('49', { lines: ['a=rtpmap:49 H265/90000'] })));
    expect(code).toBe('sdp-refused');
    expect(detail).toMatch(/no codec in common.*VP8, H.264, VP9 and AV1/);
  });

  test('is taken in VP9 or AV1 where nothing else is offered, in the order of the offer', () => {
    const picture = (types: string, ...lines: string[]) => offerOf(video(types, { lines }));
    expect(chosen(picture('45 98', ...further))).toEqual([['av1', 45]]);
    expect(chosen(picture('98 45', ...further))).toEqual([['vp9', 98]]);
    const vp9 = answer(picture('98', further[1]!, 'a=fmtp:98 profile-id=0')).media[0]!;
    expect(vp9.rtp).toMatchObject([{ payload: 98, codec: 'VP9', rate: 90_000 }]);
    expect(vp9.fmtp).toEqual([{ payload: 98, config: 'profile-id=0' }]);
    const av1 = answer(picture('45', further[0]!, 'a=fmtp:45 level-idx=8;profile=0;tier=x')).media[0]!;
    expect(av1.rtp).toMatchObject([{ payload: 45, codec: 'AV1', rate: 90_000 }]);
    expect(av1.fmtp).toEqual([{ payload: 45, config: 'level-idx=8;profile=0;tier=0' }]);
  });

  test('of another profile of VP9 or AV1 is not taken', () => {
    const lines = [...further, 'a=fmtp:45 profile=1', 'a=fmtp:98 profile-id=2'];
    expect(refusal(offerOf(video('45 98', { lines }))).detail).toMatch(/profile 0/);
  });

  test('is never sent in VP9 or AV1: viewers get VP8 or H.264', () => {
    const lines = [...further, 'a=rtpmap:96 VP8/90000'];
    const text = offerOf(video('45 98 96', { lines, direction: 'recvonly' }));
    expect(chosen(text, view('vp8', 'h264'))).toEqual([['vp8', 96]]);
  });

  test('is taken in VP8 where that is offered, too, in any place', () => {
    const text = offerOf(audio(), video('45 98 96 97', { lines: [...further, ...codecLines.vp8(96, 97)] }));
    expect(chosen(text)).toEqual([
      ['opus', 111],
      ['vp8', 96],
    ]);
  });
});

describe('refusals', () => {
  test.each([
    ['', /begins with v=0/],
    ['hello', /begins with v=0/],
    ['{"sdp": "v=0"}', /begins with v=0/],
    ['v=0\r\nnonsense\r\nm=audio 9 X 0\r\n', /line 2/],
    [ordinary().replace('s=-', 's=\u0000'), /control characters/],
  ])('%j is not SDP', (text, detail) => {
    const error = refusal(text);
    expect(error.code).toBe('sdp-malformed');
    expect(error.detail).toMatch(detail);
  });

  test.each<[string, string, RegExp]>([
    ['no media', offerOf(), /no media/],
    [
      '2,000 sections',
      offerOf(...Array.from({ length: 2_000 }, () => ['m=video 9 RTP/SAVPF 0'])),
      /more than/,
    ],
    [
      '65 sections',
      offerOf(...Array.from({ length: 65 }, (_, i) => ['m=audio 9 X 0', `a=mid:${i}`])),
      /more than 64/,
    ],
    ['endless lines', `${ordinary()}${'a=x:1\r\n'.repeat(5_000)}`, /lines/],
    ['one endless line', `${ordinary()}a=x:${'1'.repeat(9_000)}\r\n`, /longer/],
    ['two videos', offerOf(video('96 97'), video('96 97', { mid: '2' })), /2 video sections/],
    ['two audios', offerOf(audio(), audio({ mid: '2' })), /2 audio sections/],
    [
      'a data channel alone',
      offerOf(['m=application 9 UDP/DTLS/SCTP webrtc-datachannel', 'a=mid:0']),
      /data channels/,
    ],
    ['no fingerprint', ordinary().replaceAll(/a=fingerprint.*\r\n/g, ''), /fingerprint/],
    ['a SHA-1 fingerprint', ordinary().replaceAll('sha-256', 'sha-1'), /sha-256/],
    [
      'a short fingerprint',
      ordinary().replaceAll(/(a=fingerprint:sha-256 [0-9A-F:]{20}).*/g, '$1AA'),
      /sha-256/,
    ],
    ['no ICE credentials', ordinary().replaceAll(/a=ice-ufrag.*\r\n/g, ''), /ice-ufrag/],
    ['short ICE password', ordinary().replaceAll(/a=ice-pwd.*/g, 'a=ice-pwd:short'), /ice-pwd/],
    ['ICE lite', ordinary().replace('t=0 0', 't=0 0\r\na=ice-lite'), /ice-lite/],
    ['same mids', offerOf(audio(), video('96 97', { mid: '0' })), /mid 0/],
    ['we would be DTLS server', ordinary().replaceAll('actpass', 'active'), /setup:active/],
    ['no rtcp-mux', ordinary().replaceAll('a=rtcp-mux\r\n', ''), /rtcp-mux/],
    ['not bundled', ordinary().replace(/a=group.*\r\n/, ''), /bundled/],
    ['nothing sent', offerOf(audio({ direction: 'recvonly' })), /sends no audio/],
    ['plain RTP', ordinary().replaceAll('UDP/TLS/RTP/SAVPF', 'RTP/AVP'), /no codec in common/],
    [
      'one payload type for two codecs',
      offerOf(audio(), video('111 97', { lines: codecLines.vp8(111, 97) })),
      /share a payload/,
    ],
  ])('%s', (_, text, detail) => {
    const error = refusal(text);
    expect(error.code).toBe('sdp-refused');
    expect(error.detail).toMatch(detail);
  });

  test('a viewer who receives nothing', () => {
    expect(refusal(offerOf(audio({ direction: 'sendonly' })), view('vp8')).detail).toMatch(
      'receives no audio',
    );
  });
});

test('5,000 mutated offers are taken or refused, never anything else (seed 9)', () => {
  const random = seeded(9);
  const text = Buffer.from(ordinary());
  let taken = 0;
  for (let i = 0; i < 5_000; i++) {
    try {
      answer(mutate(text, random).toString('latin1'));
      taken++;
    } catch (error) {
      expect(error).toBeInstanceOf(RostrumError);
    }
  }
  expect(taken).toBeGreaterThan(500);
});

describe('fragments', () => {
  const current = { ufrag: 'abcd', password: 'x'.repeat(24) };
  const line = 'a=candidate:1 1 udp 2130706431 192.0.2.9 5000 typ host generation 0';

  test('candidates', () => {
    const fragment = readFragment(
      `a=ice-ufrag:abcd\r\na=ice-pwd:${'y'.repeat(22)}\r\nm=audio 9 X 0\r\na=mid:0\r\n${line}\r\n`,
    );
    expect(fragment.candidates).toEqual([
      { component: 1, transport: 'udp', priority: 2130706431, ip: '192.0.2.9', port: 5000 },
    ]);
    expect(restartOf(fragment, current)).toBeNull();
    expect(restartOf(readFragment(line), current)).toBeNull();
  });

  test('new credentials are a restart', () => {
    const password = 'z'.repeat(22);
    expect(restartOf(readFragment(`a=ice-ufrag:efgh\na=ice-pwd:${password}\n`), current)).toEqual({
      ufrag: 'efgh',
      password,
    });
    expect(() => restartOf(readFragment('a=ice-ufrag:efgh\n'), current)).toThrow(/ice-pwd/);
  });

  test.each([
    'hello',
    'a=candidate:nonsense',
    'a=ice-ufrag:x',
    `a=ice-ufrag:efgh\na=ice-pwd:short`,
    'a=x\n'.repeat(301),
    `a=${'x'.repeat(20_000)}`,
  ])('%#: malformed', (text) => {
    expect(() => readFragment(text)).toThrow(RostrumError);
  });
});
