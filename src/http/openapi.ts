/** The OpenAPI 3.1 document, made from the rows of routes and their zod schemas. */

import { z } from 'zod';
import { catalogue, type ErrorCode } from '../errors.ts';
import type { Answer, Route } from './route.ts';
import { problem } from './schemas.ts';

type Json = Record<string, unknown>;

export interface OpenApiDocument {
  openapi: '3.1.0';
  info: { title: string; version: string; description: string };
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Json; securitySchemes: Json };
}

export interface Operation {
  summary: string;
  parameters: Json[];
  requestBody?: Json;
  responses: Record<string, Json>;
  security: Json[];
}

const securitySchemes = {
  'api-key': { type: 'http', scheme: 'bearer', description: 'ROSTRUM_API_KEY' },
  'file-link': {
    type: 'apiKey',
    in: 'query',
    name: 'signature',
    description: 'As in the links that hosts are given; the API key does, too',
  },
  'join-token': { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'From POST …/tokens' },
};

export function openApiOf(routes: readonly Route[], version: string): OpenApiDocument {
  const named: Json = {};
  const paths: OpenApiDocument['paths'] = {};
  const problemSchema = schemaOf(problem, 'output', named);
  for (const route of routes) {
    const path = route.path.replace(/:(\w+)/g, '{$1}');
    paths[path] ??= {};
    paths[path][route.method] = operationOf(route, problemSchema, named);
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Rostrum', version, description: 'A webinar server that mixes.' },
    paths,
    components: { schemas: named, securitySchemes },
  };
}

function operationOf(route: Route, problemSchema: Json, named: Json): Operation {
  return {
    summary: route.summary,
    parameters: parametersOf(route),
    ...(route.body && { requestBody: requestBodyOf(route.body, named) }),
    responses: { ...answersOf(route.answers, named), ...problemsOf(route, problemSchema) },
    security: route.access === 'open' ? [] : [{ [route.access]: [] }],
  };
}

function parametersOf(route: Route): Json[] {
  const inPath = [...route.path.matchAll(/:(\w+)/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
  const inQuery = (route.query ?? []).map(({ name, values, description }) => ({
    name,
    in: 'query',
    description,
    schema: values ? { type: 'string', enum: values } : { type: 'string' },
  }));
  return [...inPath, ...inQuery];
}

function requestBodyOf({ type, schema }: NonNullable<Route['body']>, named: Json): Json {
  const body = schema ? schemaOf(schema, 'input', named) : { type: 'string' };
  return { required: true, content: { [type]: { schema: body } } };
}

function answersOf(answers: Record<number, Answer>, named: Json): Record<string, Json> {
  const entries = Object.entries(answers).map(([status, { description, type, schema }]) => {
    const mediaType = type ?? (schema ? 'application/json' : undefined);
    const body = schema ? schemaOf(schema, 'output', named) : { type: 'string' };
    return [
      status,
      mediaType ? { description, content: { [mediaType]: { schema: body } } } : { description },
    ];
  });
  return Object.fromEntries(entries);
}

/** Several errors may share a status; each is named in its description. */
function problemsOf(route: Route, schema: Json): Record<string, Json> {
  const codes: ErrorCode[] = route.access === 'open' ? [...route.errors] : ['unauthorized', ...route.errors];
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of codes) {
    const status = catalogue[code][0];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return Object.fromEntries(
    [...byStatus].map(([status, of]) => [
      String(status),
      {
        description: of.map((code) => `\`${code}\``).join(', '),
        content: { 'application/problem+json': { schema } },
      },
    ]),
  );
}

/** JSON Schema of `schema`; those with an id move to the components, under their name. */
function schemaOf(schema: z.ZodType, io: 'input' | 'output', named: Json): Json {
  const { $schema, $defs, ...own } = z.toJSONSchema(schema, { io, target: 'draft-2020-12' }) as Json;
  const definitions = ($defs ?? {}) as Record<string, Json>;
  for (const [name, definition] of Object.entries(definitions))
    named[name] = moveReferences(withoutId(definition));
  if (typeof own.id !== 'string') return moveReferences(own);
  named[own.id] = moveReferences(withoutId(own));
  return { $ref: `#/components/schemas/${own.id}` };
}

const withoutId = ({ id: _id, ...rest }: Json): Json => rest;

const moveReferences = (schema: Json): Json =>
  JSON.parse(JSON.stringify(schema).replaceAll('"#/$defs/', '"#/components/schemas/'));
