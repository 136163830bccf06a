/** An offer (RFC 8829, RFC 8866) as far as we use it, parsed once and checked. */

import { type MediaDescription, parse, type SessionDescription } from 'sdp-transform';
import { RostrumError } from '../../errors.ts';
import type { Fingerprint } from '../dtls/verify.ts';
import type { IceCredentials } from '../ice/session.ts';
import { type OfferedCodec, readCodecs } from './codecs.ts';
import { checkOfferText, malformed, refused } from './limits.ts';

export type Direction = 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive';

export interface OfferedSection {
  /** `audio`, `video`, `application` or whatever the m-line says. */
  kind: string;
  protocol: string;
  /** The format list as offered, for the answer of a refused section. */
  formats: string;
  mid: string | undefined;
  direction: Direction;
  /** False when the offer itself gives the section up (port 0). */
  offered: boolean;
  rtcpMux: boolean;
  /** Reduced-size RTCP (RFC 5506). */
  reducedSize: boolean;
  codecs: OfferedCodec[];
  /** Header extensions by their URI. */
  extensions: Map<string, number>;
}

export interface OfferedCandidate {
  component: number;
  transport: string;
  ip: string;
  port: number;
  priority: number;
}

export interface Offer {
  sections: OfferedSection[];
  /** Mids of the BUNDLE group; empty without one. */
  bundle: string[];
  ice: IceCredentials;
  fingerprints: Fingerprint[];
  candidates: OfferedCandidate[];
}

const PROTOCOLS = new Set(['UDP/TLS/RTP/SAVPF', 'UDP/TLS/RTP/SAVP', 'RTP/SAVPF']);
const TOKEN = /^[\w!#$%&'*+.^`{|}~-]{1,64}$/;
export const ICE_UFRAG = /^[A-Za-z0-9+/=_-]{4,256}$/;
export const ICE_PASSWORD = /^[A-Za-z0-9+/=_-]{22,256}$/;
const FINGERPRINT = /^[0-9a-f]{2}(:[0-9a-f]{2})+$/i;
const digests: Record<string, number> = { 'sha-256': 32, 'sha-384': 48, 'sha-512': 64 };

/** @throws RostrumError sdp-malformed | sdp-refused, with a sentence that names the reason */
export function readOffer(text: string): Offer {
  checkOfferText(text);
  try {
    return understand(parse(text));
  } catch (error) {
    if (error instanceof RostrumError) throw error;
    throw malformed('the offer cannot be parsed');
  }
}

function understand(session: SessionDescription): Offer {
  if (session.icelite !== undefined)
    throw refused('an ice-lite offer cannot be answered: be a full ICE agent');
  const sections = session.media.map(readSection);
  checkMids(sections);
  const media = sections.filter((section) => section.offered && section.kind !== 'application');
  if (media.length === 0) throw refused('the offer has no audio or video (data channels are not supported)');
  const transport = transportSections(session, sections);
  return {
    sections,
    bundle: bundleOf(session),
    ice: readIce(session, transport),
    fingerprints: readFingerprints(session, transport),
    candidates: transport.flatMap((media) => (media.candidates ?? []).map(readCandidate)),
  };
}

/** The parser makes numbers of whatever looks like one. */
function readCandidate({ component, transport, ip, port, priority }: OfferedCandidate): OfferedCandidate {
  return {
    component: Number(component),
    transport: String(transport),
    ip: String(ip),
    port: Number(port),
    priority: Number(priority),
  };
}

function readSection(media: MediaDescription): OfferedSection {
  const bundleOnly = (media as { bundleOnly?: unknown }).bundleOnly !== undefined;
  return {
    kind: String(media.type),
    protocol: String(media.protocol),
    formats: String(media.payloads ?? ''),
    mid: media.mid === undefined ? undefined : String(media.mid),
    direction: media.direction ?? 'sendrecv',
    offered: media.port !== 0 || bundleOnly,
    rtcpMux: media.rtcpMux !== undefined,
    reducedSize: media.rtcpRsize !== undefined,
    codecs: PROTOCOLS.has(media.protocol) ? readCodecs(media) : [],
    extensions: new Map((media.ext ?? []).map((ext) => [String(ext.uri), Number(ext.value)])),
  };
}

function checkMids(sections: OfferedSection[]): void {
  const seen = new Set<string>();
  for (const { mid } of sections) {
    if (mid === undefined) continue;
    if (!TOKEN.test(mid)) throw malformed('an a=mid is not a token of at most 64 characters');
    if (seen.has(mid)) throw refused(`two media sections have the mid ${mid}`);
    seen.add(mid);
  }
}

function bundleOf(session: SessionDescription): string[] {
  const group = session.groups?.find((each) => each.type === 'BUNDLE');
  return group === undefined ? [] : String(group.mids).split(' ').filter(Boolean);
}

/** The sections that may describe the one transport: those given up by the offer do not. */
function transportSections(session: SessionDescription, sections: OfferedSection[]): MediaDescription[] {
  return session.media.filter((_, i) => sections[i]!.offered);
}

function readIce(session: SessionDescription, media: MediaDescription[]): IceCredentials {
  const source = media.find((each) => each.iceUfrag !== undefined) ?? session;
  if (source.iceUfrag === undefined || source.icePwd === undefined) {
    throw refused('the offer has no a=ice-ufrag and a=ice-pwd');
  }
  const ice = { ufrag: String(source.iceUfrag), password: String(source.icePwd) };
  if (!ICE_UFRAG.test(ice.ufrag) || !ICE_PASSWORD.test(ice.password)) {
    throw refused('a=ice-ufrag or a=ice-pwd has characters or a length that RFC 8839 does not allow');
  }
  return ice;
}

function readFingerprints(session: SessionDescription, media: MediaDescription[]): Fingerprint[] {
  const lines = [...media, session].flatMap((each) => (each.fingerprint ? [each.fingerprint] : []));
  if (lines.length === 0) throw refused('the offer has no a=fingerprint');
  const setup = media.find((each) => each.setup !== undefined)?.setup ?? session.setup;
  if (setup === 'active' || setup === 'holdconn') {
    throw refused(`a=setup:${setup} cannot be answered: offer actpass or passive, for we are DTLS client`);
  }
  const usable = lines
    .map((line) => ({ algorithm: String(line.type).toLowerCase(), value: String(line.hash).toUpperCase() }))
    .filter(({ algorithm, value }) => isDigest(algorithm, value));
  if (usable.length === 0) throw refused('a=fingerprint must be sha-256, sha-384 or sha-512');
  return usable.filter((line, i) => usable.findIndex((other) => other.value === line.value) === i);
}

function isDigest(algorithm: string, value: string): boolean {
  const bytes = digests[algorithm];
  return bytes !== undefined && FINGERPRINT.test(value) && value.length === bytes * 3 - 1;
}
