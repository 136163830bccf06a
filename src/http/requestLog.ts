/** One log line and one count per request. The query is left out: it is where secrets get lost. */

import { randomBytes } from 'node:crypto';
import type { Context } from 'koa';
import type { Logger } from '../log.ts';
import type { Counts } from './metrics/counts.ts';

const MAX_PATH_CHARS = 200;

/** Looked at every few seconds by machines; not worth a line each. */
const quiet = new Set(['/healthz', '/readyz', '/metrics']);

export function requestLog(log: Logger, counts: Counts) {
  return async (ctx: Context, next: () => Promise<void>): Promise<void> => {
    const startedMs = performance.now();
    ctx.state.request = randomBytes(6).toString('hex');
    await next();
    counts.request(ctx.method, ctx.status);
    const line = {
      request: ctx.state.request,
      method: ctx.method,
      path: shownPath(ctx.path),
      status: ctx.status,
      ms: Math.round((performance.now() - startedMs) * 10) / 10,
    };
    if (quiet.has(ctx.path) || ctx.path.startsWith('/hls/')) log.debug(line, 'request');
    else log.info(line, 'request');
  };
}

/** The path of an HLS stream may hold the secret that opens it. */
const shownPath = (path: string): string =>
  path.replace(/^(\/(?:hls\/[^/]*\/(?=.*\/)|watch\/[^/]*\/))[^/]+/, '$1…').slice(0, MAX_PATH_CHARS);
