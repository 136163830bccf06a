import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { checkedAddress, isAllowed, type PrivateHosts } from './addresses.ts';
import { targetReason } from './relay.ts';

export interface WhipRelayParts {
  /** The endpoint. */
  url: URL;
  token: string | null;
  privateHosts: PrivateHosts;
}

interface Reply {
  status: number;
  location: string | undefined;
  body: Buffer;
}

const ANSWER_MS = 10_000;
const MAX_BYTES = 64 * 1024;
const MAX_REDIRECTIONS = 3;
const REDIRECTIONS = [301, 302, 307, 308];

/**
 * The HTTP side of a WHIP push (RFC 9725), for one child of ours on a loopback port: it knows no token
 * and no certificate, and where a target leads us to is checked like the target itself.
 */
export class WhipRelay {
  readonly url: string;
  readonly #parts: WhipRelayParts;
  readonly #server = createServer((request, response) => void this.#answer(request, response));
  readonly #path: string;
  /** The session at the target, once there is one. */
  #resource: URL | undefined;
  #problem: string | null = null;

  static async open(parts: WhipRelayParts): Promise<WhipRelay> {
    const relay = new WhipRelay(parts, randomBytes(12).toString('base64url'));
    return relay.#listen();
  }

  private constructor(parts: WhipRelayParts, secret: string) {
    this.#parts = parts;
    this.#path = `/${secret}`;
    this.url = '';
  }

  async #listen(): Promise<WhipRelay> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    const { port } = this.#server.address() as { port: number };
    (this as { url: string }).url = `http://127.0.0.1:${port}${this.#path}`;
    return this;
  }

  /** What went wrong with the target, or null. */
  get problem(): string | null {
    return this.#problem;
  }

  /** Ends the session at the target, should the child not have done so. */
  async close(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    const resource = this.#resource;
    this.#resource = undefined;
    if (resource) await this.#ask('DELETE', resource, null).catch(() => {});
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      if (request.url === this.#path && request.method === 'POST') await this.#begin(request, response);
      else if (request.url === `${this.#path}/session` && request.method === 'DELETE') {
        const resource = this.#resource;
        this.#resource = undefined;
        if (resource) await this.#ask('DELETE', resource, null);
        response.writeHead(200).end();
      } else response.writeHead(404).end();
    } catch (error) {
      this.#problem ??= error instanceof Error ? error.message : String(error);
      if (!response.headersSent) response.writeHead(502);
      response.end();
    }
  }

  async #begin(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const offer = await readAll(request);
    const { reply, from } = await this.#post(offer);
    if (reply.status !== 201) throw new Error(refusal(reply.status));
    if (reply.location !== undefined) this.#resource = new URL(reply.location, from);
    const answer = this.#checked(reply.body.toString('utf8'));
    response.writeHead(201, { 'Content-Type': 'application/sdp', Location: `${this.url}/session` });
    response.end(answer);
  }

  /** Follows redirections, each checked as if it had been asked for. */
  async #post(offer: Buffer): Promise<{ reply: Reply; from: URL }> {
    let url = this.#parts.url;
    for (let count = 0; count <= MAX_REDIRECTIONS; count++) {
      const reply = await this.#ask('POST', url, offer);
      if (!REDIRECTIONS.includes(reply.status) || reply.location === undefined) return { reply, from: url };
      url = new URL(reply.location, url);
      if (!/^https?:$/.test(url.protocol)) throw new Error('the target leads to something that is not HTTP');
    }
    throw new Error('the target leads from one address to the next without end');
  }

  async #ask(method: 'POST' | 'DELETE', url: URL, body: Buffer | null): Promise<Reply> {
    const { token, privateHosts } = this.#parts;
    const host = url.hostname.replace(/^\[|\]$/g, '');
    const address = await checkedAddress(host, privateHosts).catch((error) => {
      throw new Error(error.detail ?? error.message);
    });
    const sameHost = url.origin === this.#parts.url.origin;
    const headers = {
      'Content-Type': 'application/sdp',
      'User-Agent': 'Rostrum',
      // A token is for those it was given for.
      ...(token !== null && sameHost ? { Authorization: `Bearer ${token}` } : {}),
    };
    return send(url, { method, headers, lookup: fixedLookup(address) }, body);
  }

  /** Leaves out candidates that lead into networks we may not send to (RFC 8839 5.1). */
  #checked(answer: string): string {
    const { privateHosts, url } = this.#parts;
    const lines = answer.split(/\r?\n/);
    const kept = lines.filter((line) => {
      const address = /^a=candidate:\S+ \d+ \S+ \d+ (\S+) /.exec(line)?.[1];
      if (address === undefined) return true;
      return isIP(address) !== 0 && isAllowed(url.hostname, address, privateHosts);
    });
    const isCandidate = (line: string) => line.startsWith('a=candidate:');
    if (lines.some(isCandidate) && !kept.some(isCandidate))
      throw new Error('the target takes media only in a private network');
    return kept.join('\r\n');
  }
}

/** A name stands for the address that was checked, whatever is asked. */
const fixedLookup =
  (address: string): LookupFunction =>
  (_name, options, callback) => {
    const family = isIP(address);
    if (options.all) callback(null, [{ address, family }]);
    else callback(null, address, family);
  };

interface Asked {
  method: string;
  headers: Record<string, string>;
  lookup: LookupFunction;
}

function send(url: URL, asked: Asked, body: Buffer | null): Promise<Reply> {
  const start = url.protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const request = start(url, { ...asked, agent: false, timeout: ANSWER_MS }, (response) => {
      readAll(response).then((bytes) => {
        const { statusCode = 0, headers } = response;
        resolve({ status: statusCode, location: headers.location, body: bytes });
      }, reject);
    });
    request.on('timeout', () => request.destroy(new Error('the target does not answer')));
    request.on('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === undefined ? error : new Error(targetReason(error))),
    );
    request.end(body ?? undefined);
  });
}

async function readAll(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_BYTES) throw new Error('the target answers with more than an SDP');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function refusal(status: number): string {
  if (status === 401 || status === 403) return `the target refuses the token (${status})`;
  if (status === 404) return 'the target knows no such WHIP endpoint (404)';
  if (status >= 500) return `the target has a problem of its own (${status})`;
  return `the target refuses the stream (${status})`;
}
