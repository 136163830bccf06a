import type { Planes } from '../../../../mixer/video/planes.ts';

export const TILE = { width: 640, height: 360 };
export const LONG = 'Wolfeschlegelsteinhausenbergerdorff the Third of Philadelphia, Pennsylvania';
/** What people call themselves, and what others would like to try. */
export const NAMES = [
  'Ada',
  LONG,
  'W'.repeat(10_000),
  '李小龍',
  'محمد بن سلمان آل سعود',
  '👩‍👩‍👧‍👦👩‍👩‍👧‍👦 Family',
  'Z̸̡̛͚̃a̶̢͗l̵̰̄g̷̰̈o̶͇͑',
  '\u202eevil\u202c',
  '<img src=x onerror=alert(1)>',
  '%{localtime}\\n\'"',
  '\ud800 lone surrogate',
  '\u001b[31mred',
];

/** Largest luma between two rows, given in fractions of the height. */
export const brightest = (planes: Planes, fromRow: number, toRow: number) =>
  planes.y
    .subarray(
      Math.floor(fromRow * planes.height) * planes.width,
      Math.floor(toRow * planes.height) * planes.width,
    )
    .reduce((a, b) => Math.max(a, b), 0);
