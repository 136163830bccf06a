/** Unit tests mirror the tree; behaviour tests (real Chromium) run one at a time after them: see package.json. */
export default {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'es6' } },
    ],
  },
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/test/long/'],
  modulePathIgnorePatterns: ['<rootDir>/dist'],
  maxWorkers: 2,
};
