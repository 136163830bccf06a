/**
 * How long a client may take to send a body. Node's own limit is one for all requests, and uploads of
 * films must have a long one.
 */

import type { Context } from 'koa';

/** Of every body but an upload, ms. */
const BODY_MS = 30_000;
/** An upload that stands still this long is cut off, ms. */
const STALLED_MS = 30_000;

const timers = new WeakMap<object, NodeJS.Timeout>();

export async function bodyDeadline(ctx: Context, next: () => Promise<void>): Promise<void> {
  const { req } = ctx;
  const timer = setTimeout(() => {
    if (!req.complete) req.socket.destroy();
  }, BODY_MS).unref();
  timers.set(req, timer);
  req.once('end', () => clearTimeout(timer));
  req.once('close', () => clearTimeout(timer));
  await next();
}

/** This request sends a file: it may take as long as it goes on. Returns the end of that. */
export function allowLongBody({ req }: Context): () => void {
  clearTimeout(timers.get(req));
  req.setTimeout(STALLED_MS, () => req.socket.destroy());
  return () => req.setTimeout(0);
}
