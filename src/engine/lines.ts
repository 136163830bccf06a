import type { Readable } from 'node:stream';

const LONGEST_LINE = 1000;
const LINES_PER_SECOND = 20;

/**
 * Reads a child's text line by line. Long lines are cut and a flood is thinned out: what a decoder
 * complains about is a stranger's to choose.
 */
export function eachLine(stream: Readable, each: (line: string) => void): void {
  let rest = '';
  let second = 0;
  let lines = 0;
  const emit = (line: string): void => {
    const now = Math.floor(performance.now() / 1000);
    if (now !== second) [second, lines] = [now, 0];
    if (line !== '' && ++lines <= LINES_PER_SECOND) each(line);
  };
  stream.setEncoding('utf8');
  stream.on('error', () => {});
  stream.on('data', (text: string) => {
    const pieces = (rest + text).split('\n');
    rest = pieces.pop()!.slice(0, LONGEST_LINE);
    for (const piece of pieces) emit(piece.slice(0, LONGEST_LINE));
  });
  stream.on('end', () => emit(rest));
}
