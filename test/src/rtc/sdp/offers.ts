export const FINGERPRINT = Array.from({ length: 32 }, (_, i) => (i + 16).toString(16).toUpperCase()).join(
  ':',
);

export interface SectionOptions {
  mid?: string;
  direction?: string;
  port?: number;
  lines?: string[];
}

const transport = [
  'a=ice-ufrag:abcd',
  'a=ice-pwd:abcdefghijklmnopqrstuvwx',
  `a=fingerprint:sha-256 ${FINGERPRINT}`,
  'a=setup:actpass',
];

export function audio({
  mid = '0',
  direction = 'sendrecv',
  port = 9,
  lines = [],
}: SectionOptions = {}): string[] {
  return [
    `m=audio ${port} UDP/TLS/RTP/SAVPF 111 0`,
    'c=IN IP4 0.0.0.0',
    `a=mid:${mid}`,
    `a=${direction}`,
    'a=rtcp-mux',
    'a=rtcp-rsize',
    ...transport,
    'a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01',
    'a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid',
    'a=extmap:6 urn:ietf:params:rtp-hdrext:ssrc-audio-level',
    'a=rtpmap:111 opus/48000/2',
    'a=rtcp-fb:111 transport-cc',
    'a=fmtp:111 minptime=10;useinbandfec=1',
    'a=rtpmap:0 PCMU/8000',
    ...lines,
  ];
}

export const codecLines = {
  vp8: (type: number, rtx: number) => [
    `a=rtpmap:${type} VP8/90000`,
    ...feedback(type),
    `a=rtpmap:${rtx} rtx/90000`,
    `a=fmtp:${rtx} apt=${type}`,
  ],
  h264: (type: number, rtx: number, profile: string, mode: number) => [
    `a=rtpmap:${type} H264/90000`,
    `a=fmtp:${type} level-asymmetry-allowed=1;packetization-mode=${mode};profile-level-id=${profile}`,
    ...feedback(type),
    `a=rtpmap:${rtx} rtx/90000`,
    `a=fmtp:${rtx} apt=${type}`,
  ],
};

function feedback(type: number): string[] {
  return ['goog-remb', 'transport-cc', 'ccm fir', 'nack', 'nack pli'].map(
    (each) => `a=rtcp-fb:${type} ${each}`,
  );
}

export function video(formats: string, options: SectionOptions = {}): string[] {
  const { mid = '1', direction = 'sendrecv', port = 9, lines = codecLines.vp8(96, 97) } = options;
  return [
    `m=video ${port} UDP/TLS/RTP/SAVPF ${formats}`,
    'c=IN IP4 0.0.0.0',
    `a=mid:${mid}`,
    `a=${direction}`,
    'a=rtcp-mux',
    'a=rtcp-rsize',
    ...transport,
    'a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01',
    ...lines,
  ];
}

export function offerOf(...sections: string[][]): string {
  const mids = sections.flatMap(
    (section) => section.find((line) => line.startsWith('a=mid:'))?.slice(6) ?? [],
  );
  const head = ['v=0', 'o=- 1 2 IN IP4 127.0.0.1', 's=-', 't=0 0', `a=group:BUNDLE ${mids.join(' ')}`];
  return `${[...head, ...sections.flat()].join('\r\n')}\r\n`;
}

export const ordinary = (): string => offerOf(audio(), video('96 97'));
