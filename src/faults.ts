/**
 * What happens to an exception that nobody caught. One peer's bad luck must not end everybody's
 * webinar, so the server logs it and goes on; a storm of them means that something is broken for good.
 */

import type { Logger } from './log.ts';

/** More faults than this within a minute and the process is not worth keeping. */
const MAX_PER_MINUTE = 20;
const MINUTE_MS = 60_000;

/**
 * @param giveUp called once, when there are too many
 * @returns undoes it
 */
export function surviveFaults(log: Logger, giveUp: () => void): () => void {
  let recentMs: number[] = [];
  let gaveUp = false;

  const onFault = (kind: string) => (err: unknown) => {
    log.error({ err, kind }, 'an exception nobody caught');
    const nowMs = performance.now();
    recentMs = [...recentMs.filter((atMs) => nowMs - atMs < MINUTE_MS), nowMs];
    if (recentMs.length <= MAX_PER_MINUTE || gaveUp) return;
    gaveUp = true;
    log.fatal('too many exceptions; the server ends');
    giveUp();
  };
  const onException = onFault('uncaughtException');
  const onRejection = onFault('unhandledRejection');
  process.on('uncaughtException', onException);
  process.on('unhandledRejection', onRejection);
  return () => {
    process.off('uncaughtException', onException);
    process.off('unhandledRejection', onRejection);
  };
}
