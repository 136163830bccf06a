/** Who gets past a route's door. Join tokens are looked at by the routes: the order of checks is theirs. */

import type { Context } from 'koa';
import { bearerToken, sameSecret } from '../access/bearer.ts';
import type { FileLinks } from '../access/fileLinks.ts';
import { RostrumError } from '../errors.ts';
import type { Access } from './route.ts';

type Gate = (ctx: Context, next: () => Promise<void>) => Promise<void>;

export function createGates(apiKey: string, fileLinks: FileLinks): Record<Access, Gate> {
  const pass: Gate = (_ctx, next) => next();
  const requireKey = (ctx: Context): void => {
    const key = bearerToken(ctx.req.headers.authorization);
    if (key === null)
      throw new RostrumError('unauthorized', 'send the API key as Authorization: Bearer <key>');
    if (!sameSecret(key, apiKey))
      throw new RostrumError(
        'unauthorized',
        'the API key is not that of this server (ROSTRUM_API_KEY, or secrets.json in its data folder)',
      );
  };
  return {
    open: pass,
    'join-token': pass,
    async 'api-key'(ctx, next) {
      requireKey(ctx);
      await next();
    },
    async 'file-link'(ctx, next) {
      if (ctx.query.signature === undefined) requireKey(ctx);
      else fileLinks.verify(ctx.path, ctx.querystring);
      await next();
    },
  };
}
