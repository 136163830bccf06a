/** `/docs`: the OpenAPI document as a plain page, without scripts, and every error by its code. */

import { catalogue } from '../errors.ts';
import type { OpenApiDocument, Operation } from './openapi.ts';

const style = `
body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color-scheme:light dark}
code,pre{font:14px/1.5 ui-monospace,monospace}pre{overflow:auto;padding:.75rem;border:1px solid #8886;border-radius:6px}
h3{margin-top:2rem}.method{text-transform:uppercase;font-weight:700}td,th{text-align:left;padding:.2rem 1rem .2rem 0;vertical-align:top}
:target{background:#fc06}`;

/** The policy that lets this page have its style, and nothing else. */
export const DOCS_CSP =
  "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'";

export function docsPage(document: OpenApiDocument): string {
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => operationHtml(path, method, operation)),
  );
  const schemas = Object.entries(document.components.schemas).map(
    ([name, schema]) => `<h3 id="${html(name)}">${html(name)}</h3>${json(schema)}`,
  );
  const errors = Object.entries(catalogue).map(
    ([code, [status, title]]) =>
      `<tr id="${code}"><td><code>${code}</code></td><td>${status}</td><td>${html(title)}</td></tr>`,
  );
  return `<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1"><title>Rostrum API</title><style>${style}</style></head>
<body><h1>Rostrum API ${html(document.info.version)}</h1>
<p>The same for machines: <a href="/openapi.json">openapi.json</a>.</p>
<h2>Calls</h2>${operations.join('')}
<h2>Shapes</h2>${schemas.join('')}
<h2>Errors</h2><p>Each is <code>application/problem+json</code>.</p>
<table><tr><th>code</th><th>status</th><th>title</th></tr>${errors.join('')}</table></body></html>`;
}

function operationHtml(path: string, method: string, operation: Operation): string {
  const access = operation.security.flatMap((one) => Object.keys(one)).join(', ') || 'open';
  const answers = Object.entries(operation.responses).map(
    ([status, answer]) =>
      `<tr><td>${status}</td><td>${html(String(answer.description)).replaceAll('`', '')}</td></tr>`,
  );
  const body = operation.requestBody ? json(operation.requestBody.content) : '';
  return `<h3><code><span class="method">${method}</span> ${html(path)}</code></h3>
<p>${html(operation.summary)}. Access: ${html(access)}.</p>${body}<table>${answers.join('')}</table>`;
}

const json = (value: unknown): string => `<pre>${html(JSON.stringify(value, null, 2))}</pre>`;

function html(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
