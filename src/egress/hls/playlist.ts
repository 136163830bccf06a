/** Playlists of HTTP Live Streaming (RFC 8216bis). */

import type { Rendition, Segment } from './rendition.ts';
import { SLOT_US } from './slots.ts';

/** Parts are told of this many segments back, and a player may be as near as three parts. */
const SEGMENTS_WITH_PARTS = 3;
const PARTS_BEHIND = 3;
const TARGET_S = SLOT_US / 1e6;

export interface MediaPlaylist {
  rendition: Rendition;
  /** Slots are counted from here. */
  firstSlot: number;
  /** Earlier streams under the same address. */
  discontinuities: number;
  /** The wall clock at a moment of the program, ms since 1970. */
  unixMs(ptsUs: number): number;
  /** The others, by the address of their playlist. */
  others: { uri: string; rendition: Rendition }[];
}

const seconds = (value: number): string => value.toFixed(5);

export function mediaPlaylist(list: MediaPlaylist): string {
  const { rendition, firstSlot, discontinuities, others } = list;
  const { partTargetS } = rendition.form;
  const complete = rendition.listed;
  const open = rendition.open;
  const first = complete[0] ?? open;
  const lines = [
    '#EXTM3U',
    '#EXT-X-VERSION:9',
    `#EXT-X-TARGETDURATION:${TARGET_S}`,
    `#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=${seconds(partTargetS * PARTS_BEHIND)}`,
    `#EXT-X-PART-INF:PART-TARGET=${seconds(partTargetS)}`,
    `#EXT-X-MEDIA-SEQUENCE:${(first?.slot ?? 0) + firstSlot}`,
    `#EXT-X-DISCONTINUITY-SEQUENCE:${discontinuities}`,
    '#EXT-X-INDEPENDENT-SEGMENTS',
    `#EXT-X-MAP:URI="${rendition.initName}"`,
  ];
  const withParts = complete.length - SEGMENTS_WITH_PARTS;
  complete.forEach((segment, index) => {
    lines.push(dateOf(segment, list));
    if (index >= withParts) lines.push(...partsOf(segment, partTargetS));
    lines.push(`#EXTINF:${seconds(segment.durationS)},`, segment.name);
  });
  if (open) {
    if (open.parts.length > 0) lines.push(dateOf(open, list));
    lines.push(...partsOf(open, partTargetS));
    lines.push(`#EXT-X-PRELOAD-HINT:TYPE=PART,URI="${rendition.nextPart}"`);
  }
  lines.push(...others.flatMap((other) => reportOf(other, firstSlot)));
  return `${lines.join('\n')}\n`;
}

const dateOf = ({ startUs }: Segment, { unixMs }: MediaPlaylist): string =>
  `#EXT-X-PROGRAM-DATE-TIME:${new Date(unixMs(startUs)).toISOString()}`;

/** None of a segment in which a picture had to be held longer than a part may last. */
function partsOf({ parts }: Segment, partTargetS: number): string[] {
  if (parts.some(({ durationS }) => durationS > partTargetS)) return [];
  return parts.map(
    ({ name, durationS, independent }) =>
      `#EXT-X-PART:DURATION=${seconds(durationS)},URI="${name}"${independent ? ',INDEPENDENT=YES' : ''}`,
  );
}

/** Spares a player that changes to another stream one round trip. */
function reportOf({ uri, rendition }: MediaPlaylist['others'][number], firstSlot: number): string[] {
  const open = rendition.open;
  if (!open) return [];
  const [slot, part] = open.parts.length > 0 ? [open.slot, open.parts.length - 1] : [open.slot - 1, null];
  const last = part === null ? '' : `,LAST-PART=${part}`;
  return [`#EXT-X-RENDITION-REPORT:URI="${uri}",LAST-MSN=${slot + firstSlot}${last}`];
}

export interface MasterPlaylist {
  width: number;
  height: number;
  fps: number;
  videoKbps: number;
  soundKbps: number;
  /** The profile and level of H.264 as in `avcC`, such as `42c01f`. */
  profile: string;
}

const AAC_LC = 'mp4a.40.2';
/** What a segment may have beyond its rate: the encoder's buffer holds a second of it. */
const PEAK = 1.5;
/** The sound encoder's own measure varies, and small parts have large heads. */
const SOUND_PEAK = 1.3;

/** One picture with its sound, and the sound alone. */
export function masterPlaylist(program: MasterPlaylist): string {
  const { width, height, fps, videoKbps, soundKbps, profile } = program;
  const rates = (kbps: number, peak: number) =>
    `BANDWIDTH=${Math.ceil(peak * 1000)},AVERAGE-BANDWIDTH=${kbps * 1000}`;
  const sound = soundKbps * SOUND_PEAK;
  return [
    '#EXTM3U',
    '#EXT-X-VERSION:9',
    '#EXT-X-INDEPENDENT-SEGMENTS',
    '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="sound",NAME="Program",DEFAULT=YES,AUTOSELECT=YES,CHANNELS="2",URI="sound.m3u8"',
    `#EXT-X-STREAM-INF:${rates(videoKbps + soundKbps, videoKbps * PEAK + sound)},CODECS="avc1.${profile},${AAC_LC}",` +
      `RESOLUTION=${width}x${height},FRAME-RATE=${fps.toFixed(3)},AUDIO="sound"`,
    'picture.m3u8',
    `#EXT-X-STREAM-INF:${rates(soundKbps, sound)},CODECS="${AAC_LC}",AUDIO="sound"`,
    'sound.m3u8',
    '',
  ].join('\n');
}
