import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { keepReport, requireWritable, resultFile } from '../../../../scripts/bench/compare/keep.ts';
import { sampleResult } from '../report/sample.ts';

const empty = '<!-- bench -->\n<!-- /bench -->\n';
let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'rostrum-keep-'));
  await mkdir(join(root, 'docs'));
  for (const name of ['README.md', 'docs/performance.md']) await writeFile(join(root, name), empty);
});
afterEach(() => rm(root, { recursive: true, force: true }));

describe('a run', () => {
  const whole = { json: undefined, isWhole: true };
  const result = sampleResult();
  const few = result.points.map((point, at) => ({ ...point, valid: at % 2 === 0 }));

  test('that is whole stands in the documents', async () => {
    await keepReport(whole, result, root);
    expect(await readFile(join(root, 'README.md'), 'utf8')).toContain('The break-even with forwarding');
    expect(await readFile(join(root, 'docs/performance.md'), 'utf8')).toContain('**Growth');
  });

  test.each([
    ['of a part of the grid', { ...whole, isWhole: false }, result],
    ['that was interrupted', whole, { ...result, ended: 'it was interrupted' }],
    ['whose points do not count', whole, { ...result, points: few }],
  ])('%s does not, but is written', async (_, options, given) => {
    await keepReport(options, given, root);
    expect(await readFile(join(root, 'README.md'), 'utf8')).toBe(empty);
    expect(await readFile(join(root, 'docs/performance.md'), 'utf8')).toBe(empty);
    const written = JSON.parse(await readFile(resultFile(options, root), 'utf8'));
    expect(written).toMatchObject({ ended: given.ended, points: given.points });
  });
});

test('where the result cannot go is said at once, and nothing is left where it can', async () => {
  await requireWritable(join(root, 'deep/bench.json'));
  expect(await readdir(join(root, 'deep'))).toEqual([]);
  await expect(requireWritable(join(root, 'docs'))).rejects.toThrow(
    `--json is "${join(root, 'docs')}", which cannot be written (EISDIR): name another file`,
  );
  await expect(requireWritable(join(root, 'README.md/bench.json'))).rejects.toThrow('cannot be written');
});
