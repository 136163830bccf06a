/** Where the address bar points. A join link is `/r/<room>#<token>`; the fragment never reaches a server. */
export type Route = { page: 'landing' } | { page: 'room'; room: string; token: string | null };

/** @param pathname of a URL, percent-encoded; @param hash with or without its `#`. */
export function parseRoute(pathname: string, hash: string): Route {
  const match = /^\/r\/([^/]+)\/?$/.exec(pathname);
  if (!match) return { page: 'landing' };
  const token = hash.replace(/^#/, '').trim();
  return { page: 'room', room: decode(match[1]!), token: token === '' ? null : token };
}

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
