/**
 * The log: one line per event, on standard error, so that standard output stays for the links. JSON
 * for machines; on a terminal, a short line for people. Tokens, keys and SDP never get in.
 */

import { type DestinationStream, type Logger, pino } from 'pino';
import { readableLine } from './logLine.ts';

export type { Logger };

export interface LogOptions {
  level: string;
  /** A person reads along. */
  terminal?: boolean;
  destination?: DestinationStream;
}

const secretNames = ['authorization', 'token', 'apiKey', 'secret', 'credential', 'password'];
const sdpNames = ['sdp', 'offer', 'answer', 'fragment'];

/** Each name at the top and one level down; fast-redact has no deeper wildcard. */
const paths = [...secretNames, ...sdpNames].flatMap((name) => [name, `*.${name}`]);

export function createLog({ level, terminal = false, destination }: LogOptions): Logger {
  const options = { level, base: undefined, redact: { paths, censor: '[hidden]' } };
  if (destination) return pino(options, destination);
  if (!terminal) return pino(options, pino.destination({ fd: 2, sync: false }));
  return pino(options, { write: (line: string) => process.stderr.write(readableLine(line)) });
}
