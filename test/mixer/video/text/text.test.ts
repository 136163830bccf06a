import { describe, expect, test } from '@jest/globals';
import { initials } from '../../../../mixer/video/text/text.ts';

describe('initials', () => {
  test.each([
    ['Ada Lovelace', 'AL'],
    ['ada', 'A'],
    ['  Jean  Luc   Picard ', 'JP'],
    ['Ёлка иванова', 'ЁИ'],
    ['李 小龍', '李小'],
    ['محمد علي', 'مع'],
    ['नेहा शर्मा', 'नेश'],
    ['e\u0301mile zola', 'E\u0301Z'],
    ['👩‍👩‍👧‍👦 Family', '👩‍👩‍👧‍👦F'],
    ['🇩🇪', '🇩🇪'],
    ['Ada\nLovelace', 'AL'],
    ['Ada\u2028\u0000Lovelace', 'AL'],
    ['', '?'],
    [' \u0000\n\t', '?'],
  ])('of %j are %s', (name, letters) => {
    expect(initials(name)).toBe(letters);
  });
});
