import { describe, expect, test } from '@jest/globals';
import { fileName } from '../../../src/schemas/text.ts';
import { uploadName } from '../../../web/src/media/upload.ts';

describe('the name of an upload', () => {
  test.each([
    ['logo.png', 'logo.png'],
    ['Été à Paris.MP4', 'Ete a Paris.mp4'],
    ['Grün & plain.png', 'Grun - plain.png'],
    ['../../etc/passwd.png', 'etc-passwd.png'],
    ['...hidden.mp3', 'hidden.mp3'],
    ['名前.webm', 'file.webm'],
    ['a..b.png', 'a.b.png'],
    ['without ending', 'without ending'],
  ])('%j becomes %j', (given, name) => {
    expect(uploadName(given)).toBe(name);
  });

  test('is one the server takes, whatever it was', () => {
    const odd = [
      'x'.repeat(500),
      `${'x'.repeat(99)}. y`,
      '💥'.repeat(40),
      ' . . .',
      '-_-',
      '%00\n',
      'a\u202Eb',
      '.',
      '',
    ];
    for (const name of odd) expect(fileName.safeParse(uploadName(`${name}.png`)).success).toBe(true);
  });
});
