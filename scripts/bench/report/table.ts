import type { BenchReport } from './analysisTypes.ts';
import { type Table, tablesOf } from './rows.ts';
import { summary } from './words.ts';

const LINE_CHARACTERS = 100;

/** The whole report for a terminal. */
export function terminalText(report: BenchReport): string {
  const words = summary(report).map((paragraph) => wrapped(paragraph));
  return [...tablesOf(report).map(textOf), ...words].join('\n\n');
}

export function textOf({ title, columns, rows }: Table): string {
  const all = [columns, ...rows];
  const widths = columns.map((_, column) => Math.max(...all.map((row) => row[column]!.length)));
  // Texts stand to the left, numbers to the right.
  const isText = columns.map((_, column) => rows.some((row) => /^[a-z]/i.test(row[column]!)));
  const lines = all.map((row) =>
    row
      .map((cell, column) => (isText[column] ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
      .join('  ')
      .trimEnd(),
  );
  return [title, ...lines].join('\n');
}

/** The same as Markdown. */
export function markdownOf({ columns, rows }: Table): string {
  const line = (cells: string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(columns), line(columns.map(() => '---')), ...rows.map(line)].join('\n');
}

function wrapped(text: string): string {
  const lines = [''];
  for (const word of text.split(' ')) {
    const last = lines.at(-1)!;
    if (last.length + word.length + 1 > LINE_CHARACTERS) lines.push(word);
    else lines[lines.length - 1] = last ? `${last} ${word}` : word;
  }
  return lines.join('\n');
}
