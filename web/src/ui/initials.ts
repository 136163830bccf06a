/** Older Firefox has no segmenter; code points are then close enough. */
const segmenter = typeof Intl.Segmenter === 'function' ? new Intl.Segmenter() : null;

/** First and last word's first letter, as whole graphemes; `?` for nobody. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/).filter(Boolean);
  const last = words.length > 1 ? firstLetter(words.at(-1)!) : '';
  return (firstLetter(words[0] ?? '') + last).toLocaleUpperCase() || '?';
}

function firstLetter(word: string): string {
  const letters = segmenter ? [...segmenter.segment(word)].map(({ segment }) => segment) : [...word];
  return letters[0] ?? '';
}
