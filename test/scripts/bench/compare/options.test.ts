import { describe, expect, test } from '@jest/globals';
import { parseCompareOptions } from '../../../../scripts/bench/compare/options.ts';

test('without options it is the quick grid', () => {
  expect(parseCompareOptions([])).toMatchObject({
    modes: ['mcu', 'sfu', 'sfu-fit'],
    speakers: [1, 2, 4, 8],
    viewers: [1, 10, 30],
    repetitions: 2,
    codec: 'vp8',
  });
});

test('a grid of one’s own is sorted, each number and mode once', () => {
  const options = parseCompareOptions([
    '--full',
    '--speakers',
    '4,2,4',
    '--viewers',
    '7',
    '--modes',
    'sfu,sfu',
  ]);
  expect(options).toMatchObject({ modes: ['sfu'], speakers: [2, 4], viewers: [7], seconds: 10 });
});

describe('what makes no sense is refused with its name, what was given and what is allowed', () => {
  test.each([
    [['--speakers', '0'], '--speakers is "0": numbers from 1 to 25 are allowed'],
    [['--speakers', '26'], '--speakers is "26": numbers from 1 to 25 are allowed'],
    [['--speakers', '2.5'], '--speakers is "2.5": a whole number is needed'],
    [['--viewers', '1,,3'], '--viewers is "": numbers from 1 to 1000 are allowed'],
    [['--viewers', '5000'], '--viewers is "5000": numbers from 1 to 1000 are allowed'],
    [['--seconds', 'ten'], '--seconds is "ten": numbers from 1 to 600 are allowed'],
    [['--modes', 'mesh'], '--modes is "mesh": mcu or sfu or sfu-fit is allowed'],
    [['--codec', 'av1'], '--codec is "av1": vp8 or h264 is allowed'],
    [['--port', '70000'], '--port is "70000": numbers from 0 to 65535 are allowed'],
    [['--fast'], "Unknown option '--fast'"],
    [['8'], "Unexpected argument '8'"],
  ])('%j', (argv, sentence) => {
    expect(() => parseCompareOptions(argv)).toThrow(sentence);
  });
});
