/** A whole server on a free port of this machine, with rooms that need no media. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTokens } from '../../../src/access/tokens.ts';
import { loadConfig } from '../../../src/config/load.ts';
import type { Role } from '../../../src/live/contract.ts';
import { createLog } from '../../../src/log.ts';
import { createServer, type ServerParts } from '../../../src/server.ts';
import { createMemoryRooms } from './memoryRooms.ts';

export const API_KEY = 'a-test-api-key';
export const SECRET = 'a-test-secret-of-some-length';

export async function startTestServer(env: Record<string, string> = {}, parts: ServerParts = {}) {
  const data = mkdtempSync(join(tmpdir(), 'rostrum-http-'));
  const rooms = createMemoryRooms();
  const logged: string[] = [];
  const config = loadConfig([], {
    ROSTRUM_PORT: '0',
    ROSTRUM_HOST: '127.0.0.1',
    ROSTRUM_API_KEY: API_KEY,
    ROSTRUM_SECRET: SECRET,
    ROSTRUM_DATA: data,
    ...env,
  });
  const log = createLog({ level: 'trace', destination: { write: (line) => void logged.push(line) } });
  const server = await createServer(config, { log, rooms, ...parts });
  const { port } = await server.listen();
  const base = `http://127.0.0.1:${port}`;
  const tokens = createTokens(SECRET);

  return {
    base,
    port,
    rooms,
    server,
    data,
    logged,
    tokens,
    token: (role: Role, room = 'demo', ttlS = 60) => tokens.issue({ room, role, name: 'Ada', ttlS }),
    /** With the API key, unless the headers say something else. */
    api: (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
      fetch(base + path, {
        method,
        headers: {
          authorization: `Bearer ${API_KEY}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        body: body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body),
      }),
    async stop() {
      await server.close();
      rmSync(data, { recursive: true, force: true });
    },
  };
}

export type TestServer = Awaited<ReturnType<typeof startTestServer>>;
