/** `/hls/:room/…`: playlists and media of HTTP Live Streaming, for players and for the caches before them. */

import { RostrumError } from '../../errors.ts';
import type { Awaited } from '../../live/contract.ts';
import type { HttpParts } from '../parts.ts';
import type { Route, RouteContext } from '../route.ts';

const NAME = /^[A-Za-z0-9_.-]{1,100}$/;

export function hlsRoutes({ rooms }: HttpParts): Route[] {
  async function send(ctx: RouteContext, key: string | null): Promise<void> {
    const { room, file: name = '' } = ctx.params;
    if (!NAME.test(name)) throw new RostrumError('not-found', 'no such file');
    const file = await rooms.get(room!).outputs.hlsFile(key, name, awaitedOf(ctx));
    ctx.type = file.type;
    ctx.set('ETag', file.etag);
    ctx.set('Cache-Control', `public, max-age=${file.maxAgeS}${file.immutable ? ', immutable' : ''}`);
    ctx.status = 200;
    if (ctx.fresh) ctx.status = 304;
    else ctx.body = file.bytes;
  }

  const common = {
    method: 'get',
    access: 'open',
    answers: { 200: { description: 'A playlist or media', type: 'application/vnd.apple.mpegurl' } },
    errors: ['no-such-room', 'not-found', 'bad-request', 'cannot-mix'],
  } as const;
  return [
    {
      ...common,
      path: '/hls/:room/:file',
      summary: 'The public HLS stream of a room; begin with index.m3u8',
      handle: (ctx) => send(ctx, null),
    },
    {
      ...common,
      path: '/hls/:room/:key/:file',
      summary: 'An HLS stream for those who know its path',
      handle: (ctx) => send(ctx, ctx.params.key!),
    },
  ];
}

/** RFC 8216bis 6.2.5: what a playlist has to hold before it is given. */
function awaitedOf(ctx: RouteContext): Awaited | null {
  const { _HLS_msn: msn, _HLS_part: part } = ctx.query;
  if (msn === undefined && part === undefined) return null;
  return {
    msn: wholeNumber('_HLS_msn', msn),
    part: part === undefined ? null : wholeNumber('_HLS_part', part),
  };
}

function wholeNumber(name: string, value: unknown): number {
  if (typeof value === 'string' && /^\d{1,15}$/.test(value)) return Number(value);
  throw new RostrumError('bad-request', `${name}: a whole number is needed`);
}
