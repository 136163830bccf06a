/** Reading request bodies: bounded, typed, once. */

import type { IncomingMessage } from 'node:http';
import type { Context } from 'koa';
import { RostrumError } from '../errors.ts';

/** Largest body of any request: SDP and JSON alike. */
export const MAX_BODY_BYTES = 64 * 1024;

/**
 * A body somewhat over the limit is read to its end and thrown away, since a client that is still
 * sending when the connection closes may never see the answer. Beyond this it is cut off.
 */
const MAX_DRAIN_BYTES = 4 * 1024 * 1024;

const tooLarge = () => new RostrumError('too-large', `a body may have ${MAX_BODY_BYTES} bytes at most`);

/** @throws RostrumError too-large */
export function readBody(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    if (Number(request.headers['content-length'] ?? 0) > MAX_DRAIN_BYTES) return reject(tooLarge());
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= MAX_BODY_BYTES) chunks.push(chunk);
      else if (bytes > MAX_DRAIN_BYTES) {
        request.removeAllListeners('data').pause();
        reject(tooLarge());
      }
    });
    request.on('end', () =>
      bytes > MAX_BODY_BYTES ? reject(tooLarge()) : resolve(Buffer.concat(chunks, bytes)),
    );
    request.on('error', reject);
    request.on('close', () => reject(new Error('the client left')));
  });
}

/** The media type without its parameters, in lower case. */
export function requireType(ctx: Context, type: string): void {
  const given = (ctx.get('Content-Type').split(';')[0] ?? '').trim().toLowerCase();
  if (given !== type) {
    throw new RostrumError(
      'unsupported-type',
      `Content-Type is to be ${type}, not ${JSON.stringify(given.slice(0, 80))}`,
    );
  }
}

/** @throws RostrumError too-large | unsupported-type | malformed-json */
export async function readJson(ctx: Context): Promise<unknown> {
  const body = await readBody(ctx.req);
  requireType(ctx, 'application/json');
  try {
    return JSON.parse(body.toString('utf8'));
  } catch (error) {
    const reason = (error as SyntaxError).message.slice(0, 100);
    throw new RostrumError('malformed-json', `the body could not be parsed as JSON: ${reason}`);
  }
}

/** @throws RostrumError too-large | unsupported-type */
export async function readText(ctx: Context, type: string): Promise<string> {
  const body = await readBody(ctx.req);
  requireType(ctx, type);
  return body.toString('utf8');
}
