import { type MediaDescription, parse } from 'sdp-transform';
import type { IceCredentials } from '../../../../src/rtc/ice/session.ts';

/**
 * Takes everything of an offer that Janus made for a subscriber, with the codecs it names. We stay DTLS
 * server, as towards every other server.
 */
export function answerTo(offer: string, ice: IceCredentials, fingerprint: string): string {
  const { media, groups } = parse(offer);
  const lines = [
    ...['v=0', 'o=- 1 2 IN IP4 127.0.0.1', 's=-', 't=0 0'],
    ...(groups ?? []).map(({ type, mids }) => `a=group:${type} ${mids}`),
    ...media.flatMap((section) => answerSection(section, ice, fingerprint)),
  ];
  return `${lines.join('\r\n')}\r\n`;
}

function answerSection(section: MediaDescription, ice: IceCredentials, fingerprint: string): string[] {
  return [
    `m=${section.type} 9 ${section.protocol} ${section.payloads}`,
    ...['c=IN IP4 0.0.0.0', `a=mid:${section.mid}`, 'a=recvonly', 'a=rtcp-mux'],
    ...[`a=ice-ufrag:${ice.ufrag}`, `a=ice-pwd:${ice.password}`],
    ...[`a=fingerprint:sha-256 ${fingerprint}`, 'a=setup:passive'],
    ...section.rtp.map(({ payload, codec, rate, encoding }) => {
      const channels = encoding === undefined ? '' : `/${encoding}`;
      return `a=rtpmap:${payload} ${codec}/${rate}${channels}`;
    }),
    ...(section.fmtp ?? []).map(({ payload, config }) => `a=fmtp:${payload} ${config}`),
    ...(section.rtcpFb ?? []).map(({ payload, type, subtype }) =>
      subtype ? `a=rtcp-fb:${payload} ${type} ${subtype}` : `a=rtcp-fb:${payload} ${type}`,
    ),
  ];
}
