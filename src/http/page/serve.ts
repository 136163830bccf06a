/** Serves the single page: its files, and its index for `/`, `/r/:room` and `/watch/…`. */

import type { Context } from 'koa';
import { RostrumError } from '../../errors.ts';
import type { PageFile, PageFiles } from './files.ts';
import { pageHeaders } from './headers.ts';

/** Answers GET and HEAD on paths of the page; leaves everything else to the next. */
export function servePage(files: PageFiles) {
  return async (ctx: Context, next: () => Promise<void>): Promise<void> => {
    if (ctx.method !== 'GET' && ctx.method !== 'HEAD') return next();
    const isIndex = ctx.path === '/' || /^\/(r\/[^/]+|watch\/[^/]+(\/[^/]+)?)$/.test(ctx.path);
    const file = files.get(isIndex ? '/index.html' : ctx.path);
    if (file) return answer(ctx, file);
    if (isIndex) throw new RostrumError('not-found', 'the page has not been built; run npm run build');
    return next();
  };
}

function answer(ctx: Context, file: PageFile): void {
  ctx.status = 200;
  ctx.type = file.extension;
  ctx.set(pageHeaders);
  ctx.set('ETag', file.etag);
  ctx.set('Cache-Control', file.immutable ? 'public, max-age=31536000, immutable' : 'no-cache');
  ctx.vary('Accept-Encoding');
  if (ctx.fresh) {
    ctx.status = 304;
    return;
  }
  const gzip = file.gzip !== null && ctx.acceptsEncodings('gzip', 'identity') === 'gzip';
  if (gzip) ctx.set('Content-Encoding', 'gzip');
  ctx.body = gzip ? file.gzip : file.body;
}
