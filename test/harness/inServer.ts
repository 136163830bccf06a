/**
 * A share of one of the server's latency histograms of a room, as the upper bound in ms of the bin it falls
 * in; NaN when nothing was counted.
 */
export async function inServerMs(
  server: { url: string },
  room: string,
  what: 'picture' | 'sound',
  share: number,
): Promise<number> {
  const text = await (await fetch(`${server.url}/metrics`)).text();
  const bins = new RegExp(
    `rostrum_${what}_latency_seconds_bucket\\{(?=[^}]*room="${room}")[^}]*le="([\\d.]+)"[^}]*\\} (\\d+)`,
    'g',
  );
  const counts = [...text.matchAll(bins)].map(([, bound, count]) => [Number(bound), Number(count)] as const);
  const total = counts.at(-1)?.[1] ?? 0;
  const bin = counts.find(([, count]) => total > 0 && count >= share * total);
  return (bin?.[0] ?? Number.NaN) * 1000;
}
