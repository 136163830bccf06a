import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { release, totalmem } from 'node:os';
import { machineModel } from '../machine/cpu.ts';
import type { CompareOptions } from './options.ts';
import type { Machine } from './result.ts';

/** Of a process beside one socket for each person: files, channels, and a margin. */
const OWN_DESCRIPTORS = 256;

export const thisMachine = (): Machine => ({
  ...machineModel(),
  memoryBytes: totalmem(),
  kernel: release(),
});

/**
 * What would end a run after minutes, said at once.
 * @throws Error with the reason and the remedy
 */
export async function checkMachine(options: CompareOptions): Promise<void> {
  if (process.platform !== 'linux') throw new Error('CPU is read from /proc: the benchmark needs Linux');
  const needed = OWN_DESCRIPTORS + Math.max(...options.speakers) + Math.max(...options.viewers);
  const allowed = descriptorLimit();
  if (allowed < needed) {
    throw new Error(
      `this process may have ${allowed} files and sockets open, ${needed} are needed: ulimit -n ${needed}`,
    );
  }
  if (options.port !== 0) await checkPort(options.port);
}

function descriptorLimit(): number {
  const limits = readFileSync('/proc/self/limits', 'latin1');
  const soft = /^Max open files\s+(\S+)/m.exec(limits)?.[1] ?? 'unlimited';
  return soft === 'unlimited' ? Number.POSITIVE_INFINITY : Number(soft);
}

function checkPort(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', ({ code }: NodeJS.ErrnoException) =>
      reject(
        new Error(`--port is "${port}", which cannot be listened on (${code}): choose another, or none`),
      ),
    );
    server.listen(port, '127.0.0.1', () => server.close(() => resolve()));
  });
}
