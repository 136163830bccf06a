/** `npm test`: installs and builds what is missing, then format, lint, types and all tests. */

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from './setup/build.mjs';
import { provideChromium } from './setup/chromium.mjs';
import { checkNode } from './setup/node.mjs';
import { installPackages } from './setup/packages.mjs';
import { run, say, step } from './setup/run.mjs';

checkNode();
await installPackages();
const chromium = await provideChromium();
await build();

const env = { ...process.env, ROSTRUM_CHROMIUM: chromium };
for (const name of ['format', 'lint', 'types']) {
  say(`Checking ${name} …`);
  await step(`Checking ${name}`, 'npm', ['run', '-s', name]);
}

// Tests in a real browser want the machine for themselves: one at a time, after all others.
const folder = mkdtempSync(join(tmpdir(), 'rostrum-test-'));
const summaries = [];
let code = 0;
for (const name of ['unit', 'behaviour']) {
  say(`Running the ${name} tests …`);
  const report = join(folder, `${name}.json`);
  const jest = ['run', '-s', name, '--', '--passWithNoTests', '--json', `--outputFile=${report}`];
  const ended = await run('npm', [...jest, ...process.argv.slice(2)], { env, quiet: true });
  code ||= ended;
  summaries.push(summaryOf(report));
}
rmSync(folder, { recursive: true });
say(sentenceOf(summaries));
process.exit(code);

/** Passed and failed tests of one jest run; null when it did not come to its end. */
function summaryOf(path) {
  try {
    const report = JSON.parse(readFileSync(path, 'utf8'));
    return {
      passed: report.numPassedTests,
      failed: report.numFailedTests + report.numRuntimeErrorTestSuites,
    };
  } catch {
    return null;
  }
}

function sentenceOf(summaries) {
  if (summaries.includes(null)) return 'The tests did not come to their end.';
  const sum = (key) => summaries.reduce((total, each) => total + each[key], 0);
  return `${sum('passed')} passed, ${sum('failed')} failed`;
}
