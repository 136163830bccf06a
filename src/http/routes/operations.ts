/** For those who run the server: is it alive, can it mix, how does it do, what does it offer. */

import { packageVersion } from '../../config/packageRoot.ts';
import { RostrumError } from '../../errors.ts';
import {
  edgeFamilies,
  headroomFamilies,
  processFamilies,
  roomFamilies,
  threadFamilies,
} from '../metrics/families.ts';
import { mixFamilies } from '../metrics/mixFamilies.ts';
import { OPEN_METRICS_TYPE, writeOpenMetrics } from '../metrics/openMetrics.ts';
import type { HttpParts } from '../parts.ts';
import { type Route, readRoute } from '../route.ts';
import * as schemas from '../schemas.ts';

export function operationRoutes({ rooms, counts, isDraining }: HttpParts): Route[] {
  const version = packageVersion();

  const health = readRoute({
    path: '/healthz',
    access: 'open',
    summary: 'The process lives',
    answer: schemas.health,
    errors: [],
    read: () => ({ status: 'ok', version, uptimeS: Math.round(process.uptime()) }),
  });

  const ready = readRoute({
    path: '/readyz',
    access: 'open',
    summary: 'The server can mix and takes people in',
    answer: schemas.readiness,
    errors: ['cannot-mix', 'full', 'shutting-down'],
    async read() {
      if (isDraining())
        throw new RostrumError(
          'shutting-down',
          'the server stops and takes nobody in any more; try again',
          5,
        );
      if (!(await rooms.canMix()))
        throw new RostrumError(
          'cannot-mix',
          "no mixer process has come up here; the server's log says why",
          5,
        );
      const { shortage } = rooms.headroom();
      if (shortage !== null) throw new RostrumError('full', shortage, 15);
      return { status: 'ready' };
    },
  });

  const metrics: Route = {
    method: 'get',
    path: '/metrics',
    access: 'open',
    summary: 'Measurements in the OpenMetrics text format',
    answers: { 200: { description: 'OpenMetrics 1.0', type: 'application/openmetrics-text' } },
    errors: [],
    handle(ctx) {
      ctx.set('Content-Type', OPEN_METRICS_TYPE);
      const measured = rooms.metrics();
      ctx.body = writeOpenMetrics([
        ...roomFamilies(measured),
        ...headroomFamilies(rooms.headroom()),
        ...mixFamilies(measured),
        ...edgeFamilies(counts),
        ...threadFamilies(rooms.threads()),
        ...processFamilies(),
      ]);
    },
  };

  return [health, ready, metrics];
}
