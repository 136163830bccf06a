/**
 * ICE servers from `Link` headers, `<turn:host>; rel="ice-server"; username="…"; credential="…"`
 * (RFC 9725 section 4.6).
 */
export function iceServersFromLink(header: string | null): RTCIceServer[] {
  const servers: RTCIceServer[] = [];
  for (const [, urls, rest] of (header ?? '').matchAll(/<([^>]*)>((?:[^,"]|"(?:[^"\\]|\\.)*")*)/g)) {
    const parameters = new Map<string, string>();
    for (const [, name, quoted, plain] of rest!.matchAll(
      /;\s*([\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;,"]+))/g,
    )) {
      parameters.set(name!.toLowerCase(), quoted?.replace(/\\(.)/g, '$1') ?? plain!);
    }
    if (parameters.get('rel') !== 'ice-server' || !/^(stun|turn)s?:/i.test(urls!)) continue;
    const username = parameters.get('username');
    const credential = parameters.get('credential');
    servers.push({
      urls: urls!,
      ...(username !== undefined && { username }),
      ...(credential !== undefined && { credential }),
    });
  }
  return servers;
}
