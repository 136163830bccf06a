/** `If-Match` (RFC 9110 13.1.1) as WHIP uses it: with the entity tag of the ICE session. */

import { RostrumError } from '../errors.ts';

/** @throws RostrumError precondition-required | precondition-failed */
export function requireMatch(ifMatch: string | undefined, current: string): void {
  if (!ifMatch) {
    throw new RostrumError(
      'precondition-required',
      'send If-Match with the ETag of the session, or * to restart ICE',
    );
  }
  const tags = ifMatch.split(',').map((tag) => tag.trim());
  // Comparison is strong: a weak tag never matches.
  if (tags.includes('*') || tags.includes(current)) return;
  throw new RostrumError(
    'precondition-failed',
    `If-Match names another ICE session; the current one is ${current}`,
  );
}
