import { expect, test } from '@jest/globals';
import { seriesOf } from '../../../../scripts/bench/compare/grid.ts';
import { parseCompareOptions } from '../../../../scripts/bench/compare/options.ts';

const cellsOf = (seed: string) =>
  seriesOf(parseCompareOptions(['--seed', seed])).flatMap(({ mode, speakers, repetition, viewers }) =>
    viewers.map((count) => `${repetition} ${mode} ${speakers} ${count}`),
  );

test('every point comes up once in each repetition, in an order that the seed repeats', () => {
  const cells = cellsOf('5');
  expect(cells).toHaveLength(72);
  expect(new Set(cells).size).toBe(72);
  expect(cells.slice(0, 36).every((cell) => cell.startsWith('1 '))).toBe(true);
  expect(cellsOf('5')).toEqual(cells);
  expect(cellsOf('6')).not.toEqual(cells);
  // Shuffled: neither the modes nor the numbers of viewers stand in the order they were given in.
  expect(cells).not.toEqual([...cells].sort());
});
