import type { ChildProcess } from 'node:child_process';

/** A child in a group of its own hears no Ctrl-C: it is ended when this process exits before it. */
export function endsWithUs(child: ChildProcess): void {
  const end = () => child.kill('SIGTERM');
  process.once('exit', end);
  child.once('exit', () => process.off('exit', end));
  child.once('error', () => process.off('exit', end));
}

/** For programs that have nothing to write when they are stopped: whoever they started ends with them. */
export function exitOnSignals(): void {
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => process.exit(130));
}
