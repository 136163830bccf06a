/**
 * One row per route: the router is built from the rows and so is `/openapi.json`. `access` has no
 * default, so that a route nobody thought about does not exist rather than stand open.
 */

import type { Context } from 'koa';
import type { z } from 'zod';
import type { ErrorCode } from '../errors.ts';
import { readJson } from './body.ts';

/** `file-link`: the API key, or a link that was signed for this path. */
export type Access = 'open' | 'api-key' | 'join-token' | 'file-link';

export interface Answer {
  description: string;
  /** Media type; JSON where a schema stands and nothing else is said. */
  type?: string;
  schema?: z.ZodType;
}

export interface Route {
  method: 'get' | 'post' | 'put' | 'patch' | 'delete' | 'options';
  /** As the router writes it: `/api/rooms/:room`. */
  path: string;
  access: Access;
  summary: string;
  body?: { type: string; schema?: z.ZodType };
  query?: { name: string; values?: readonly string[]; description: string }[];
  answers: Record<number, Answer>;
  /** Those particular to the route; `unauthorized` follows from `access`. */
  errors: readonly ErrorCode[];
  handle: Handle;
}

export interface RouteContext extends Context {
  params: Record<string, string>;
}

export type Handle = (ctx: RouteContext) => Promise<void> | void;

interface JsonRoute<B extends z.ZodType> extends Omit<Route, 'body' | 'answers' | 'handle'> {
  body: B;
  status: 200 | 201;
  answer: z.ZodType;
  handle(call: { ctx: RouteContext; params: Record<string, string>; body: z.output<B> }): unknown;
}

/** A route that takes JSON, checked by `body`, and gives what `handle` returns. */
export function jsonRoute<B extends z.ZodType>({
  body,
  status,
  answer,
  handle,
  ...rest
}: JsonRoute<B>): Route {
  return {
    ...rest,
    errors: [...rest.errors, 'malformed-json', 'too-large', 'unsupported-type', 'invalid-request'],
    body: { type: 'application/json', schema: body },
    answers: { [status]: { description: status === 201 ? 'Made' : 'Changed', schema: answer } },
    async handle(ctx) {
      const parsed = body.parse(await readJson(ctx));
      const value = await handle({ ctx, params: ctx.params, body: parsed });
      ctx.status = status;
      ctx.body = value;
    },
  };
}

/** A route that only gives JSON. */
export function readRoute(
  route: Omit<Route, 'method' | 'answers' | 'handle'> & {
    answer: z.ZodType;
    read(ctx: RouteContext): unknown;
  },
): Route {
  const { answer, read, ...rest } = route;
  return {
    ...rest,
    method: 'get',
    answers: { 200: { description: 'As it stands', schema: answer } },
    async handle(ctx) {
      ctx.body = await read(ctx);
    },
  };
}
