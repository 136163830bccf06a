/** Errors as `application/problem+json` (RFC 9457). */

import type { Context } from 'koa';
import { z } from 'zod';
import { RostrumError } from '../errors.ts';
import type { Logger } from '../log.ts';
import { findingsOf } from '../schemas/findings.ts';
import { refuseBody } from './bodyDeadline.ts';

/** The body of every error. `type` points at the error's entry in `/docs`. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  code: string;
}

export function problemOf(error: RostrumError): Problem {
  const { title, status, detail, code } = error;
  return { type: `/docs#${code}`, title, status, detail, code };
}

/** Outermost: whatever is thrown below becomes an answer, and only our own faults become log lines. */
export function problems(log: Logger) {
  return async (ctx: Context, next: () => Promise<void>): Promise<void> => {
    try {
      await next();
    } catch (thrown) {
      writeProblem(ctx, asRostrumError(thrown, ctx, log));
    }
  };
}

function asRostrumError(thrown: unknown, ctx: Context, log: Logger): RostrumError {
  if (thrown instanceof RostrumError) return thrown;
  if (thrown instanceof z.ZodError) return new RostrumError('invalid-request', findingsOf(thrown));
  if (thrown instanceof URIError)
    return new RostrumError('not-found', 'the path is not well encoded: a % begins two hexadecimal digits');
  // A client that hung up while it was sending hears no answer; it is no fault of ours.
  if (!ctx.req.socket || ctx.req.socket.destroyed)
    return new RostrumError('internal-error', 'the client left');
  const request = ctx.state.request as string;
  log.error({ err: thrown, request }, 'request failed');
  return new RostrumError('internal-error', `the server's log has the cause under request ${request}`);
}

function writeProblem(ctx: Context, error: RostrumError): void {
  ctx.status = error.status;
  if (error.retryAfterS !== undefined) ctx.set('Retry-After', String(Math.ceil(error.retryAfterS)));
  if (error.code === 'unauthorized') ctx.set('WWW-Authenticate', 'Bearer realm="rostrum"');
  if (!ctx.req.complete) refuseBody(ctx);
  ctx.set('Cache-Control', 'no-store');
  ctx.body = JSON.stringify(problemOf(error));
  ctx.type = 'application/problem+json';
}
