import { readFileSync } from 'node:fs';

/** The server's own files, a room's channel and pipes, and a socket for each of some hundred peers. */
const LEAST = 512;

/**
 * With fewer file descriptors Node fails somewhere while it loads modules, and says nothing useful.
 *
 * @param limits text of `/proc/self/limits`; where there is no such file nothing is checked
 * @returns what is wrong and how to mend it, or null
 */
export function descriptorTrouble(limits = readLimits()): string | null {
  const soft = /^Max open files\s+(\d+)/m.exec(limits)?.[1];
  if (soft === undefined || Number(soft) >= LEAST) return null;
  return (
    `This process may have ${soft} files and sockets open at a time; at least ${LEAST} are needed, and one more ` +
    'for each person in a room. Raise the limit: `ulimit -n 8192`, or `LimitNOFILE=8192` in a systemd unit.'
  );
}

function readLimits(): string {
  try {
    return readFileSync('/proc/self/limits', 'utf8');
  } catch {
    return '';
  }
}
