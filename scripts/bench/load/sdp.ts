import { type MediaDescription, parse } from 'sdp-transform';
import type { VideoCodec } from '../../../mixer/protocol/control.ts';
import type { IceCredentials } from '../../../src/rtc/ice/session.ts';
import type { RemotePeer } from './peer.ts';

const TRANSPORT_CC = 'http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01';
/** RFC 6464: how loud a packet of sound is, readable for who only forwards. */
const AUDIO_LEVEL = 'urn:ietf:params:rtp-hdrext:ssrc-audio-level';
const VIDEO_FEEDBACK = ['goog-remb', 'transport-cc', 'ccm fir', 'nack', 'nack pli'];

const OPUS = 111;
/** Payload types as Chromium numbers them: media, retransmission. */
const videoTypes: Record<VideoCodec, [media: number, rtx: number]> = { vp8: [96, 97], h264: [98, 99] };

export interface OfferShape {
  direction: 'sendonly' | 'recvonly' | 'sendrecv';
  /** Pairs of sections, one of sound and one of pictures each; default 1. */
  pairs?: number;
  /** In order of preference; who publishes names one. */
  codecs: readonly VideoCodec[];
  ice: IceCredentials;
  fingerprint: string;
  /** Of who publishes: not everybody finds streams without (RFC 5576). */
  ssrcs?: Ssrcs;
}

/** What one publisher sends under. */
export interface Ssrcs {
  audio: number;
  video: number;
  rtx: number;
}

/** An offer as a browser makes it, with what matters to a media server (RFC 8829). */
export function writeOffer(shape: OfferShape): string {
  const pairs = Array.from({ length: shape.pairs ?? 1 }, (_, pair) => pair);
  const mids = pairs.flatMap((pair) => [2 * pair, 2 * pair + 1]);
  const lines = [
    ...['v=0', 'o=- 1 2 IN IP4 127.0.0.1', 's=-', 't=0 0'],
    `a=group:BUNDLE ${mids.join(' ')}`,
    ...pairs.flatMap((pair) => [...soundSection(shape, 2 * pair), ...pictureSection(shape, 2 * pair + 1)]),
  ];
  return `${lines.join('\r\n')}\r\n`;
}

/** An offer of sound alone. */
export function writeSoundOffer(shape: Omit<OfferShape, 'pairs' | 'codecs'>): string {
  const head = ['v=0', 'o=- 1 2 IN IP4 127.0.0.1', 's=-', 't=0 0', 'a=group:BUNDLE 0'];
  return `${[...head, ...soundSection({ ...shape, codecs: [] }, 0)].join('\r\n')}\r\n`;
}

function soundSection(shape: OfferShape, mid: number): string[] {
  return [
    `m=audio 9 UDP/TLS/RTP/SAVPF ${OPUS}`,
    ...transportLines(shape, mid),
    `a=extmap:1 ${AUDIO_LEVEL}`,
    `a=rtpmap:${OPUS} opus/48000/2`,
    `a=rtcp-fb:${OPUS} transport-cc`,
    `a=fmtp:${OPUS} minptime=10;useinbandfec=1`,
    ...(shape.ssrcs ? [`a=ssrc:${shape.ssrcs.audio} cname:load`] : []),
  ];
}

function pictureSection(shape: OfferShape, mid: number): string[] {
  const types = shape.codecs.flatMap((codec) => videoTypes[codec]);
  return [
    `m=video 9 UDP/TLS/RTP/SAVPF ${types.join(' ')}`,
    ...transportLines(shape, mid),
    ...shape.codecs.flatMap(codecLines),
    ...(shape.ssrcs ? ssrcLines(shape.ssrcs) : []),
  ];
}

function transportLines({ ice, fingerprint, direction }: OfferShape, mid: number): string[] {
  return [
    ...['c=IN IP4 0.0.0.0', `a=mid:${mid}`, `a=${direction}`, 'a=rtcp-mux', 'a=rtcp-rsize'],
    ...[`a=ice-ufrag:${ice.ufrag}`, `a=ice-pwd:${ice.password}`],
    ...[`a=fingerprint:sha-256 ${fingerprint}`, 'a=setup:actpass'],
    `a=extmap:3 ${TRANSPORT_CC}`,
  ];
}

