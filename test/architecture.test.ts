/** The rules of the source tree: which way imports run, which folder holds which big dependency, how long a file is. */

import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const skipped = /(^|\/)(node_modules|dist|data)(\/|$)/;

interface Import {
  from: string;
  /** A path from the root, or the name of a package. */
  to: string;
  typeOnly: boolean;
}

function sources(folder: string): string[] {
  const entries = readdirSync(join(root, folder), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && /\.(ts|tsx|mjs|css)$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .filter((path) => !skipped.test(path));
}

/** `import`, `export … from` and `import()`; a type in braces of a mixed import counts as a value. */
function importsOf(path: string): Import[] {
  const text = readFileSync(join(root, path), 'utf8');
  const statements = text.matchAll(/^(?:import|export)\s+(type\s)?(?:[^'";]*?\sfrom\s+)?['"]([^'"]+)['"]/gm);
  const dynamic = text.matchAll(/\bimport\((type\s)?['"]([^'"]+)['"]\)/g);
  return [...statements, ...dynamic].map(([, typeOnly, name = '']) => ({
    from: path,
    to: name.startsWith('.') ? relative(root, join(root, dirname(path), name)) : packageOf(name),
    typeOnly: typeOnly !== undefined,
  }));
}

const packageOf = (name: string): string =>
  name
    .split('/')
    .slice(0, name.startsWith('@') ? 2 : 1)
    .join('/');

const code = ['src', 'mixer', 'web'].flatMap(sources).filter((path) => !path.endsWith('.css'));
const imports = code.flatMap(importsOf);
const violations = (isWrong: (one: Import) => boolean) =>
  imports.filter(isWrong).map(({ from, to }) => `${from} → ${to}`);

/** Sorted into `src/http`, `src/main.ts`, `mixer/protocol`, `mixer`, `web`. */
function partOf(path: string): string {
  const [top = '', next = ''] = path.split('/');
  if (top === 'mixer') return next === 'protocol' ? 'mixer/protocol' : 'mixer';
  return top === 'src' ? `${top}/${next}` : top;
}

/** Sentences, texts and settings: what everybody may use and what uses nobody. */
const leaves = ['src/errors.ts', 'src/log.ts', 'src/logLine.ts', 'src/plainText.ts', 'src/config'];
const live = ['src/live', 'src/rooms', 'src/rtc', 'src/engine', 'src/library', 'mixer/protocol'];

const mayImport: Record<string, string[]> = {
  'src/main.ts': ['src/program.ts', 'src/descriptors.ts'],
  'src/program.ts': ['src/server.ts', 'src/announce.ts', 'src/faults.ts', ...leaves],
  'src/server.ts': [
    'src/compose.ts',
    'src/announce.ts',
    'src/http',
    'src/signaling',
    'src/access',
    'src/live',
    ...leaves,
  ],
  'src/compose.ts': ['src/live', ...leaves],
  'src/announce.ts': ['src/access', 'src/http', ...leaves],
  'src/faults.ts': leaves,
  'src/descriptors.ts': [],
  'src/http': ['src/access', 'src/live', 'src/schemas', ...leaves],
  'src/signaling': ['src/access', 'src/live', 'src/schemas', ...leaves],
  'src/schemas': ['src/live', 'src/rooms', ...leaves],
  'src/access': ['src/live', ...leaves],
  'src/live': [
    'src/rooms',
    'src/rtc',
    'src/engine',
    'src/egress',
    'src/library',
    'mixer/protocol',
    'src/errors.ts',
  ],
  'src/library': ['src/errors.ts'],
  'src/engine': ['mixer/protocol', 'src/errors.ts'],
  'src/egress': ['mixer/protocol', 'src/errors.ts'],
  'src/rtc': ['mixer/protocol', 'src/errors.ts'],
  'src/rooms': [],
  'src/config': [],
  'src/errors.ts': [],
  'src/log.ts': ['src/logLine.ts'],
  'src/logLine.ts': [],
  'src/plainText.ts': [],
  'mixer/protocol': [],
  mixer: ['mixer/protocol'],
  // The message schemas and the views they carry, and the layout solver.
  web: ['src/signaling', 'src/live', 'src/rooms'],
};

describe('imports run one way', () => {
  test('every part is known', () => {
    expect(code.length).toBeGreaterThan(50);
    const parts = new Set(code.map(partOf));
    expect([...parts].filter((part) => !(part in mayImport))).toEqual([]);
  });

  test('every kind of import is seen', () => {
    const expected = [
      { from: 'src/http/app.ts', to: 'koa', typeOnly: false },
      { from: 'src/http/app.ts', to: 'src/http/parts.ts', typeOnly: true },
      { from: 'src/announce.ts', to: 'node:fs', typeOnly: false },
      { from: 'src/config/settings.ts', to: 'src/config/parsers.ts', typeOnly: false },
    ];
    expect(imports).toEqual(expect.arrayContaining(expected));
  });

  test('main ▶ server ▶ http, signaling ▶ live ▶ rooms, rtc, engine ▶ protocol', () => {
    const wrong = violations(({ from, to }) => {
      if (!/^(src|mixer|web)\//.test(to)) return to.startsWith('..');
      return partOf(from) !== partOf(to) && !mayImport[partOf(from)]?.includes(partOf(to));
    });
    expect(wrong).toEqual([]);
  });

  test('the edges know live rooms by their contract alone', () => {
    const edges = ['src/http', 'src/signaling', 'src/schemas', 'src/access'];
    const wrong = violations(
      ({ from, to, typeOnly }) =>
        edges.includes(partOf(from)) &&
        live.includes(partOf(to)) &&
        !(from.startsWith('src/schemas/') && to.startsWith('src/rooms/layout/')) &&
        !(to === 'src/live/contract.ts' && typeOnly),
    );
    expect(wrong).toEqual([]);
  });

  test('the page takes the message table and the layout solver, and types', () => {
    const wrong = violations(
      ({ from, to, typeOnly }) =>
        partOf(from) === 'web' &&
        to.startsWith('src/') &&
        !(to === 'src/signaling/messages.ts' || to.startsWith('src/rooms/layout/') || typeOnly),
    );
    expect(wrong).toEqual([]);
  });

  test('no circle between files', () => {
    expect(circles()).toEqual([]);
  });
});

/** Each as the files on the way from a file back to itself; types do not count, they are gone at run time. */
function circles(): string[] {
  const edges = new Map<string, string[]>();
  for (const { from, to, typeOnly } of imports)
    if (!typeOnly) edges.set(from, [...(edges.get(from) ?? []), to]);
  const done = new Set<string>();
  const found: string[] = [];
  const visit = (file: string, way: string[]): void => {
    if (way.includes(file)) found.push([...way.slice(way.indexOf(file)), file].join(' → '));
    if (done.has(file) || way.includes(file)) return;
    for (const next of edges.get(file) ?? []) visit(next, [...way, file]);
    done.add(file);
  };
  for (const file of edges.keys()) visit(file, []);
  return found;
}

describe('each big dependency is walled into one folder', () => {
  test.each([
    ['werift', ['src/rtc']],
    ['werift-rtp', ['src/rtc']],
    ['koa', ['src/http']],
    ['koa-router', ['src/http']],
    ['ws', ['src/signaling']],
    ['jose', ['src/access']],
    ['pino', ['src/log.ts']],
    ['sdp-transform', ['src/rtc']],
    ['@peculiar/x509', ['src/access']],
    ['fluent-ffmpeg', ['src/egress']],
    ['@ffmpeg-installer/ffmpeg', ['src/egress']],
    ['node-av', ['mixer']],
    ['@napi-rs/canvas', ['mixer']],
    ['preact', ['web']],
    ['hls.js', ['web']],
  ])('%s in %j', (name, folders) => {
    expect(violations(({ from, to }) => to === name && !folders.includes(partOf(from)))).toEqual([]);
  });

  test('rooms decide without Node', () => {
    expect(violations(({ from, to }) => partOf(from) === 'src/rooms' && to.startsWith('node:'))).toEqual([]);
  });

  test('every package imported is one of ours', () => {
    const { dependencies, devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    const known = { ...dependencies, ...devDependencies };
    const isPackage = (name: string) => !/^(node:|src\/|mixer\/|web\/|\.\.)/.test(name);
    expect(violations(({ to }) => isPackage(to) && !(to in known))).toEqual([]);
  });
});

test('no file holds more than 350 lines', () => {
  const everywhere = ['src', 'mixer', 'web', 'scripts', 'test'].flatMap(sources);
  const long = everywhere
    .map((path) => [path, readFileSync(join(root, path), 'utf8').split('\n').length - 1] as const)
    .filter(([, lines]) => lines > 350);
  expect(long).toEqual([]);
});
