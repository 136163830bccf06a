/** Frame sizes in microseconds by the configuration's last two bits (RFC 6716, table 2). */
const SILK_US = [10_000, 20_000, 40_000, 60_000] as const;
const HYBRID_US = [10_000, 20_000] as const;
const CELT_US = [2_500, 5_000, 10_000, 20_000] as const;

/** How much sound an Opus packet holds (RFC 6716, 3.1 and 3.2): 2.5 to 120 ms, 0 when it makes no sense. */
export function opusDurationUs(packet: Buffer): number {
  if (packet.length === 0) return 0;
  const configuration = packet[0]! >> 3;
  const durationUs = frameUs(configuration) * frameCount(packet);
  return durationUs <= 120_000 ? durationUs : 0;
}

function frameUs(configuration: number): number {
  if (configuration < 12) return SILK_US[configuration & 3]!;
  if (configuration < 16) return HYBRID_US[configuration & 1]!;
  return CELT_US[configuration & 3]!;
}

function frameCount(packet: Buffer): number {
  const code = packet[0]! & 3;
  if (code === 0) return 1;
  if (code < 3) return 2;
  return (packet[1] ?? 0) & 0x3f;
}
