/** The codecs of an offered section, and which of them we answer with. */

import type { MediaDescription } from 'sdp-transform';
import type { SpeakerCodec } from '../../../mixer/protocol/control.ts';

export interface OfferedCodec {
  payloadType: number;
  codec: SpeakerCodec | 'opus';
  clockRate: number;
  /** Format parameters by lower-case name. */
  parameters: Map<string, string>;
  /** `nack`, `nack pli`, `ccm fir`, `goog-remb`, `transport-cc` as far as offered. */
  feedback: Set<string>;
  /** Payload type of its retransmissions (RFC 4588). */
  rtx: number | undefined;
}

const MAX_PAYLOADS = 128;

/** Everything offered that we know, in the offer's order. */
export function readCodecs(media: MediaDescription): OfferedCodec[] {
  const order = String(media.payloads ?? '')
    .split(' ')
    .slice(0, MAX_PAYLOADS)
    .map(Number);
  const codecs: OfferedCodec[] = [];
  const rtx = rtxTypes(media);
  for (const payloadType of order) {
    if (!Number.isInteger(payloadType) || payloadType < 0 || payloadType > 127) continue;
    const map = media.rtp.find((each) => Number(each.payload) === payloadType);
    const codec =
      map === undefined
        ? undefined
        : codecNamed(media.type, map.codec, Number(map.rate), Number(map.encoding ?? 1));
    if (codec === undefined || codecs.some((each) => each.payloadType === payloadType)) continue;
    codecs.push({
      payloadType,
      codec,
      clockRate: codec === 'opus' ? 48_000 : 90_000,
      parameters: parametersOf(media, payloadType),
      feedback: feedbackOf(media, payloadType),
      rtx: rtx.get(String(payloadType)),
    });
  }
  return codecs;
}

/** Opus is `opus/48000/2` whatever it carries (RFC 7587 7); FFmpeg writes its mono as /1. */
function codecNamed(
  kind: string,
  name: string,
  rate: number,
  channels: number,
): OfferedCodec['codec'] | undefined {
  const lower = String(name).toLowerCase();
  if (kind === 'audio') return lower === 'opus' && rate === 48_000 && channels <= 2 ? 'opus' : undefined;
  if (kind !== 'video' || rate !== 90_000) return undefined;
  return isSpeakerCodec(lower) ? lower : undefined;
}

const speakerCodecs: readonly string[] = ['vp8', 'h264', 'vp9', 'av1'] satisfies SpeakerCodec[];
const isSpeakerCodec = (name: string): name is SpeakerCodec => speakerCodecs.includes(name);

function parametersOf(media: MediaDescription, payloadType: number): Map<string, string> {
  const parameters = new Map<string, string>();
  for (const line of media.fmtp) {
    if (Number(line.payload) !== payloadType) continue;
    for (const part of String(line.config).split(';')) {
      const [name, value] = part.split('=', 2) as [string, string | undefined];
      if (name.trim() !== '') parameters.set(name.trim().toLowerCase(), (value ?? '').trim());
    }
  }
  return parameters;
}

function feedbackOf(media: MediaDescription, payloadType: number): Set<string> {
  return new Set(
    (media.rtcpFb ?? [])
      .filter((line) => String(line.payload) === '*' || Number(line.payload) === payloadType)
      .map((line) => (line.subtype === undefined ? String(line.type) : `${line.type} ${line.subtype}`)),
  );
}

/**
 * Payload types of retransmissions, by the type of what they repeat. Each is looked at once: an offer may
 * have a thousand lines about the same.
 */
function rtxTypes(media: MediaDescription): Map<string, number> {
  const named = media.rtp.filter(({ codec }) => String(codec).toLowerCase() === 'rtx');
  const byRepeated = new Map<string, number>();
  for (const type of new Set(named.map(({ payload }) => Number(payload)))) {
    if (!Number.isInteger(type) || type < 0 || type > 127) continue;
    const repeated = parametersOf(media, type).get('apt');
    if (repeated === undefined || repeated === String(type) || byRepeated.has(repeated)) continue;
    byRepeated.set(repeated, type);
  }
  return byRepeated;
}

/** Baseline (constrained or not), main and high; other profiles no browser sends. */
const PROFILES = new Set(['42', '4d', '64']);
const PROFILE_LEVEL_ID = /^[0-9a-f]{6}$/i;
/** Baseline level 3.1: what an offer without the parameter is taken to mean in this field. */
const DEFAULT_PROFILE = '42001f';

export function profileLevelId(codec: OfferedCodec): string {
  return (codec.parameters.get('profile-level-id') ?? DEFAULT_PROFILE).toLowerCase();
}

export function packetizationMode(codec: OfferedCodec): string {
  return codec.parameters.get('packetization-mode') || '0';
}

/** Profile 0 is 4:2:0 with 8 bits, in VP9 (RFC 9628 6) and in AV1 (its RTP payload format, 7.2). */
export function isMainProfile(codec: OfferedCodec): boolean {
  const name = codec.codec === 'vp9' ? 'profile-id' : 'profile';
  return (codec.parameters.get(name) || '0') === '0';
}

function isUsable(codec: OfferedCodec): boolean {
  if (codec.codec === 'vp9' || codec.codec === 'av1') return isMainProfile(codec);
  if (codec.codec !== 'h264') return true;
  const profile = profileLevelId(codec);
  const mode = packetizationMode(codec);
  return (
    PROFILE_LEVEL_ID.test(profile) && PROFILES.has(profile.slice(0, 2)) && (mode === '0' || mode === '1')
  );
}

/** Codecs that viewers can be sent as they come, too; the others are for speakers who have no other. */
const isCommon = ({ codec }: OfferedCodec): boolean => codec !== 'vp9' && codec !== 'av1';

/** The speaker's preference decides between codecs; of H.264 variants, packetization mode 1 is better. */
export function chooseToReceive(codecs: OfferedCodec[]): OfferedCodec | undefined {
  const usable = codecs.filter(isUsable);
  const first = usable.find(isCommon) ?? usable[0];
  if (first?.codec !== 'h264') return first;
  return (
    codecs.find((each) => each.codec === 'h264' && isUsable(each) && packetizationMode(each) === '1') ?? first
  );
}

/**
 * The first codec of `prefer` that the section contains anywhere. Of H.264 variants one with
 * packetization mode 1 (our packets need it), constrained baseline before the others.
 */
export function chooseToSend(codecs: OfferedCodec[], prefer: readonly string[]): OfferedCodec | undefined {
  for (const wanted of prefer) {
    const offered = codecs.filter((each) => each.codec === wanted && isUsable(each));
    if (wanted !== 'h264') {
      if (offered[0] !== undefined) return offered[0];
      continue;
    }
    const sendable = offered.filter((each) => packetizationMode(each) === '1');
    const best = sendable.find(isConstrainedBaseline) ?? sendable[0];
    if (best !== undefined) return best;
  }
  return undefined;
}

/** 42e0xx, or 42 with constraint_set1 (RFC 6184 8.1). */
function isConstrainedBaseline(codec: OfferedCodec): boolean {
  const profile = profileLevelId(codec);
  return profile.startsWith('42') && (Number.parseInt(profile.slice(2, 4), 16) & 0x40) !== 0;
}
