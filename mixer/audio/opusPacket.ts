/** Frame sizes in microseconds by the configuration's last two bits (RFC 6716, table 2). */
const SILK_US = [10_000, 20_000, 40_000, 60_000] as const;
const HYBRID_US = [10_000, 20_000] as const;
const CELT_US = [2_500, 5_000, 10_000, 20_000] as const;

/** The first configurations of hybrid and CELT (RFC 6716, table 2). */
const FIRST_HYBRID = 12;
const FIRST_CELT = 16;

/** How much sound an Opus packet holds (RFC 6716, 3.1 and 3.2): 2.5 to 120 ms, 0 when it makes no sense. */
export function opusDurationUs(packet: Buffer): number {
  if (packet.length === 0) return 0;
  const configuration = packet[0]! >> 3;
  const durationUs = frameUs(configuration) * frameCount(packet);
  return durationUs <= 120_000 ? durationUs : 0;
}

/**
 * The table of contents of a packet of one frame without content, in the mode, bandwidth and channels of
 * `toc`, which lasts as long as it may within `maxUs` (20 ms at most). A decoder makes of it what it
 * thinks would have come: that is how discontinuous transmission looks to it (RFC 6716, 3.2.1).
 *
 * @returns undefined when even the shortest frame of this mode lasts longer
 */
export function emptyToc(toc: number, maxUs: number): { toc: number; durationUs: number } | undefined {
  const configuration = toc >> 3;
  const base = configuration < FIRST_CELT && configuration >= FIRST_HYBRID ? 1 : 3;
  const durations = durationsOf(configuration);
  for (let index = durations.length - 1; index >= 0; index--) {
    const durationUs = durations[index]!;
    if (durationUs > maxUs || durationUs > 20_000) continue;
    return { toc: (((configuration & ~base) | index) << 3) | (toc & 0x04), durationUs };
  }
  return undefined;
}

function frameUs(configuration: number): number {
  const durations = durationsOf(configuration);
  return durations[configuration & (durations.length - 1)]!;
}

function durationsOf(configuration: number): readonly number[] {
  if (configuration < FIRST_HYBRID) return SILK_US;
  return configuration < FIRST_CELT ? HYBRID_US : CELT_US;
}

function frameCount(packet: Buffer): number {
  const code = packet[0]! & 3;
  if (code === 0) return 1;
  if (code < 3) return 2;
  return (packet[1] ?? 0) & 0x3f;
}
