/** STUN and TURN servers given to browsers, as an operator writes them down. */

import { z } from 'zod';
import type { Parser } from './parsers.ts';

const url = z.string().regex(/^(stun|stuns|turn|turns):[A-Za-z0-9.:[\]_-]+(\?transport=(udp|tcp))?$/);
const schema = z
  .array(
    z.strictObject({
      urls: z.union([url, z.array(url).min(1)]),
      username: z.string().max(512).optional(),
      credential: z.string().max(512).optional(),
    }),
  )
  .max(16);

export interface IceServer {
  urls: string | string[];
  username?: string;
  credential?: string;
}

export const iceServers: Parser<IceServer[]> = {
  allowed: 'JSON such as [{"urls":"turn:turn.example.org:3478"}], URLs of stun:, stuns:, turn: or turns:',
  parse: (text) => schema.parse(JSON.parse(text)),
};
