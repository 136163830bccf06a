/**
 * Waits until `probe` gives something other than undefined, null or false, and returns it.
 * @throws Error naming `what`, and the last error of the probe, when `timeoutMs` is over
 */
export async function until<T>(
  what: string,
  probe: () => T | Promise<T>,
  { timeoutMs = 10_000, everyMs = 50 } = {},
): Promise<NonNullable<Exclude<T, false>>> {
  const deadlineMs = performance.now() + timeoutMs;
  let latest: unknown;
  for (;;) {
    try {
      latest = await probe();
      if (latest !== undefined && latest !== null && latest !== false) {
        return latest as NonNullable<Exclude<T, false>>;
      }
    } catch (error) {
      latest = error;
    }
    if (performance.now() > deadlineMs)
      throw new Error(`not within ${timeoutMs} ms: ${what} (last: ${latest})`);
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}
