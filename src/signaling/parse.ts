/** From bytes to a typed message or an error that is the sender's to read; never an exception. */

import { RostrumError } from '../errors.ts';
import { findingsOf } from '../schemas/findings.ts';
import { type ClientMessage, type ClientMessageType, clientMessages } from './messages.ts';

export type MessageId = string | number | null;

export type Parsed = { message: ClientMessage } | { re: MessageId; error: RostrumError };

export function parseMessage(text: string): Parsed {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { re: null, error: new RostrumError('malformed-json', 'the message is not JSON') };
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    return { re: null, error: new RostrumError('invalid-request', 'a message is an object with a type') };
  }
  const { id, type } = json as { id?: unknown; type?: unknown };
  const re =
    typeof id === 'string' && id.length <= 64 ? id : Number.isSafeInteger(id) ? (id as number) : null;
  if (!isKnown(type)) {
    const shown = typeof type === 'string' ? JSON.stringify(type.slice(0, 64)) : 'none';
    return { re, error: new RostrumError('invalid-request', `type: no message of type ${shown}`) };
  }
  const result = clientMessages[type].schema.safeParse(json);
  if (result.success) return { message: result.data };
  return { re, error: new RostrumError('invalid-request', findingsOf(result.error)) };
}

/** `Object.hasOwn`, because `__proto__` and `constructor` are names, too. */
const isKnown = (type: unknown): type is ClientMessageType =>
  typeof type === 'string' && Object.hasOwn(clientMessages, type);
