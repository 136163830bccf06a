/** SDP of an ICE restart over HTTP (RFC 9725 section 4.3.3), as the page sees it. */

/** The first part of a restart's PATCH: the new credentials of a local description, without candidates. */
export function restartFragment(localSdp: string): string {
  const of = (name: string) => new RegExp(`^a=${name}:.*$`, 'm').exec(localSdp)?.[0].trim() ?? '';
  return `${of('ice-ufrag')}\r\n${of('ice-pwd')}\r\n`;
}

/**
 * The answer of before, with the credentials and candidates of the server's fragment.
 * Null when the fragment has no credentials: then nothing was restarted.
 */
export function restartedAnswer(answer: string, fragment: string): string | null {
  const lines = fragment.split(/\r?\n/);
  const find = (name: string) => lines.find((line) => line.startsWith(`a=${name}:`));
  const [ufrag, password] = [find('ice-ufrag'), find('ice-pwd')];
  if (!ufrag || !password) return null;
  const candidates = lines.filter((line) => line.startsWith('a=candidate:'));
  let placed = false;
  const restarted = answer.split('\r\n').flatMap((line) => {
    if (line.startsWith('a=candidate:') && candidates.length > 0) return [];
    if (line.startsWith('a=ice-ufrag:')) return [ufrag];
    if (!line.startsWith('a=ice-pwd:')) return [line];
    // The transport of a bundle is that of its first section.
    const here = placed ? [] : candidates;
    placed = true;
    return [password, ...here];
  });
  return restarted.join('\r\n');
}
