/** `npm test`: installs and builds what is missing, then format, lint, types and all tests. */

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { build } from './setup/build.mjs';
import { provideChromium } from './setup/chromium.mjs';
import { checkNode } from './setup/node.mjs';
import { installPackages } from './setup/packages.mjs';
import { root } from './setup/root.mjs';
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

/** More failing files than this have a cause of their own. */
const MAX_REPEATED = 4;

// Tests in a real browser want the machine for themselves: one at a time, after all others.
const folder = mkdtempSync(join(tmpdir(), 'rostrum-test-'));
const reports = [];
for (const name of ['unit', 'behaviour']) {
  say(`Running the ${name} tests …`);
  reports.push({ name, ...(await runTests(name, process.argv.slice(2))) });
}
const failed = reports.flatMap((report) => report.failed);
const unsteady = failed.length <= MAX_REPEATED ? await repeat() : [];
rmSync(folder, { recursive: true });
say(sentence());
process.exit(reports.some(({ ended, failures }) => !ended || failures > 0) ? 1 : 0);

/** One jest run; `ended` is false when it did not come to its end, `failed` tells files and how many tests. */
async function runTests(name, options) {
  const path = join(folder, `${name}.json`);
  rmSync(path, { force: true });
  const jest = ['run', '-s', name, '--', '--passWithNoTests', '--json', `--outputFile=${path}`];
  const code = await run('npm', [...jest, ...options], { env, quiet: true });
  try {
    const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites, testResults } = JSON.parse(
      readFileSync(path, 'utf8'),
    );
    const failures = numFailedTests + numRuntimeErrorTestSuites;
    const failed = testResults
      .filter(({ status }) => status === 'failed')
      .map(({ name: path, assertionResults }) => ({ path, tests: failuresAmong(assertionResults) }));
    return { ended: code === 0 || failures > 0, passed: numPassedTests, failures, failed };
  } catch {
    return { ended: false, passed: 0, failures: 0, failed: [] };
  }
}

/**
 * Media is real time: a test may fail because the machine had no processor for it. What failed runs once
 * more with nothing beside it, and is told apart from what fails always.
 * @returns the files that passed then
 */
async function repeat() {
  const passed = [];
  for (const report of reports) {
    for (const { path, tests } of report.failed) {
      const file = relative(root, path);
      say(`Once more, alone: ${file} …`);
      const again = await runTests(report.name, ['--runTestsByPath', file]);
      if (!again.ended || again.failures > 0) continue;
      report.passed += tests;
      report.failures -= tests;
      passed.push(file);
    }
  }
  return passed;
}

/** A file that could not be run at all counts as one. */
function failuresAmong(tests) {
  return Math.max(1, tests.filter(({ status }) => status === 'failed').length);
}

function sentence() {
  if (reports.some(({ ended }) => !ended)) return 'The tests did not come to their end.';
  const sum = (key) => reports.reduce((total, report) => total + report[key], 0);
  const aside = unsteady.length > 0 ? ` (only when run again, alone: ${unsteady.join(', ')})` : '';
  return `${sum('passed')} passed, ${sum('failures')} failed${aside}`;
}
