import { expect, jest, test } from '@jest/globals';
import { drawSheet, MOST_PEOPLE, plan } from '../../../scripts/layouts/sheet.ts';
import { layoutNames } from '../../../src/rooms/layout/documents.ts';

jest.setTimeout(60_000);

test('the sheet has a picture of each built-in layout at each number of people, and none is blank', async () => {
  const { cells } = plan();
  expect(cells).toHaveLength(layoutNames.length * (MOST_PEOPLE + 1));
  const sheet = await drawSheet();
  const drawing = sheet.getContext('2d');
  const colours = ({ x, y, width, height }: (typeof cells)[number]): number => {
    const { data } = drawing.getImageData(x, y, width, height);
    const seen = new Set<number>();
    for (let at = 0; at < data.length; at += 4)
      seen.add((data[at]! << 16) | (data[at + 1]! << 8) | data[at + 2]!);
    return seen.size;
  };
  // Even the slate has letters on it, whose edges have many shades.
  expect(cells.filter((cell) => colours(cell) < 20)).toEqual([]);
});
