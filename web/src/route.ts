/** Where the address bar points. A join link is `/r/<room>#<token>`; the fragment never reaches a server. */
export type Route =
  | { page: 'landing' }
  | { page: 'room'; room: string; token: string | null }
  /** The program over HLS, from this playlist. */
  | { page: 'hls'; playlist: string };

/** @param pathname of a URL, percent-encoded; @param hash with or without its `#`. */
export function parseRoute(pathname: string, hash: string): Route {
  const folder = /^\/watch\/([^/]+(?:\/[^/]+)?)\/?$/.exec(pathname)?.[1];
  if (folder) return { page: 'hls', playlist: `/hls/${folder}/index.m3u8` };
  const match = /^\/r\/([^/]+)\/?$/.exec(pathname);
  if (!match) return { page: 'landing' };
  const token = hash.replace(/^#/, '').trim();
  return { page: 'room', room: decode(match[1]!), token: token === '' ? null : token };
}

/** The page that plays a playlist of this server. */
export const watchPath = (playlist: string): string =>
  playlist.replace(/^\/hls\/(.*)\/index\.m3u8$/, '/watch/$1');

/** The path of a pasted join link, or null when it is none. Only the path and the token are taken from it. */
export function pathOfLink(text: string): string | null {
  try {
    const url = new URL(text.trim(), 'http://link.invalid');
    const route = parseRoute(url.pathname, url.hash);
    return route.page === 'room' && route.token ? `${url.pathname}${url.hash}` : null;
  } catch {
    return null;
  }
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
