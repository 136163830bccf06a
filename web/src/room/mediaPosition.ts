import type { MediaView } from '../../../src/live/contract.ts';

/** Where a file is now, in ms from its beginning. */
export function positionAt(
  {
    state,
    positionMs,
    atMs,
    durationMs,
    loop,
  }: Pick<MediaView, 'state' | 'positionMs' | 'atMs' | 'durationMs' | 'loop'>,
  nowMs: number,
): number {
  if (state !== 'playing') return positionMs;
  const position = positionMs + Math.max(0, nowMs - atMs);
  if (durationMs === null || durationMs <= 0) return position;
  return loop ? position % durationMs : Math.min(position, durationMs);
}
