/** A mark that somebody set in a recording. */
export interface Chapter {
  atMs: number;
  title: string;
}

/** More than anybody sets by hand; the journal has a bound. */
export const MAX_CHAPTERS = 500;

/**
 * For ffmpeg, which writes them into the file. A chapter lasts until the next; what is before the first is
 * one of its own, since players show a list without holes.
 */
export function ffmetadata(chapters: readonly Chapter[], durationMs: number): string {
  const first = chapters[0];
  const all = first && first.atMs > 0 ? [{ atMs: 0, title: '' }, ...chapters] : chapters;
  const blocks = all.flatMap(({ atMs, title }, index) => {
    const endMs = Math.max(atMs + 1, all[index + 1]?.atMs ?? durationMs);
    return ['[CHAPTER]', 'TIMEBASE=1/1000', `START=${atMs}`, `END=${endMs}`, `title=${escaped(title)}`];
  });
  return `${[';FFMETADATA1', ...blocks].join('\n')}\n`;
}

/** What means something in the format is quoted. */
const escaped = (title: string): string => title.replace(/[=;#\\]/g, '\\$&').replace(/[\r\n\0]+/g, ' ');
