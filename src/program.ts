/** The program: reads its settings, starts the server, says where it is, ends on a signal. */

import { announce, localUrl } from './announce.ts';
import { ConfigError, loadConfig, wantsHelp } from './config/load.ts';
import { helpText } from './config/table.ts';
import { surviveFaults } from './faults.ts';
import { createLog } from './log.ts';
import { createServer, type RostrumServer } from './server.ts';

/** A terminal, npm and a supervisor may each pass the same signal on: those count as one. */
const SAME_SIGNAL_MS = 500;

export async function runProgram(argv: readonly string[]): Promise<void> {
  if (wantsHelp(argv)) return void process.stdout.write(helpText());
  const config = loadConfig(argv, process.env);
  const log = createLog({ level: config.logLevel, terminal: process.stderr.isTTY });
  for (const warning of config.warnings) log.warn(warning);
  const server = await createServer(config, { log });
  endOnSignals(server);
  surviveFaults(log, () => void end(server, 1));
  const address = await server.listen();
  process.stdout.write(`listening on ${localUrl(address, server.https)}\n`);
  const announcement = { config, apiKey: server.apiKey, https: server.https, demo: await server.demoLinks() };
  announce(announcement, process.stdout.isTTY, (text) => process.stdout.write(text));
}

function endOnSignals(server: RostrumServer): void {
  let firstMs: number | null = null;
  const onSignal = () => {
    const nowMs = performance.now();
    if (firstMs === null) {
      firstMs = nowMs;
      void end(server, 0);
    } else if (nowMs - firstMs > SAME_SIGNAL_MS) {
      // The mixers end by themselves when their channel closes.
      process.exit(1);
    }
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
}

/** Within the grace time, whatever hangs. */
async function end(server: RostrumServer, code: number): Promise<void> {
  const overdue = setTimeout(() => process.exit(code), server.graceMs + 1000);
  overdue.unref();
  await server.close().catch(() => {});
  process.exit(code);
}

/** What went wrong, for whoever started the program. */
export function failure(error: unknown): string {
  if (error instanceof ConfigError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
