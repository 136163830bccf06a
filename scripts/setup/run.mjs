/** Running other programs: to their end, or in place of this one. */

import { spawn } from 'node:child_process';
import { root } from './root.mjs';

/** One short line of progress. */
export const say = (text) => process.stdout.write(`${text}\n`);

/**
 * Runs a program to its end, in the project's folder.
 * @returns {Promise<number>} its exit code
 */
export function run(command, args, { env = process.env, quiet = false } = {}) {
  return new Promise((resolve) => {
    const stdio = quiet ? ['ignore', 'ignore', 'inherit'] : 'inherit';
    const child = spawn(command, args, { cwd: root, stdio, env });
    child.on('error', (error) => {
      say(`${command} cannot be run: ${error.message}`);
      resolve(127);
    });
    child.on('exit', (code, signal) => resolve(signal ? 1 : code));
  });
}

/** Ends this process with a sentence when the step failed. */
export async function step(name, command, args, options) {
  const code = await run(command, args, options);
  if (code === 0) return;
  say(`${name} failed (${command} ended with ${code}).`);
  process.exit(code);
}

/**
 * Runs a program as if it were this one: its arguments, standard streams, signals and exit code. A
 * terminal sends Ctrl-C to both; the program takes two of the same within a moment for one.
 */
export function become(command, args, { cwd = root, env = process.env } = {}) {
  const child = spawn(command, args, { cwd, stdio: 'inherit', env });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  if (process.env.npm_lifecycle_event) onOrphaned(() => child.kill('SIGTERM'));
  child.on('error', (error) => {
    say(`${command} cannot be run: ${error.message}`);
    process.exit(127);
  });
  child.on('exit', (code, signal) => process.exit(signal ? 1 : code));
}

/** A killed npm takes no child with it; whoever ended npm meant the program. */
function onOrphaned(end) {
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    end();
  }, 250);
  watch.unref();
}
