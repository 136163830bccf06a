/** WHIP, WHEP and HLS are for pages of any origin: their right is the token or the path, never a cookie. */

import type { Context } from 'koa';

const headers = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Allow-Methods': 'GET, HEAD, POST, PATCH, DELETE, OPTIONS',
  'Access-Control-Allow-Headers': 'Authorization, Content-Type, If-Match',
  'Access-Control-Expose-Headers': 'Location, ETag, Link, Accept-Patch, Accept-Post, Retry-After',
  'Access-Control-Max-Age': '86400',
};

export async function cors(ctx: Context, next: () => Promise<void>): Promise<void> {
  if (/^\/(whip|whep|hls)\//.test(ctx.path)) {
    ctx.set(headers);
    // Other origins may read answers; helmets that forbid it are for the page alone.
    ctx.set('Cross-Origin-Resource-Policy', 'cross-origin');
  }
  await next();
}
