import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';

const css = readFileSync(join(import.meta.dirname, '../../../web/src/styles/tokens.css'), 'utf8');

function colour(name: string, dark: boolean): string {
  const value = new RegExp(`--${name}:\\s*([^;]+);`).exec(css)?.[1] ?? '';
  const both = /light-dark\((#\w{6}), (#\w{6})\)/.exec(value);
  const chosen = both ? both[dark ? 2 : 1] : /#\w{6}/.exec(value)?.[0];
  if (!chosen) throw new Error(`no colour --${name}`);
  return chosen;
}

/** Relative luminance as WCAG 2.2 defines it. */
function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
}

function contrast(one: string, other: string): number {
  const [bright, dim] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (bright! + 0.05) / (dim! + 0.05);
}

describe.each([
  ['light', false],
  ['dark', true],
])('in the %s theme', (_name, dark) => {
  test.each([
    ['text', 'ground'],
    ['text', 'surface'],
    ['text', 'raised'],
    ['text', 'warn-ground'],
    ['quiet', 'ground'],
    ['quiet', 'surface'],
    ['link', 'surface'],
    ['link', 'warn-ground'],
    ['on-accent', 'accent'],
    ['on-accent', 'accent-strong'],
    ['on-danger', 'danger'],
    ['bad', 'surface'],
    ['bad', 'ground'],
    ['warn', 'surface'],
    ['warn', 'warn-ground'],
    ['on-stage', 'stage'],
    ['on-stage-quiet', 'stage'],
  ])('%s can be read on %s', (text, ground) => {
    expect(contrast(colour(text, dark), colour(ground, dark))).toBeGreaterThanOrEqual(4.5);
  });

  test.each(['ground', 'surface', 'raised'])('the focus ring is seen on %s', (ground) => {
    expect(contrast(colour('focus', dark), colour(ground, dark))).toBeGreaterThanOrEqual(3);
  });
});
