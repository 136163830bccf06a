import { iceServersFromLink } from './linkHeader.ts';
import { Problem, readProblem, unreachable } from './problem.ts';

/** A WHIP or WHEP session on the server: what its `Location` stands for (RFC 9725). */
export interface MediaResource {
  readonly answer: string;
  /** The last part of its location. */
  readonly session: string;
  readonly iceServers: RTCIceServer[];
  /**
   * Restarts ICE with a fragment that has new credentials. Null when the server does not: it may not know
   * the session any more.
   */
  restart(fragment: string, signal: AbortSignal): Promise<string | null>;
  /** Sends candidates. False when the server takes none: then trickling is over. */
  trickle(fragment: string): Promise<boolean>;
  /** Leaves. Never fails: the session may be gone already, or the server. Legal twice. */
  delete(): void;
}

const ANSWER_TIMEOUT_MS = 10_000;
const FRAGMENT_TYPE = 'application/trickle-ice-sdpfrag';

/**
 * Posts an offer to an endpoint and returns the session it made. Who has changed their mind meanwhile
 * deletes that session: a request cut short could leave one behind that nobody knows of.
 * @throws Problem as the server words it, or `unreachable`, also when there is no answer in `limitMs`
 */
export async function postOffer(
  endpoint: string,
  token: string,
  offer: string,
  limitMs = ANSWER_TIMEOUT_MS,
): Promise<MediaResource> {
  const authorization = `Bearer ${token}`;
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), limitMs);
  try {
    const response = await request(endpoint, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/sdp' },
      body: offer,
      signal: controller.signal,
    });
    if (response.status !== 201) throw await readProblem(response);
    const location = response.headers.get('location');
    if (!location) {
      throw new Problem({ code: 'no-location', title: 'The server did not name the session it made' });
    }
    return sessionAt(new URL(location, response.url).href, authorization, response, await response.text());
  } finally {
    clearTimeout(timer);
  }
}

function sessionAt(url: string, authorization: string, response: Response, answer: string): MediaResource {
  let etag = response.headers.get('etag');
  let deleted = false;
  return {
    answer,
    session: new URL(url).pathname.split('/').at(-1)!,
    iceServers: iceServersFromLink(response.headers.get('link')),
    async restart(fragment, signal) {
      if (deleted) return null;
      // Whatever the session's state is (RFC 9725 section 4.3.3).
      const headers = { authorization, 'content-type': FRAGMENT_TYPE, 'if-match': '*' };
      const restarted = await request(url, { method: 'PATCH', headers, body: fragment, signal });
      if (restarted.status !== 200) return null;
      etag = restarted.headers.get('etag') ?? etag;
      return restarted.text();
    },
    async trickle(fragment) {
      if (deleted) return false;
      const headers: Record<string, string> = {
        authorization,
        'content-type': FRAGMENT_TYPE,
      };
      if (etag) headers['if-match'] = etag;
      const patched = await request(url, { method: 'PATCH', headers, body: fragment });
      etag = patched.headers.get('etag') ?? etag;
      return patched.ok;
    },
    delete() {
      if (deleted) return;
      deleted = true;
      // `keepalive` lets the request outlive a page that is being closed.
      fetch(url, { method: 'DELETE', headers: { authorization }, keepalive: true }).catch(() => {});
    },
  };
}

async function request(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch {
    throw unreachable();
  }
}
