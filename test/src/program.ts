/** The built program as a process of its own, on a free port and in a folder of its own. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../../src/config/packageRoot.ts';

export interface Program {
  child: ChildProcess;
  data: string;
  /** What it has written so far. */
  out(): string;
  err(): string;
  /** Resolves once standard output matches. @throws Error when the program ends before */
  until(pattern: RegExp): Promise<RegExpExecArray>;
  /** Exit code; null when a signal ended it. */
  exited: Promise<number | null>;
  /** Kills what is left and removes the folder. */
  clean(): Promise<void>;
}

export function startProgram(env: Record<string, string> = {}, flags: string[] = []): Program {
  const data = mkdtempSync(join(tmpdir(), 'rostrum-program-'));
  const own = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !name.startsWith('ROSTRUM_')),
  );
  const child = spawn(process.execPath, [join(packageRoot(), 'dist/src/main.js'), ...flags], {
    env: { ...own, ROSTRUM_PORT: '0', ROSTRUM_HOST: '127.0.0.1', ROSTRUM_DATA: data, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    err += chunk;
  });
  const exited = once(child, 'exit').then(([code]) => code as number | null);

  async function until(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const found = pattern.exec(out);
      if (found) return found;
      if (child.exitCode !== null) throw new Error(`the program ended with ${child.exitCode}: ${err}`);
      await Promise.race([once(child.stdout!, 'data'), exited]);
    }
  }

  return {
    child,
    data,
    out: () => out,
    err: () => err,
    until,
    exited,
    async clean() {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
      await exited;
      rmSync(data, { recursive: true, force: true });
    },
  };
}
