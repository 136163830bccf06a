import { describe, expect, test } from '@jest/globals';
import { avcConfiguration, lengthPrefixed, splitAnnexB } from '../../../../src/egress/matroska/avc.ts';
import { element, unsigned } from '../../../../src/egress/matroska/ebml.ts';
import { MatroskaWriter } from '../../../../src/egress/matroska/writer.ts';

const hex = (bytes: Buffer | Buffer[]): string => Buffer.concat([bytes].flat()).toString('hex');

describe('EBML', () => {
  test.each([
    [126, '81fe'],
    // 127 in seven bits would be all ones, which means "unknown".
    [127, '8140 7f'],
    [300, '8141 2c'],
  ])('an element of %i bytes has the shortest size that is not all ones', (size, start) => {
    const bytes = element(0x81, Buffer.alloc(size));
    expect(hex(bytes).startsWith(start.replace(' ', ''))).toBe(true);
    expect(bytes.length).toBe(start.replace(' ', '').length / 2 + size);
  });

  test('numbers take the bytes they need', () => {
    expect(hex(unsigned(0xe7, 0))).toBe('e78100');
    expect(hex(unsigned(0xe7, 255))).toBe('e781ff');
    expect(hex(unsigned(0xe7, 256))).toBe('e7820100');
    expect(hex(unsigned(0x2ad7b1, 100_000))).toBe('2ad7b1830186a0');
  });
});

describe('H.264 for containers', () => {
  const sps = Buffer.from('67420c1e', 'hex');
  const pps = Buffer.from('68ce3c80', 'hex');
  const idr = Buffer.from('6588840a', 'hex');
  const picture = Buffer.concat([
    ...[Buffer.from([0, 0, 0, 1]), sps, Buffer.from([0, 0, 0, 1]), pps],
    ...[Buffer.from([0, 0, 1]), idr],
  ]);

  test('units are found behind long and short start codes', () => {
    expect(splitAnnexB(picture).map((unit) => unit.toString('hex'))).toEqual(
      [sps, pps, idr].map((unit) => unit.toString('hex')),
    );
    expect(splitAnnexB(Buffer.from([1, 2, 3]))).toEqual([]);
  });

  test('parameter sets make the configuration, the rest is prefixed with its length', () => {
    expect(hex(avcConfiguration(picture)!)).toBe(`01420c1effe10004${hex(sps)}010004${hex(pps)}`);
    expect(hex(lengthPrefixed(picture))).toBe(`00000004${hex(idr)}`);
    expect(avcConfiguration(Buffer.concat([Buffer.from([0, 0, 1]), idr]))).toBeNull();
  });
});

describe('a live Matroska stream', () => {
  const video = { codec: 'vp8', width: 640, height: 360, fps: 30 } as const;
  const picture = (timeUs: number, keyFrame = false) => ({
    ...({ media: 'video', keyFrame, timeUs, durationUs: 33_300, bytes: Buffer.from([9]) } as const),
  });

  test('begins with a key frame; what comes before has no place in it', () => {
    const writer = new MatroskaWriter({ video, audio: true });
    expect(writer.write(picture(0))).toEqual([]);
    expect(writer.write({ ...picture(0), media: 'audio', keyFrame: true })).toEqual([]);
    const first = hex(writer.write(picture(33_300, true)));
    expect(first.startsWith('1a45dfa3')).toBe(true);
    expect(first).toContain(Buffer.from('V_VP8').toString('hex'));
    expect(first).toContain(Buffer.from('OpusHead').toString('hex'));
  });

  test('every packet comes out at once, with its time, its length and whether it stands alone', () => {
    const writer = new MatroskaWriter({ video, audio: false });
    writer.write(picture(0, true));
    // BlockGroup { Block track 1, +333 ticks of 100 µs; BlockDuration 333; ReferenceBlock −1 }
    expect(hex(writer.write(picture(33_300)))).toBe(
      'a08e' + 'a185' + '81014d00' + '09' + '9b82014d' + 'fb81ff',
    );
    const key = hex(writer.write(picture(66_600, true)));
    expect(key.startsWith('1f43b67501ffffffffffffff' + 'e782029a')).toBe(true);
    expect(key.endsWith('9b82014d')).toBe(true);
  });

  test('a cluster never outgrows the 16 bits of its packets, also after a long hold', () => {
    const writer = new MatroskaWriter({ video, audio: false });
    writer.write(picture(0, true));
    for (const timeUs of [500_000, 1_700_000, 60_000_000]) {
      const isNew = timeUs > 1_000_000;
      expect(hex(writer.write(picture(timeUs))).startsWith('1f43b675')).toBe(isNew);
    }
  });

  test('sound alone needs no key frame', () => {
    const writer = new MatroskaWriter({ video: null, audio: true });
    const bytes = hex(writer.write({ ...picture(0), media: 'audio', keyFrame: true }));
    expect(bytes).toContain(Buffer.from('A_OPUS').toString('hex'));
    expect(bytes).not.toContain(Buffer.from('V_VP8').toString('hex'));
  });
});
