/** A token bucket: so many messages at once, so many per second after that. */

export interface MessageRate {
  /** @param nowMs monotonic. @returns false when the sender is too fast */
  allows(nowMs: number): boolean;
}

export function createMessageRate(perSecond: number, burst: number): MessageRate {
  let tokens = burst;
  let lastMs: number | null = null;
  return {
    allows(nowMs) {
      const elapsedMs = lastMs === null ? 0 : Math.max(0, nowMs - lastMs);
      lastMs = nowMs;
      tokens = Math.min(burst, tokens + (elapsedMs * perSecond) / 1000);
      if (tokens < 1) return false;
      tokens -= 1;
      return true;
    },
  };
}
