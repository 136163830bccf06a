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

say('Running the tests …');
const folder = mkdtempSync(join(tmpdir(), 'rostrum-test-'));
const report = join(folder, 'report.json');
const jest = ['run', '-s', 'unit', '--', '--json', `--outputFile=${report}`, ...process.argv.slice(2)];
const code = await run('npm', jest, { env, quiet: true });
say(summaryOf(report));
rmSync(folder, { recursive: true });
process.exit(code);

function summaryOf(path) {
  try {
    const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites } = JSON.parse(
      readFileSync(path, 'utf8'),
    );
    return `${numPassedTests} passed, ${numFailedTests + numRuntimeErrorTestSuites} failed`;
  } catch {
    return 'The tests did not come to their end.';
  }
}
