/** Reads playlists as a player does. */

export interface ReadSegment {
  uri: string;
  durationS: number;
  dateMs: number | null;
  parts: { uri: string; durationS: number; independent: boolean }[];
}

export interface ReadPlaylist {
  targetDurationS: number;
  partTargetS: number;
  mediaSequence: number;
  discontinuitySequence: number;
  init: string;
  segments: ReadSegment[];
  /** Of the segment that is being made. */
  openParts: ReadSegment['parts'];
  hint: string | null;
}

const numberOf = (text: string, tag: string): number =>
  Number(text.match(new RegExp(`${tag}:([\\d.]+)`))![1]);

export function readPlaylist(text: string): ReadPlaylist {
  const segments: ReadSegment[] = [];
  let parts: ReadSegment['parts'] = [];
  let [dateMs, durationS]: [number | null, number] = [null, 0];
  for (const line of text.split('\n')) {
    if (line.startsWith('#EXT-X-PROGRAM-DATE-TIME:')) dateMs = Date.parse(line.slice(25));
    else if (line.startsWith('#EXTINF:')) durationS = Number.parseFloat(line.slice(8));
    else if (line.startsWith('#EXT-X-PART:')) parts.push(readPart(line));
    else if (line !== '' && !line.startsWith('#')) {
      segments.push({ uri: line, durationS, dateMs, parts });
      [dateMs, parts] = [null, []];
    }
  }
  return {
    targetDurationS: numberOf(text, '#EXT-X-TARGETDURATION'),
    partTargetS: Number(text.match(/PART-TARGET=([\d.]+)/)![1]),
    mediaSequence: numberOf(text, '#EXT-X-MEDIA-SEQUENCE'),
    discontinuitySequence: numberOf(text, '#EXT-X-DISCONTINUITY-SEQUENCE'),
    init: text.match(/#EXT-X-MAP:URI="([^"]+)"/)![1]!,
    segments,
    openParts: parts,
    hint: text.match(/#EXT-X-PRELOAD-HINT:TYPE=PART,URI="([^"]+)"/)?.[1] ?? null,
  };
}

function readPart(line: string): ReadSegment['parts'][number] {
  const [, duration, uri] = line.match(/DURATION=([\d.]+),URI="([^"]+)"/)!;
  return { uri: uri!, durationS: Number(duration), independent: line.includes('INDEPENDENT=YES') };
}

/** The variants with their attributes and addresses. */
export function readMaster(text: string): Record<string, string>[] {
  return [...text.matchAll(/#EXT-X-STREAM-INF:(.*)\n(.*)/g)].map(([, attributes, uri]) => ({
    ...Object.fromEntries(
      [...attributes!.matchAll(/([A-Z-]+)=(?:"([^"]*)"|([^,]*))/g)].map(([, name, quoted, bare]) => [
        name!,
        quoted ?? bare ?? '',
      ]),
    ),
    uri: uri!,
  }));
}
