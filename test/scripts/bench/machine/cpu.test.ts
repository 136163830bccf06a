import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from '@jest/globals';
import { CpuSpan } from '../../../../scripts/bench/machine/cpuSpan.ts';

test('the time of a child and of its own children is counted, that of others is not', async () => {
  // By its own clock, so that a busy machine only makes it longer.
  const burn = 'for (let use; !use || use.user + use.system < 500_000; use = process.cpuUsage());';
  const parent = `
    const { spawn } = require('node:child_process');
    process.stdin.once('data', () => {
      const child = spawn(process.execPath, ['-e', ${JSON.stringify(burn)}]);
      child.on('exit', () => process.stdout.write('done'));
    });
    process.stdout.write('ready');`;
  const child = spawn(process.execPath, ['-e', parent], { stdio: ['pipe', 'pipe', 'inherit'] });
  try {
    await once(child.stdout!, 'data');
    const span = new CpuSpan(child.pid!);
    const bystander = new CpuSpan(process.pid);
    child.stdin!.write('go');
    await once(child.stdout!, 'data');
    const { cpuS, seconds, machineBusy } = span.end();
    expect(cpuS).toBeGreaterThan(0.3);
    expect(cpuS).toBeLessThan(seconds + 0.3);
    expect(machineBusy).toBeGreaterThan(0);
    expect(bystander.end().cpuS).toBeGreaterThanOrEqual(cpuS);
  } finally {
    child.kill('SIGKILL');
  }
});
