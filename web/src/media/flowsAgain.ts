import { bytesOfAllPairs, type StatsEntry } from './statistics.ts';

const LOOK_EVERY_MS = 50;

/** Resolves with true when something arrives on a connection, with false when nothing has by the end of `limit`. */
export async function flowsAgain(connection: RTCPeerConnection, limit: AbortSignal): Promise<boolean> {
  const look = async () => {
    const report = await connection.getStats().catch(() => null);
    return report ? bytesOfAllPairs([...report.values()] as StatsEntry[]) : 0;
  };
  const before = await look();
  while (!limit.aborted) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    if ((await look()) > before) return true;
  }
  return false;
}