function ssrcLines({ video, rtx }: Ssrcs): string[] {
  const names = [video, rtx].map((ssrc) => `a=ssrc:${ssrc} cname:load`);
  return [`a=ssrc-group:FID ${video} ${rtx}`, ...names];
}

function codecLines(codec: VideoCodec): string[] {
  const [media, rtx] = videoTypes[codec];
  const h264 = 'level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f';
  return [
    `a=rtpmap:${media} ${codec === 'vp8' ? 'VP8' : 'H264'}/90000`,
    ...(codec === 'h264' ? [`a=fmtp:${media} ${h264}`] : []),
    ...VIDEO_FEEDBACK.map((each) => `a=rtcp-fb:${media} ${each}`),
    `a=rtpmap:${rtx} rtx/90000`,
    `a=fmtp:${rtx} apt=${media}`,
  ];
}

export interface AnsweredSection {
  mid: string;
  media: 'audio' | 'video';
  codec: VideoCodec | 'opus';
  payloadType: number;
  rtx: number | undefined;
  /** What the other side sends; undefined where it only receives. */
  ssrc: number | undefined;
  rtxSsrc: number | undefined;
  /** Ids of header extensions, where they were agreed upon. */
  transportCc: number | undefined;
  audioLevel: number | undefined;
}

export interface Answer extends RemotePeer {
  /** Those that carry media, in the order of the offer. */
  sections: AnsweredSection[];
}

/** @throws Error when it is no answer that this peer can use */
export function readAnswer(text: string): Answer {
  const description = parse(text);
  const used = description.media.filter(({ port }) => port !== 0);
  const [first] = used;
  if (first === undefined) throw new Error('the answer refuses every section');
  const candidate = used.flatMap(({ candidates }) => candidates ?? []).find(isReachable);
  if (candidate === undefined) throw new Error('the answer has no candidate on this machine');
  const ufrag = String(first.iceUfrag ?? description.iceUfrag);
  const password = String(first.icePwd ?? description.icePwd);
  return {
    ice: { ufrag, password },
    address: candidate.ip,
    port: candidate.port,
    sections: used.map(readSection),
  };
}

/** IPv4, since our socket is; on loopback the address hardly matters. */
const isReachable = ({ ip, transport, component }: { ip: string; transport: string; component: number }) =>
  /^\d+(\.\d+){3}$/.test(ip) && transport.toLowerCase() === 'udp' && component === 1;

function readSection(media: MediaDescription): AnsweredSection {
  const named = media.rtp.filter(({ codec }) => codec.toLowerCase() in codecNames);
  const [chosen] = named;
  if (chosen === undefined)
    throw new Error(`the answer has a section of ${media.type} without a known codec`);
  const rtx = media.rtp.find(({ codec }) => codec.toLowerCase() === 'rtx')?.payload;
  const group = media.ssrcGroups
    ?.find(({ semantics }) => semantics === 'FID')
    ?.ssrcs.split(' ')
    .map(Number);
  const extension = (uri: string) => media.ext?.find((each) => each.uri === uri)?.value;
  return {
    mid: String(media.mid),
    media: media.type as 'audio' | 'video',
    codec: codecNames[chosen.codec.toLowerCase()]!,
    payloadType: chosen.payload,
    rtx,
    ssrc: group?.[0] ?? numberOf(media.ssrcs?.[0]?.id),
    rtxSsrc: group?.[1],
    transportCc: extension(TRANSPORT_CC),
    audioLevel: extension(AUDIO_LEVEL),
  };
}

const codecNames: Record<string, VideoCodec | 'opus'> = { opus: 'opus', vp8: 'vp8', h264: 'h264' };

const numberOf = (value: string | number | undefined) => (value === undefined ? undefined : Number(value));
