import { RostrumError } from '../../errors.ts';

export type PushType = 'rtmp' | 'srt' | 'whip';

/** A place to send a program to, as its URL says: checked in form, not yet looked up. */
export interface Target {
  type: PushType;
  scheme: 'rtmp' | 'rtmps' | 'srt' | 'http' | 'https';
  /** A name in ASCII, or an address without brackets. */
  host: string;
  port: number;
  /** With its slash. */
  path: string;
  /** Without its question mark. */
  query: string;
}

const schemes: Record<PushType, readonly Target['scheme'][]> = {
  rtmp: ['rtmp', 'rtmps'],
  srt: ['srt'],
  whip: ['http', 'https'],
};

const defaultPorts: Partial<Record<Target['scheme'], number>> = {
  rtmp: 1935,
  rtmps: 443,
  http: 80,
  https: 443,
};

const MAX_CHARS = 2048;
/** No user and no fragment. What other programs would take for a second address is in neither part. */
const FORM = /^([a-z]+):\/\/(\[[0-9a-f:.]+\]|[a-z0-9.-]+)(?::(\d{1,5}))?(\/[^?#]*)?(?:\?([^#]*))?$/i;
/** RFC 3986 without brackets. */
const CHARACTERS = /^[A-Za-z0-9\-._~%!$&'()*+,;=:@/?]*$/;
const CODED_CONTROL = /%(0|1)[0-9a-f]|%7f/i;
/** What an SRT caller may be told. `latency` is in microseconds, as ffmpeg has it. */
const SRT_OPTIONS = ['mode', 'streamid', 'passphrase', 'pbkeylen', 'latency'];

const refuse = (reason: string): never => {
  throw new RostrumError('url-refused', `url: ${reason}`);
};

/** @throws RostrumError url-refused, saying what is wrong with it */
export function parseTarget(type: PushType, url: string): Target {
  if (url.length > MAX_CHARS) refuse(`longer than ${MAX_CHARS} characters`);
  if (/[\s\p{Cc}]/u.test(url)) refuse('holds a space, a line break or a control character');
  const names = schemes[type].map((name) => `${name}://`).join(' or ');
  const given = /^([a-z][a-z0-9+.-]*):/i.exec(url)?.[1]?.toLowerCase();
  const scheme = schemes[type].find((name) => name === given) ?? refuse(`has to begin with ${names}`);
  const [, , host, port, path = '/', query = ''] = FORM.exec(url) ?? refuse(formProblem(url));
  if (!CHARACTERS.test(path + query)) refuse('holds a character that a URL may not have');
  if (CODED_CONTROL.test(path + query)) refuse('holds a coded control character');
  const target: Target = {
    ...{ type, scheme, path, query },
    host: plainHost(host!),
    port: port === undefined ? (defaultPorts[scheme] ?? refuse('needs a port')) : Number(port),
  };
  if (target.port < 1 || target.port > 65_535) refuse('its port is not from 1 to 65535');
  checkParts(target);
  return target;
}

function formProblem(url: string): string {
  if (/^[^/]*\/\/[^/?#]*@/.test(url)) return 'may not hold a user name or password';
  if (url.includes('#')) return 'may not hold a fragment';
  return 'is not scheme://host:port/path';
}

/** Numbers in any writing, such as `0x7f.1`, become the address they stand for. */
function plainHost(host: string): string {
  try {
    const { hostname } = new URL(`http://${host}/`);
    return hostname.replace(/^\[|\]$|\.$/g, '') || refuse('has no host');
  } catch {
    return refuse('its host is neither a name nor an address');
  }
}

function checkParts({ type, path, query }: Target): void {
  if (type === 'rtmp' && path.replace(/\//g, '') === '')
    refuse('an RTMP URL needs an application: rtmp://host/app/key');
  if (type !== 'srt') return;
  if (path !== '/') refuse('an SRT URL has no path: srt://host:port?streamid=…');
  const options = new URLSearchParams(query);
  const unknown = [...options.keys()].find((name) => !SRT_OPTIONS.includes(name));
  if (unknown !== undefined) refuse(`SRT takes ${SRT_OPTIONS.slice(1).join(', ')} and no other option`);
  if ((options.get('mode') ?? 'caller') !== 'caller') refuse('SRT outputs call: mode is caller');
  const number = (name: string) => /^\d{1,9}$/.test(options.get(name) ?? '0');
  if (!number('latency') || !number('pbkeylen')) refuse('SRT latency and pbkeylen are whole numbers');
}

/** `host:port`, for people. */
export const authority = ({ host, port }: Pick<Target, 'host' | 'port'>): string =>
  `${host.includes(':') ? `[${host}]` : host}:${port}`;

/** What may be shown of it: keys stand in the last part of a path, and in queries. */
export function shownUrl(target: Target): string {
  const { scheme, path, query, type } = target;
  const shownPath = type === 'whip' ? path : path.replace(/[^/]+\/?$/, path.length > 1 ? '…' : '');
  return `${scheme}://${authority(target)}${type === 'srt' ? '' : shownPath}${query === '' ? '' : '?…'}`;
}

/** Words of it that must not come up in errors and logs. */
export function secretsOf({ type, path, query }: Target): string[] {
  const key = type === 'whip' ? '' : (path.split('/').filter(Boolean).at(-1) ?? '');
  const values = [...new URLSearchParams(query).values()];
  return [query, key, ...values].filter((word) => word.length > 2);
}
