/** `/openapi.json` and `/docs`, about all the other routes. */

import { packageVersion } from '../../config/packageRoot.ts';
import { DOCS_CSP, docsPage } from '../docsPage.ts';
import { openApiOf } from '../openapi.ts';
import type { Route } from '../route.ts';

export function documentRoutes(others: readonly Route[]): Route[] {
  const document = openApiOf(others, packageVersion());
  const text = JSON.stringify(document);
  const html = docsPage(document);
  const common = { method: 'get', access: 'open', errors: [] } as const;
  return [
    {
      ...common,
      path: '/openapi.json',
      summary: 'This interface, for machines',
      answers: { 200: { description: 'OpenAPI 3.1', type: 'application/json' } },
      handle(ctx) {
        ctx.body = text;
        ctx.type = 'application/json';
      },
    },
    {
      ...common,
      path: '/docs',
      summary: 'This interface, for people',
      answers: { 200: { description: 'A page', type: 'text/html' } },
      handle(ctx) {
        ctx.set('Content-Security-Policy', DOCS_CSP);
        ctx.body = html;
        ctx.type = 'html';
      },
    },
  ];
}
