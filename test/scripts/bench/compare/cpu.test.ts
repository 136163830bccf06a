import { expect, test } from '@jest/globals';
import { cpuOf, partsOf } from '../../../../scripts/bench/compare/cpu.ts';
import { emptyParts, sumOf } from '../../../../scripts/bench/profile/parts.ts';

/** Server 10 with threads 10 and 11, its mixer 20 with threads 20 and 21. */
const use = {
  seconds: 3,
  cores: 1,
  threads: new Map([
    [10, { pid: 10, cores: 0.3 }],
    [11, { pid: 10, cores: 0.1 }],
    [20, { pid: 20, cores: 0.4 }],
    [21, { pid: 20, cores: 0.2 }],
  ]),
};

test('the server alone is its own threads', () => {
  expect(cpuOf(use, 10)).toMatchObject({ total: 1, parts: null });
  expect(cpuOf(use, 10).withoutMixers).toBeCloseTo(0.4);
});

test('parts are shares of each thread, never more than it took, and sum to the total', () => {
  const shares = new Map([
    // Half a core of samples, but only 0.3 were had: each part is less by as much.
    [10, { ...emptyParts(), send: 0.4, receive: 0.1 }],
    // Less than it took: what is missing is the event loop's own.
    [20, { ...emptyParts(), decode: 0.1, compose: 0.2 }],
  ]);
  const parts = partsOf(use, shares);
  expect(parts.send).toBeCloseTo(0.24);
  expect(parts.receive).toBeCloseTo(0.06);
  expect(parts.decode).toBeCloseTo(0.1);
  expect(parts.compose).toBeCloseTo(0.2);
  expect(parts.other).toBeCloseTo(0.1 + 0.1 + 0.2);
  expect(sumOf(parts)).toBeCloseTo(use.cores);
});

test('what threads that have ended took is shared out, too', () => {
  const parts = partsOf({ ...use, cores: 2 }, new Map([[10, { ...emptyParts(), send: 0.3 }]]));
  expect(sumOf(parts)).toBeCloseTo(2);
  expect(parts.send).toBeCloseTo(0.6);
});
