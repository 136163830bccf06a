/** Writes answers (RFC 8829 5.3, RFC 9725 4.4). */

import { randomInt } from 'node:crypto';
import { candidateLine, type LocalCandidate } from '../ice/candidates.ts';
import type { IceCredentials } from '../ice/session.ts';
import { type OfferedCodec, packetizationMode, profileLevelId } from './codecs.ts';
import type { Offer, OfferedSection } from './offer.ts';
import type { Selection } from './select.ts';

export const TRANSPORT_CC_URI = 'http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01';
export const MID_URI = 'urn:ietf:params:rtp-hdrext:sdes:mid';

/** Our end of the transport. */
export interface LocalTransport {
  ice: IceCredentials;
  fingerprint: string;
  candidates: LocalCandidate[];
}

/** SSRCs and names of what we send in a section. */
export interface SentStream {
  ssrc: number;
  rtxSsrc: number | undefined;
  cname: string;
  /** MediaStream and MediaStreamTrack ids; the same stream for sound and picture lets browsers sync them. */
  stream: string;
  track: string;
}

export interface AnswerShape {
  direction: 'recvonly' | 'sendonly';
  /** Feedback we understand, of what the offer names. */
  feedback: readonly string[];
  /** Header extensions we use, of what the offer names. */
  extensions: readonly string[];
  sent?: (selection: Selection) => SentStream;
  /** Rate at which libwebrtc begins to send video, kbit/s; else it takes seconds to climb from 300. */
  startKbps?: number;
}

export function writeAnswer(
  offer: Offer,
  selections: Selection[],
  transport: LocalTransport,
  shape: AnswerShape,
): string {
  const mids = selections.flatMap(({ section }) => section.mid ?? []);
  const lines = [
    'v=0',
    `o=- ${randomInt(2 ** 47)} 1 IN IP4 0.0.0.0`,
    's=-',
    't=0 0',
    ...(offer.bundle.length > 0 ? [`a=group:BUNDLE ${mids.join(' ')}`] : []),
    'a=ice-options:trickle',
    'a=msid-semantic:WMS *',
  ];
  for (const section of offer.sections) {
    const selection = selections.find((each) => each.section === section);
    if (selection === undefined) lines.push(...refusedSection(section));
    else lines.push(...answeredSection(selection, transport, shape));
  }
  return `${lines.join('\r\n')}\r\n`;
}

/** RFC 8829 5.3.1: a section we do not want keeps its place, with port 0. */
function refusedSection(section: OfferedSection): string[] {
  return [
    `m=${section.kind} 0 ${section.protocol} ${section.formats || '0'}`,
    'c=IN IP4 0.0.0.0',
    ...(section.mid === undefined ? [] : [`a=mid:${section.mid}`]),
    'a=inactive',
  ];
}

function answeredSection(selection: Selection, transport: LocalTransport, shape: AnswerShape): string[] {
  const { section, codecs, media } = selection;
  const formats = codecs
    .flatMap((codec) => [codec.payloadType, rtxOf(codec) ?? ''])
    .filter((type) => type !== '');
  return [
    `m=${media} 9 ${section.protocol} ${formats.join(' ')}`,
    'c=IN IP4 0.0.0.0',
    ...(section.mid === undefined ? [] : [`a=mid:${section.mid}`]),
    `a=${shape.direction}`,
    'a=rtcp-mux',
    ...(section.reducedSize ? ['a=rtcp-rsize'] : []),
    `a=ice-ufrag:${transport.ice.ufrag}`,
    `a=ice-pwd:${transport.ice.password}`,
    `a=fingerprint:sha-256 ${transport.fingerprint}`,
    'a=setup:active',
    ...extensionLines(section, shape),
    ...codecs.flatMap((codec) => codecLines(codec, rtxOf(codec), shape)),
    ...(shape.sent === undefined ? [] : streamLines(shape.sent(selection))),
    ...transport.candidates.map((candidate) => `a=${candidateLine(candidate)}`),
    'a=end-of-candidates',
  ];
}

/** Payload type of retransmissions where there will be any. */
export function rtxOf(codec: OfferedCodec): number | undefined {
  return codec.feedback.has('nack') ? codec.rtx : undefined;
}

function extensionLines(section: OfferedSection, shape: AnswerShape): string[] {
  return shape.extensions.flatMap((uri) => {
    const id = section.extensions.get(uri);
    return id === undefined ? [] : [`a=extmap:${id} ${uri}`];
  });
}

function codecLines(codec: OfferedCodec, rtx: number | undefined, shape: AnswerShape): string[] {
  const type = codec.payloadType;
  const names = {
    ...{ opus: 'opus/48000/2', vp8: 'VP8/90000', h264: 'H264/90000' },
    ...{ vp9: 'VP9/90000', av1: 'AV1/90000' },
  };
  const lines = [`a=rtpmap:${type} ${names[codec.codec]}`];
  const start = shape.startKbps === undefined ? '' : `x-google-start-bitrate=${shape.startKbps}`;
  const parameters = [formatParameters(codec), codec.codec === 'opus' ? '' : start].filter(Boolean).join(';');
  if (parameters !== '') lines.push(`a=fmtp:${type} ${parameters}`);
  for (const feedback of shape.feedback) {
    if (codec.feedback.has(feedback)) lines.push(`a=rtcp-fb:${type} ${feedback}`);
  }
  if (rtx !== undefined) lines.push(`a=rtpmap:${rtx} rtx/90000`, `a=fmtp:${rtx} apt=${type}`);
  return lines;
}

function formatParameters(codec: OfferedCodec): string {
  if (codec.codec === 'opus') {
    const stereo = codec.parameters.get('stereo') === '1' ? ';stereo=1' : '';
    return `minptime=10;useinbandfec=1${stereo}`;
  }
  if (codec.codec === 'vp8') return '';
  if (codec.codec === 'vp9') return 'profile-id=0';
  if (codec.codec === 'av1') return av1Parameters(codec);
  const mode = packetizationMode(codec);
  return `level-asymmetry-allowed=1;packetization-mode=${mode};profile-level-id=${profileLevelId(codec)}`;
}

/** The level and tier as they were offered, by default 2.0 to 3.1 (RTP Payload Format for AV1 7.2.1). */
function av1Parameters({ parameters }: OfferedCodec): string {
  const number = (name: string, otherwise: number) => {
    const given = parameters.get(name) ?? '';
    return /^\d{1,2}$/.test(given) ? given : otherwise;
  };
  return `level-idx=${number('level-idx', 5)};profile=0;tier=${number('tier', 0)}`;
}

function streamLines(sent: SentStream): string[] {
  const { ssrc, rtxSsrc, cname, stream, track } = sent;
  const ssrcs = rtxSsrc === undefined ? [ssrc] : [ssrc, rtxSsrc];
  return [
    `a=msid:${stream} ${track}`,
    ...(rtxSsrc === undefined ? [] : [`a=ssrc-group:FID ${ssrc} ${rtxSsrc}`]),
    ...ssrcs.flatMap((each) => [`a=ssrc:${each} cname:${cname}`, `a=ssrc:${each} msid:${stream} ${track}`]),
  ];
}
