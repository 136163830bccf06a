/** How the text of a setting becomes its value. Each parser says in words what it allows. */

import { isIP, isIPv4 } from 'node:net';

export interface Parser<T> {
  /** What is allowed, as a user reads it. */
  readonly allowed: string;
  /** @throws Error when the text is not allowed. */
  parse(text: string): T;
}

const refuse = (): never => {
  throw new Error('not allowed');
};

export function integer(min: number, max: number): Parser<number> {
  return {
    allowed: `a whole number, ${min} to ${max}`,
    parse(text) {
      if (!/^-?\d{1,15}$/.test(text)) refuse();
      const value = Number(text);
      return value >= min && value <= max ? value : refuse();
    },
  };
}

export function oneOf<const T extends string>(...values: T[]): Parser<T> {
  return {
    allowed: values.join(', '),
    parse: (text) => values.find((value) => value === text) ?? refuse(),
  };
}

export const onOff: Parser<boolean> = {
  allowed: 'on, off',
  parse(text) {
    if (/^(on|true|yes|1)$/i.test(text)) return true;
    return /^(off|false|no|0)$/i.test(text) ? false : refuse();
  },
};

export function text(minLength: number, maxLength: number): Parser<string> {
  return {
    allowed: `${minLength} to ${maxLength} characters`,
    parse: (value) => (value.length >= minLength && value.length <= maxLength ? value : refuse()),
  };
}

/** A host name or an address to listen on. */
export const host: Parser<string> = {
  allowed: 'an address of this machine, or a name that stands for one',
  parse: (value) => (/^[A-Za-z0-9.:_-]{1,255}$/.test(value) ? value : refuse()),
};

export const ipv4: Parser<string> = {
  allowed: 'an IPv4 address',
  parse: (value) => (isIPv4(value) ? value : refuse()),
};

/** An http(s) URL without query and fragment; a slash at its end is dropped. */
export const baseUrl: Parser<string> = {
  allowed: 'an http:// or https:// URL without query or fragment',
  parse(value) {
    const url = new URL(value);
    if (!/^https?:$/.test(url.protocol) || url.search || url.hash || url.username) refuse();
    return (url.origin + url.pathname).replace(/\/+$/, '');
  },
};

/** What browsers send as `Origin`. */
export const origin: Parser<string> = {
  allowed: 'an origin such as https://example.org',
  parse(value) {
    const url = new URL(value);
    return /^https?:$/.test(url.protocol) && url.pathname === '/' && !url.search ? url.origin : refuse();
  },
};

/** Two ports joined by a hyphen, both inclusive. */
export const portRange: Parser<[number, number]> = {
  allowed: 'two ports such as 40000-49999, 1024 to 65535, the second not below the first',
  parse(value) {
    const [, first, last] = /^(\d{1,5})-(\d{1,5})$/.exec(value) ?? [];
    const range: [number, number] = [Number(first), Number(last)];
    return range[0] >= 1024 && range[1] <= 65535 && range[0] <= range[1] ? range : refuse();
  },
};

/** Hosts inside our own network: all, none, or those named. */
export const privateHosts: Parser<'on' | 'off' | string[]> = {
  allowed: 'on, off, or host names, addresses and ranges such as 10.1.0.0/16 with commas between them',
  parse(value) {
    if (value === 'on' || value === 'off') return value;
    const hosts = value.split(',').map((part) => part.trim());
    return hosts.every(isHostOrRange) ? hosts : refuse();
  },
};

/** Height and bit rate of a smaller size of the program. */
export const ladderStep: Parser<{ height: number; kbps: number }> = {
  allowed: 'an even height from 90 to 2160, a colon and 30 to 50000 kbit/s, such as 360:600',
  parse(value) {
    const [, height, kbps] = (/^(\d{1,4}):(\d{1,5})$/.exec(value) ?? refuse()).map(Number) as number[];
    const fits = height! % 2 === 0 && height! >= 90 && height! <= 2160 && kbps! >= 30 && kbps! <= 50_000;
    return fits ? { height: height!, kbps: kbps! } : refuse();
  },
};

function isHostOrRange(text: string): boolean {
  const [base = '', bits, ...rest] = text.split('/');
  if (rest.length > 0) return false;
  if (bits === undefined)
    return isIP(base) !== 0 || /^[A-Za-z0-9]([A-Za-z0-9.-]{0,252}[A-Za-z0-9])?$/.test(base);
  return isIP(base) !== 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= (isIPv4(base) ? 32 : 128);
}

/** Values with commas between them; a flag may also be given several times. */
export function listOf<T>(one: Parser<T>): Parser<T[]> {
  return {
    allowed: `${one.allowed}; several with commas between them`,
    parse(value) {
      const parts = value.split(',').map((part) => part.trim());
      return parts.filter((part) => part !== '').map((part) => one.parse(part));
    },
  };
}
