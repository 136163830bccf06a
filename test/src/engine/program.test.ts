import { expect, test } from '@jest/globals';
import { mixerEnvironment, mixerProgram } from '../../../src/engine/program.ts';

test('the program is that of the package, from source and from the built tree', () => {
  const root = process.cwd();
  expect(mixerProgram(`${root}/src/engine/program.ts`)).toBe(`${root}/dist/mixer/main.js`);
  expect(mixerProgram(`${root}/dist/src/engine/program.js`)).toBe(`${root}/dist/mixer/main.js`);
  expect(() => mixerProgram('/program.js')).toThrow('no package.json');
});

test('a mixer inherits no secret of ours', () => {
  const kept = mixerEnvironment({
    PATH: '/bin',
    LC_ALL: 'C.UTF-8',
    TZ: 'UTC',
    ROSTRUM_SECRET: 'x',
    ROSTRUM_API_KEY: 'y',
    AWS_SECRET_ACCESS_KEY: 'of somebody else',
    HOME: '/root',
    NODE_OPTIONS: '-r z',
  });
  expect(kept).toEqual({ PATH: '/bin', LC_ALL: 'C.UTF-8', TZ: 'UTC', HOME: '/' });
});
