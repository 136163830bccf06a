/** The whole of HTTP in the order a request meets it. */

import Koa, { type Context } from 'koa';
import Router from 'koa-router';
import { RostrumError } from '../errors.ts';
import { bodyDeadline } from './bodyDeadline.ts';
import { cors } from './cors.ts';
import { createGates } from './gates.ts';
import { readPage } from './page/files.ts';
import { commonHeaders } from './page/headers.ts';
import { servePage } from './page/serve.ts';
import type { HttpParts } from './parts.ts';
import { problems } from './problem.ts';
import { requestLog } from './requestLog.ts';
import type { Handle, Route } from './route.ts';
import { documentRoutes } from './routes/documents.ts';
import { elementRoutes } from './routes/elements.ts';
import { fileRoutes } from './routes/files.ts';
import { hlsRoutes } from './routes/hls.ts';
import { mediaRoutes } from './routes/media.ts';
import { operationRoutes } from './routes/operations.ts';
import { outputRoutes } from './routes/outputs.ts';
import { participantRoutes } from './routes/participants.ts';
import { recordingRoutes } from './routes/recordings.ts';
import { roomMediaRoutes } from './routes/roomMedia.ts';
import { roomRoutes } from './routes/rooms.ts';

export interface HttpApp {
  /** For `http.createServer`. */
  handle: ReturnType<Koa['callback']>;
  readonly routes: readonly Route[];
}

export function createApp(parts: HttpParts): HttpApp {
  const own = [
    ...roomRoutes(parts),
    ...participantRoutes(parts),
    ...recordingRoutes(parts),
    ...outputRoutes(parts),
    ...elementRoutes(parts),
    ...roomMediaRoutes(parts),
    ...fileRoutes(parts),
    ...hlsRoutes(parts),
    ...mediaRoutes(parts),
    ...operationRoutes(parts),
  ];
  const routes = [...own, ...documentRoutes(own)];
  const app = new Koa();
  app.on('error', (err) => parts.log.debug({ err }, 'connection failed'));
  app.use(requestLog(parts.log, parts.counts));
  app.use(problems(parts.log));
  app.use(bodyDeadline);
  app.use(setCommonHeaders);
  app.use(cors);
  app.use(routerOf(routes, parts).routes());
  app.use(servePage(readPage(parts.pageFolder)));
  app.use(nothingHere);
  return { handle: app.callback(), routes };
}

function routerOf(routes: readonly Route[], { apiKey, fileLinks }: HttpParts): Router {
  const gates = createGates(apiKey, fileLinks);
  const router = new Router({ sensitive: true, strict: true });
  for (const route of routes) {
    router[route.method](route.path, gates[route.access] as never, asMiddleware(route.handle) as never);
  }
  return router;
}

/** A route ends the request, whether or not it set a body. */
const asMiddleware = (handle: Handle) => async (ctx: Parameters<Handle>[0]) => {
  await handle(ctx);
};

async function setCommonHeaders(ctx: Context, next: () => Promise<void>): Promise<void> {
  ctx.set(commonHeaders);
  if (/^\/(api|whip|whep)\//.test(ctx.path)) ctx.set('Cache-Control', 'no-store');
  await next();
}

/** No route took it: the path may be known by other methods. */
function nothingHere(ctx: Context): never {
  const matched = (ctx.matched ?? []) as { methods: string[] }[];
  const methods = [...new Set(matched.flatMap((layer) => layer.methods))].sort();
  if (methods.length === 0) throw new RostrumError('not-found', 'no such path; /docs lists what there is');
  ctx.set('Allow', methods.join(', '));
  throw new RostrumError('method-not-allowed', `the path takes ${methods.join(', ')} only`);
}
