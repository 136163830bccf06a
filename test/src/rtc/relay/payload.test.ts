import { describe, expect, test } from '@jest/globals';
import { payloadReader } from '../../../../src/rtc/relay/payload.ts';

const vp8 = payloadReader('vp8')!;
const h264 = payloadReader('h264')!;
const bytes = (...values: number[]): Buffer => Buffer.from(values);

describe('VP8', () => {
  test.each([
    ['a key frame without extension', bytes(0x10, 0x10, 0x02), true, true],
    ['an interframe', bytes(0x10, 0x11), true, false],
    ['a key frame with a wide picture id and TL0PICIDX', bytes(0x90, 0xc0, 0x81, 0x02, 7, 0x10), true, true],
    ['with a narrow picture id, TID and KEYIDX', bytes(0x90, 0xf0, 0x01, 7, 0x20, 0x11), true, false],
    ['a later packet of a key frame', bytes(0x80, 0x80, 0x01, 0x10), false, false],
    ['another partition', bytes(0x11, 0x10), false, false],
    ['a descriptor cut short', bytes(0x90, 0x80), true, false],
    ['nothing', bytes(), false, false],
  ])('%s', (_what, payload, begins, key) => {
    expect([vp8.beginsPicture(payload), vp8.isKeyFrame(payload)]).toEqual([begins, key]);
  });
});

describe('H.264', () => {
  const sps = [0x67, 0x42, 0xe0, 0x1f];
  const pps = [0x68, 0xce];
  const idr = [0x65, 0x88, 0x80];
  const stap = (...units: number[][]) => bytes(0x78, ...units.flatMap((unit) => [0, unit.length, ...unit]));
  test.each([
    ['a parameter set', bytes(...sps), true, false],
    ['an IDR slice', bytes(...idr), true, true],
    ['a later slice of an IDR picture', bytes(0x65, 0x40), false, true],
    ['a slice', bytes(0x41, 0x9a), true, false],
    ['STAP-A of parameter sets alone', stap(sps, pps), true, false],
    ['STAP-A with an IDR slice', stap(sps, pps, idr), true, true],
    ['STAP-A of a slice', stap([0x41, 0x9a]), true, false],
    ['STAP-A cut short', bytes(0x78, 0, 200, 0x65, 0x88), false, false],
    ['FU-A that begins an IDR slice', bytes(0x7c, 0x85, 0x88), true, true],
    ['FU-A in the middle', bytes(0x7c, 0x05, 0x88), false, false],
    ['FU-A that begins a slice', bytes(0x5c, 0x81, 0x9a), true, false],
    ['what RFC 6184 does not allow here', bytes(0x7d, 0x85, 0x88), false, false],
    ['nothing', bytes(), false, false],
  ])('%s', (_what, payload, begins, key) => {
    expect([h264.beginsPicture(payload), h264.isKeyFrame(payload)]).toEqual([begins, key]);
  });
});

test('other codecs are not forwarded', () => {
  expect(['opus', 'vp9', 'toString'].map(payloadReader)).toEqual([undefined, undefined, undefined]);
});
