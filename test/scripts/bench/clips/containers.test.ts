import { expect, test } from '@jest/globals';
import { splitNals, splitPictures } from '../../../../scripts/bench/clips/annexB.ts';
import { readIvf, writeIvf } from '../../../../scripts/bench/clips/ivf.ts';
import { readOggPackets } from '../../../../scripts/bench/clips/ogg.ts';

test('IVF frames come back as they were written', () => {
  const frames = [Buffer.from('one'), Buffer.alloc(0), Buffer.alloc(5000, 7)];
  expect(readIvf(writeIvf(frames, 640, 360, 30))).toEqual(frames);
});

test('a byte stream is cut at both kinds of start code, and into pictures at its delimiters', () => {
  const stream = Buffer.from([
    ...[0, 0, 0, 1, 0x09, 0xf0, 0, 0, 0, 1, 0x67, 1, 0, 0, 1, 0x65, 9, 9],
    ...[0, 0, 0, 1, 0x09, 0xf0, 0, 0, 1, 0x06, 5, 0, 0, 1, 0x41, 8],
  ]);
  expect(splitNals(stream).map((nal) => nal[0])).toEqual([0x09, 0x67, 0x65, 0x09, 0x06, 0x41]);
  expect(splitPictures(stream)).toEqual([
    [Buffer.from([0x67, 1]), Buffer.from([0x65, 9, 9])],
    [Buffer.from([0x41, 8])],
  ]);
});

test('Ogg packets are put together over segment and page borders', () => {
  const page = (lacing: number[], body: Buffer) =>
    Buffer.concat([Buffer.from('OggS'), Buffer.alloc(22), Buffer.from([lacing.length, ...lacing]), body]);
  const long = Buffer.alloc(255 + 255 + 10, 3);
  const file = Buffer.concat([
    page([2, 255], Buffer.concat([Buffer.from('ab'), long.subarray(0, 255)])),
    page([255, 10, 1], Buffer.concat([long.subarray(255), Buffer.from('z')])),
  ]);
  expect(readOggPackets(file)).toEqual([Buffer.from('ab'), long, Buffer.from('z')]);
});
