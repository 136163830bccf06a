import { expect, test } from '@jest/globals';
import { parseMixOptions } from '../../../scripts/bench/options.ts';

test('without options, both codecs are measured twice for 20 s', () => {
  expect(parseMixOptions([])).toMatchObject({ seconds: 20, warmUp: 30, runs: 2, codecs: ['vp8', 'h264'] });
});

test.each([
  [[], 'full'],
  [['--economy'], 'economy'],
  [['--still'], 'still'],
])('%j measures %s', (argv, variant) => {
  expect(parseMixOptions(argv).variant).toBe(variant);
});

test('options are taken', () => {
  const given = ['--seconds', '60', '--codec', 'h264', '--runs', '3', '--output', '/tmp/x.json'];
  expect(parseMixOptions(given)).toMatchObject({
    seconds: 60,
    codecs: ['h264'],
    runs: 3,
    output: '/tmp/x.json',
  });
});

test.each([
  [['--seconds', 'long'], /--seconds is "long": a number from 2 to 3600/],
  [['--codec', 'av1'], /--codec is "av1": vp8 or h264/],
  [['--runs', '0'], /--runs/],
  [['--economy', '--still'], /two runs/],
  [['--surprise'], /surprise/],
])('%j is refused with the reason', (argv, reason) => {
  expect(() => parseMixOptions(argv)).toThrow(reason);
});
