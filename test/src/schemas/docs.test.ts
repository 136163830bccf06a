import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { layoutNames } from '../../../src/rooms/layout/documents.ts';
import { solveLayout } from '../../../src/rooms/layout/solve.ts';
import { layoutSchema } from '../../../src/schemas/layout.ts';

const page = readFileSync(join(import.meta.dirname, '../../../docs/layouts.md'), 'utf8');

test('the layout in docs/layouts.md is one, and does what it says', () => {
  const [, json = ''] = /```json\n([\s\S]*?)```/.exec(page) ?? [];
  const layout = layoutSchema.parse(JSON.parse(json));
  const camera = (participant: string, role: 'host' | 'panelist') =>
    ({ participant, kind: 'camera', role }) as const;
  const people = [camera('ada', 'panelist'), camera('bob', 'host'), camera('cem', 'panelist')];
  const { tiles } = solveLayout(layout, people, { width: 1280, height: 720 }, { spotlight: 'cem' });
  expect(tiles.map(({ region, person }) => `${region}: ${person.participant}`)).toEqual([
    ...['guest: cem', 'chair: bob', 'rest: ada'],
  ]);
});

test('the built-in ones are listed there', () => {
  const rows = [...page.matchAll(/^\| `([a-z-]+)` \| [^|]+ \|$/gm)].map(([, name]) => name);
  expect(rows).toEqual([...layoutNames]);
});
