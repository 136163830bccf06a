import { expect, test } from '@jest/globals';
import { coarser, histogramSamples } from '../../../../src/http/metrics/histogram.ts';

const counted = { boundsMs: [1, 2, 5, 10], counts: [7, 5, 3, 2, 1], sumMs: 90 };

test('buckets count what was at most their bound', () => {
  expect(histogramSamples({ thread: 'main' }, counted)).toEqual([
    { value: 7, suffix: '_bucket', labels: { thread: 'main', le: '0.001' } },
    { value: 12, suffix: '_bucket', labels: { thread: 'main', le: '0.002' } },
    { value: 15, suffix: '_bucket', labels: { thread: 'main', le: '0.005' } },
    { value: 17, suffix: '_bucket', labels: { thread: 'main', le: '0.01' } },
    { value: 18, suffix: '_bucket', labels: { thread: 'main', le: '+Inf' } },
    { value: 0.09, suffix: '_sum', labels: { thread: 'main' } },
    { value: 18, suffix: '_count', labels: { thread: 'main' } },
  ]);
});

test('fewer buckets hold the same', () => {
  expect(coarser(counted, [2, 10])).toEqual({ boundsMs: [2, 10], counts: [12, 5, 1], sumMs: 90 });
  expect(coarser(counted, [2])).toEqual({ boundsMs: [2], counts: [12, 6], sumMs: 90 });
});
