/** A candidate as the browser gathers it. */
export interface GatheredCandidate {
  candidate: string;
  sdpMid: string | null;
}

/**
 * The body of a trickle PATCH (RFC 8840, RFC 9725 section 4.3.1): credentials, then each gathered
 * candidate under its media section.
 * @param localSdp the local description the candidates belong to
 * @param end true adds end-of-candidates
 */
export function buildFragment(localSdp: string, candidates: GatheredCandidate[], end: boolean): string {
  const lines = [first(localSdp, /^a=ice-ufrag:.*$/m), first(localSdp, /^a=ice-pwd:.*$/m)];
  const group = first(localSdp, /^a=group:BUNDLE.*$/m);
  if (group) lines.unshift(group);
  const sections = mediaSections(localSdp);
  const used = sections.filter(({ mid }) => candidates.some((each) => each.sdpMid === mid));
  // With nothing gathered, end-of-candidates still needs a section to stand in: the bundle's first.
  for (const { mid, media } of used.length > 0 ? used : sections.slice(0, 1)) {
    lines.push(media, `a=mid:${mid}`);
    for (const each of candidates) if (each.sdpMid === mid) lines.push(`a=${each.candidate}`);
    if (end) lines.push('a=end-of-candidates');
  }
  return `${lines.filter((line) => line !== '').join('\r\n')}\r\n`;
}

function mediaSections(sdp: string): { mid: string; media: string }[] {
  return sdp
    .split(/^(?=m=)/m)
    .slice(1)
    .map((section) => ({
      media: first(section, /^m=.*$/m),
      mid: first(section, /^a=mid:.*$/m).slice('a=mid:'.length),
    }));
}

function first(text: string, pattern: RegExp): string {
  return (pattern.exec(text)?.[0] ?? '').trim();
}
