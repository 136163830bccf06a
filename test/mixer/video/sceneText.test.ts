import { expect, test } from '@jest/globals';
import { sceneText } from '../../../mixer/video/sceneText.ts';
import { tile } from '../harness/stage.ts';

test('holds everything that is written anywhere', () => {
  const text = sceneText({
    tiles: [tile('ada', { name: 'one', title: 'two' }), tile('bob', { name: 'three' })],
    slate: { title: 'four', text: 'five' },
    elements: [
      { id: 'a', type: 'lower-third', title: 'six', subtitle: 'seven' },
      { id: 'b', type: 'ticker', text: 'eight' },
      { id: 'c', type: 'countdown', title: 'nine', untilMs: 0 },
      { id: 'd', type: 'slate', title: 'ten', text: 'eleven', image: null },
      { id: 'e', type: 'card', title: 'twelve', lines: [{ text: 'thirteen', share: null }] },
      { id: 'f', type: 'logo', image: 'never', corner: 'top-left' },
    ],
  });
  const words = 'one two three four five six seven eight nine ten eleven twelve thirteen';
  expect(text.split('\n').filter(Boolean).sort()).toEqual(words.split(' ').sort());
});
