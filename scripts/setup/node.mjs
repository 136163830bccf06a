/** The version of Node, before anything needs it. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './root.mjs';
import { say } from './run.mjs';

/** True when `version` is not below `wanted`, both as `20.20.1`. */
export function isNewEnough(version, wanted) {
  const parts = (text) => text.split('.').map(Number);
  const [have, want] = [parts(version), parts(wanted)];
  for (let i = 0; i < want.length; i++) {
    if ((have[i] ?? 0) !== want[i]) return (have[i] ?? 0) > want[i];
  }
  return true;
}

export function checkNode(version = process.versions.node) {
  const { engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const wanted = engines.node.replace('>=', '');
  if (isNewEnough(version, wanted)) return;
  say(`Rostrum needs Node ${wanted} or newer; this is ${version}.`);
  process.exit(1);
}
