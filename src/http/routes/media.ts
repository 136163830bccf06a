/**
 * WHIP (RFC 9725) and WHEP (draft-ietf-wish-whep): media in and out. The checks stand in the order
 * that `docs/api.md` promises; 405 comes before all of them, from the router.
 */

import { RostrumError } from '../../errors.ts';
import type { MediaSession } from '../../live/contract.ts';
import { readText } from '../body.ts';
import { iceLinks } from '../iceLinks.ts';
import { requireMatch } from '../ifMatch.ts';
import { type Joiner, joinerOf } from '../joiner.ts';
import type { HttpParts } from '../parts.ts';
import type { Route, RouteContext } from '../route.ts';

const SDP = 'application/sdp';
const FRAGMENT = 'application/trickle-ice-sdpfrag';

type Direction = MediaSession['direction'];

export function mediaRoutes(parts: HttpParts): Route[] {
  return (['whip', 'whep'] as const).flatMap((direction) => [
    offerRoute(parts, direction),
    presenceRoute(direction),
    patchRoute(parts, direction),
    deleteRoute(parts, direction),
    ...preflightRoutes(direction),
  ]);
}

function offerRoute({ rooms, tokens, iceServersFor, isDraining }: HttpParts, direction: Direction): Route {
  const whip = direction === 'whip';
  return {
    method: 'post',
    path: `/${direction}/:room`,
    access: 'join-token',
    summary: whip ? 'Publishes a camera or a screen (WHIP)' : 'Watches and hears the program (WHEP)',
    body: { type: SDP },
    query: whip ? [{ name: 'source', values: ['camera', 'screen'], description: 'Default camera' }] : [],
    answers: { 201: { description: 'SDP answer; Location, ETag, Accept-Patch and Link headers', type: SDP } },
    errors: [
      'no-such-room',
      'forbidden',
      'too-large',
      'unsupported-type',
      'sdp-malformed',
      'sdp-refused',
      'full',
    ],
    async handle(ctx) {
      const { who, room } = await joinerOf(ctx, rooms, tokens);
      if (whip && who.role === 'viewer')
        throw new RostrumError('forbidden', 'a viewer may not publish; a host can make them a panelist');
      const offer = await readText(ctx, SDP);
      if (!/^v=0\r?\n/.test(offer))
        throw new RostrumError('sdp-malformed', 'the body does not begin with v=0; send an SDP offer');
      const source = whip ? sourceOf(ctx) : 'camera';
      if (isDraining())
        throw new RostrumError('shutting-down', 'the server stops and takes no new media; try again', 5);
      const loopback = isLoopback(ctx.req.socket.remoteAddress);
      const session = whip
        ? await room.publish(who, source, offer, loopback)
        : await room.subscribe(who, offer, loopback);
      closeIfUnanswered(ctx, session);
      ctx.status = 201;
      ctx.set('Location', `/${direction}/${encodeURIComponent(room.id)}/${encodeURIComponent(session.id)}`);
      ctx.set('ETag', session.etag);
      ctx.set('Accept-Patch', FRAGMENT);
      ctx.set('Link', iceLinks(iceServersFor(who.participant)));
      ctx.body = session.answer;
      ctx.type = SDP;
    },
  };
}

/** Who goes away before the answer reaches them can never DELETE their session. */
function closeIfUnanswered(ctx: RouteContext, session: MediaSession): void {
  if (ctx.res.destroyed || ctx.req.socket.destroyed) void session.close();
  else ctx.res.once('close', () => ctx.res.writableFinished || void session.close());
}

function sourceOf(ctx: RouteContext): 'camera' | 'screen' {
  const source = new URLSearchParams(ctx.querystring).get('source') ?? 'camera';
  if (source === 'camera' || source === 'screen') return source;
  throw new RostrumError('invalid-request', 'source: Expected camera or screen');
}

/** RFC 9725 4.1: GET and HEAD on an endpoint are answered without content. */
function presenceRoute(direction: Direction): Route {
  return {
    method: 'get',
    path: `/${direction}/:room`,
    access: 'open',
    summary: 'Says that the endpoint is there',
    answers: { 204: { description: 'Always' } },
    errors: [],
    handle: (ctx) => {
      ctx.status = 204;
    },
  };
}

function patchRoute({ rooms, tokens }: HttpParts, direction: Direction): Route {
  return {
    method: 'patch',
    path: `/${direction}/:room/:session`,
    access: 'join-token',
    summary: 'Trickles ICE candidates, or restarts ICE (RFC 8840)',
    body: { type: FRAGMENT },
    answers: {
      200: { description: 'ICE restarted; the new ETag is in the header', type: FRAGMENT },
      204: { description: 'Candidates taken' },
    },
    errors: [
      'no-such-room',
      'forbidden',
      'no-such-session',
      'too-large',
      'unsupported-type',
      'precondition-required',
      'precondition-failed',
      'sdp-malformed',
      'sdp-refused',
    ],
    async handle(ctx) {
      const session = sessionOf(ctx, await joinerOf(ctx, rooms, tokens), direction);
      const fragment = await readText(ctx, FRAGMENT);
      requireMatch(ctx.req.headers['if-match'], session.etag);
      const { answerFragment, etag } = await session.patch(fragment);
      ctx.status = 204;
      if (answerFragment === undefined) return;
      ctx.status = 200;
      ctx.set('ETag', etag);
      ctx.body = answerFragment;
      ctx.type = FRAGMENT;
    },
  };
}

function deleteRoute({ rooms, tokens }: HttpParts, direction: Direction): Route {
  return {
    method: 'delete',
    path: `/${direction}/:room/:session`,
    access: 'join-token',
    summary: 'Ends the session',
    answers: { 200: { description: 'Ended' } },
    errors: ['no-such-room', 'forbidden', 'no-such-session'],
    async handle(ctx) {
      await sessionOf(ctx, await joinerOf(ctx, rooms, tokens), direction).close();
      ctx.status = 200;
      ctx.body = '';
    },
  };
}

/** The session of the path, when it is the caller's own and of this direction. */
function sessionOf(ctx: RouteContext, { room, who }: Joiner, direction: Direction): MediaSession {
  const session = room.session(ctx.params.session!);
  if (session?.direction !== direction)
    throw new RostrumError('no-such-session', 'it has ended or never was; POST begins another');
  if (session.participant !== who.participant)
    throw new RostrumError('forbidden', "it is another person's session; use the token that began it");
  return session;
}

/** Preflights, and what a client may ask about; CORS headers are set for all of these paths. */
function preflightRoutes(direction: Direction): Route[] {
  const common = {
    method: 'options',
    access: 'open',
    errors: [],
    answers: { 204: { description: 'Always' } },
  } as const;
  return [
    {
      ...common,
      path: `/${direction}/:room`,
      summary: 'Says what may be posted',
      handle(ctx) {
        ctx.set('Accept-Post', SDP);
        ctx.set('Allow', 'GET, HEAD, OPTIONS, POST');
        ctx.status = 204;
      },
    },
    {
      ...common,
      path: `/${direction}/:room/:session`,
      summary: 'Says what may be patched',
      handle(ctx) {
        ctx.set('Accept-Patch', FRAGMENT);
        ctx.set('Allow', 'DELETE, OPTIONS, PATCH');
        ctx.status = 204;
      },
    },
  ];
}

/** Only then may 127.0.0.1 be among the candidates of the answer. */
export const isLoopback = (address: string | undefined): boolean =>
  /^(127\.|::1$|::ffff:127\.)/.test(address ?? '');
