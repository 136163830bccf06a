/**
 * How long a client may take to send a body. Node's own limit is one for all requests, and uploads of
 * films must have a long one.
 */

import type { Context } from 'koa';

/** Of every body but an upload, ms. */
const BODY_MS = 30_000;
/** A body that nobody wants any more is read on this long, ms. */
const LINGER_MS = 5_000;
/** Unless nothing more comes for this long, ms. */
const LINGER_SILENT_MS = 500;

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

/** This request sends a file: it may take as long as whoever takes the file in allows. */
export function allowLongBody({ req }: Context): void {
  clearTimeout(timers.get(req));
}

/**
 * The request is answered before it is all there. The rest is thrown away for a while: a connection that
 * is closed on somebody who still sends takes the answer with it (RFC 9112 section 9.6).
 */
export function refuseBody({ req, res }: Context): void {
  req.resume();
  res.once('finish', () => {
    if (req.complete) return;
    const cut = () => req.socket.destroy();
    const longest = setTimeout(cut, LINGER_MS).unref();
    const silence = setTimeout(cut, LINGER_SILENT_MS).unref();
    req.on('data', () => silence.refresh());
    req.once('close', () => {
      clearTimeout(longest);
      clearTimeout(silence);
    });
  });
}
