/**
 * Links to recorded files for people: players and download managers send no headers of ours, so the
 * right to read one file for a while stands in the link itself.
 */

import { createHash, createHmac } from 'node:crypto';
import { RostrumError } from '../errors.ts';
import { sameSecret } from './bearer.ts';

export interface FileLinks {
  /** The path with the right to read it until it expires. */
  sign(path: string): string;
  /** @throws RostrumError unauthorized, with the reason */
  verify(path: string, query: string): void;
}

/** As long as somebody may need to watch or download a long recording. */
const LIFE_S = 6 * 3600;

/** @param now the wall clock in ms, for tests */
export function createFileLinks(secret: string, now: () => number = Date.now): FileLinks {
  const key = createHash('sha256').update(`rostrum file link\0${secret}`).digest();
  const signatureOf = (path: string, expires: string): string =>
    createHmac('sha256', key).update(`${expires}\0${path}`).digest('base64url');

  return {
    sign(path) {
      const expires = String(Math.floor(now() / 1000) + LIFE_S);
      return `${path}?expires=${expires}&signature=${signatureOf(path, expires)}`;
    },
    verify(path, query) {
      const given = new URLSearchParams(query);
      const expires = given.get('expires') ?? '';
      if (
        !/^\d{1,12}$/.test(expires) ||
        !sameSecret(given.get('signature') ?? '', signatureOf(path, expires))
      )
        throw new RostrumError('unauthorized', 'the link was not signed here; ask for the list again');
      if (Number(expires) * 1000 < now())
        throw new RostrumError('unauthorized', 'the link has expired; ask for the list again');
    },
  };
}
