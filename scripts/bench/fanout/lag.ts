import { percentileMs } from '../../../src/rtc/shards/lagWindow.ts';
import type { Scrape } from './scrape.ts';

const DELAY = 'rostrum_event_loop_delay_seconds';
const SHARE = 0.99;

const TICKS = 'rostrum_mixer_tick_lateness_seconds';

/** 99th percentile of how late mixers began their pictures between two scrapes, ms; of the latest of them. */
export function ticksBetween(before: Scrape, after: Scrape): number {
  const rooms = after.labelled(`${TICKS}_count`, 'room');
  return Math.max(0, ...rooms.map((room) => grownPercentileMs(before, after, TICKS, { room })));
}

/** 99th percentile of how late each thread's event loop was between two scrapes, ms; `main` comes first. */
export function lagsBetween(before: Scrape, after: Scrape): Map<string, number> {
  const threads = new Set(after.labelled(`${DELAY}_count`, 'thread'));
  return new Map([...threads].map((thread) => [thread, grownPercentileMs(before, after, DELAY, { thread })]));
}

function grownPercentileMs(
  before: Scrape,
  after: Scrape,
  family: string,
  labels: Record<string, string>,
): number {
  const name = `${family}_bucket`;
  const totals = after.values(name, labels);
  const earlier = before.values(name, labels);
  // One that died meanwhile counts from its start on.
  const isSame = (earlier.at(-1) ?? 0) <= totals.at(-1)!;
  const grown = totals.map((total, i) => total - (isSame ? (earlier[i] ?? 0) : 0));
  const counts = grown.map((total, i) => total - (grown[i - 1] ?? 0));
  const bounds = after.labelled(name, 'le', labels).slice(0, -1);
  return percentileMs(
    bounds.map((bound) => Number(bound) * 1_000),
    counts,
    SHARE,
  );
}
