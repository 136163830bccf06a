import { expect, test } from '@jest/globals';
import { opusDurationUs } from '../../../mixer/audio/opusPacket.ts';

/** The first byte: configuration and frame count code (RFC 6716, 3.1). */
const toc = (configuration: number, code: number): number => (configuration << 3) | code;

test.each([
  ['SILK, 10 ms', [toc(0, 0)], 10_000],
  ['SILK, 60 ms', [toc(11, 0)], 60_000],
  ['hybrid, 20 ms', [toc(13, 0)], 20_000],
  ['CELT, 2.5 ms', [toc(16, 0)], 2_500],
  ['CELT, two of 20 ms', [toc(31, 1)], 40_000],
  ['SILK, six of 20 ms', [toc(1, 3), 6], 120_000],
  ['more than 120 ms', [toc(3, 3), 3], 0],
  ['a count that is cut off', [toc(3, 3)], 0],
  ['nothing', [], 0],
])('%s', (_, bytes, durationUs) => {
  expect(opusDurationUs(Buffer.from(bytes))).toBe(durationUs);
});
