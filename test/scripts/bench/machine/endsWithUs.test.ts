import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from '@jest/globals';
import { endsWithUs } from '../../../../scripts/bench/machine/endsWithUs.ts';

test('a child is ended when this process exits, and one that has ended is forgotten', async () => {
  const before = process.listeners('exit');
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { detached: true });
  const exit = once(child, 'exit');
  endsWithUs(child);
  const added = process.listeners('exit').filter((each) => !before.includes(each));
  expect(added).toHaveLength(1);
  added[0]!(0);
  expect(await exit).toEqual([null, 'SIGTERM']);
  expect(process.listeners('exit')).toEqual(before);
});

test('a child that never began leaves nothing either', async () => {
  const before = process.listeners('exit');
  const child = spawn('/nowhere/program');
  endsWithUs(child);
  await once(child, 'error').catch(() => {});
  expect(process.listeners('exit')).toEqual(before);
});
