import { beforeEach, describe, expect, test } from '@jest/globals';
import { type CodedFrame, MAX_PAYLOAD_BYTES } from '../../../mixer/rtp/frame.ts';
import { H264Depacketizer, H264Packetizer, splitAnnexB } from '../../../mixer/rtp/h264.ts';
import { parseRtp } from '../../../mixer/rtp/packet.ts';
import { Camera, GREEN } from '../harness/camera.ts';
import { PacketStream } from '../harness/packets.ts';
import { Random } from '../harness/random.ts';

let depacketizer: H264Depacketizer;
let stream: PacketStream;
const packetizer = new H264Packetizer();
const random = new Random(264);
beforeEach(() => {
  depacketizer = new H264Depacketizer();
  stream = new PacketStream();
});

const SLICE = 0x61;
const IDR = 0x65;
const SPS = 0x67;
const PPS = 0x68;
const START = Buffer.from([0, 0, 0, 1]);

/** A NAL unit without zeros, so that no start code hides in it. */
function nal(header: number, length: number): Buffer {
  const bytes = Buffer.from(Array.from({ length }, () => 1 + random.below(255)));
  bytes[0] = header;
  return bytes;
}
const annexB = (...nals: Buffer[]) => Buffer.concat(nals.flatMap((unit) => [START, unit]));
const cut = (data: Buffer, rtpTimestamp: number) => stream.picture(packetizer.cut(data), rtpTimestamp);
const whole = (payloads: number[][], rtpTimestamp = 1) =>
  stream.picture(
    payloads.map((bytes) => [Buffer.from(bytes)]),
    rtpTimestamp,
  );

function frames(packets: (Buffer | null)[]): CodedFrame[] {
  return packets.flatMap((packet) => {
    if (packet === null) depacketizer.lost();
    const frame = packet && depacketizer.push(parseRtp(packet, 5)!);
    return frame ? [frame] : [];
  });
}
const types = (data: Buffer) => packetizer.cut(data).map(([head]) => head![0]! & 0x1f);

describe('a picture cut and put together', () => {
  test.each([1, 2, 1176, 1177, 1178, 1179, 1180, 1181, 1182, 2357, 2358, 5000, 70_000])(
    'of one unit of %i bytes is the same',
    (length) => {
      const data = annexB(nal(SLICE, length));
      const [frame, ...others] = frames(cut(data, 3000));
      expect(others).toEqual([]);
      expect(frame!.data.equals(data)).toBe(true);
      expect(frame).toMatchObject({ rtpTimestamp: 3000, keyFrame: false, afterLoss: false });
    },
  );

  test('any mixture of units is the same, and no payload is over the limit', () => {
    for (let round = 0; round < 200; round++) {
      const nals = Array.from({ length: 1 + random.below(9) }, () =>
        nal(random.pick([SLICE, IDR, SPS, PPS, 6]), 1 + random.below(random.chance(0.5) ? 60 : 4000)),
      );
      const payloads = packetizer.cut(annexB(...nals));
      for (const parts of payloads) {
        expect(Buffer.concat(parts).length).toBeLessThanOrEqual(MAX_PAYLOAD_BYTES);
      }
      const [frame] = frames(stream.picture(payloads, round));
      expect(frame!.data.equals(annexB(...nals))).toBe(true);
    }
  });

  test('parameter sets share a STAP-A whose importance is the highest of them', () => {
    const payloads = packetizer.cut(annexB(nal(0x27, 10), nal(PPS, 5), nal(IDR, 5000)));
    expect(payloads[0]![0]!).toEqual(Buffer.from([0x60 | 24]));
    expect(payloads.slice(1).every(([head]) => head![0] === (0x60 | 28))).toBe(true);
  });

  test('a unit that fits goes alone; a fragment never is both start and end (RFC 6184 5.8)', () => {
    expect(types(annexB(nal(SLICE, MAX_PAYLOAD_BYTES)))).toEqual([1]);
    for (let length = 1170; length < 1190; length++) {
      for (const [head] of packetizer.cut(annexB(nal(SLICE, length)))) {
        if ((head![0]! & 0x1f) === 28) expect(head![1]! & 0xc0).not.toBe(0xc0);
      }
    }
  });

  test('start codes of three and four bytes both split', () => {
    const units = [nal(SPS, 9), nal(PPS, 4), nal(IDR, 90)];
    const data = Buffer.concat([
      START.subarray(1),
      units[0]!,
      START,
      units[1]!,
      START.subarray(1),
      units[2]!,
    ]);
    expect(splitAnnexB(data).map((unit) => unit.toString('hex'))).toEqual(
      units.map((unit) => unit.toString('hex')),
    );
    expect(splitAnnexB(Buffer.from('no start code'))).toEqual([]);
  });
});

describe('packetization mode 0', () => {
  test('single units of one timestamp are one picture', () => {
    const [frame] = frames(
      whole([
        [9, 1],
        [SPS, 1],
        [PPS, 2],
        [IDR, 3, 4],
      ]),
    );
    expect(splitAnnexB(frame!.data).map((unit) => unit[0])).toEqual([9, SPS, PPS, IDR]);
    expect(frame!.keyFrame).toBe(true);
  });
});

describe('a lost packet', () => {
  test.each([
    ['start', 0],
    ['middle', 1],
    ['end', 4],
  ])('at the %s of a fragmented unit takes its picture with it', (_, lost) => {
    const broken: (Buffer | null)[] = cut(annexB(nal(SLICE, 5000)), 6000);
    expect(broken).toHaveLength(5);
    broken[lost] = null;
    const after = frames([
      ...cut(annexB(nal(SLICE, 10)), 3000),
      ...broken,
      ...cut(annexB(nal(SLICE, 3000)), 9000),
      ...cut(annexB(nal(SLICE, 10)), 12_000),
    ]);
    expect(after.map(({ rtpTimestamp, afterLoss }) => [rtpTimestamp, afterLoss])).toEqual([
      [3000, false],
      [9000, true],
      [12_000, false],
    ]);
  });

  test('between the slices of a picture takes it, too', () => {
    const slices = whole(
      [
        [SLICE, 1],
        [SLICE, 2],
        [SLICE, 3],
      ],
      6000,
    );
    expect(frames([slices[0]!, null, slices[2]!])).toEqual([]);
    expect(frames(whole([[SLICE, 1]], 9000))[0]).toMatchObject({ afterLoss: true });
  });

  test('a missing marker that nobody told of is noticed by the timestamp', () => {
    const [start] = cut(annexB(nal(SLICE, 3000)), 6000);
    const next = annexB(nal(SLICE, 30));
    const [frame] = frames([start!, ...cut(next, 9000)]);
    expect(frame!.data.equals(next)).toBe(true);
    expect(frame!.afterLoss).toBe(true);
  });
});

describe('nonsense', () => {
  test.each([
    ['a fragment without its start', [[0x7c, 0x41, 1, 2]]],
    [
      'a fragment that begins again before it ended',
      [
        [0x7c, 0x81, 1],
        [0x7c, 0x81, 2],
        [0x7c, 0x41, 3],
      ],
    ],
    ['an empty fragment', [[0x7c, 0x81]]],
    ['an aggregate of nothing', [[0x78]]],
    ['an aggregate whose unit is longer than it', [[0x78, 0, 9, SLICE, 1]]],
    ['an aggregate with an empty unit', [[0x78, 0, 0, 0, 1, SLICE]]],
    ['an aggregate with a half length at its end', [[0x78, 0, 1, SLICE, 0]]],
    ['STAP-B', [[0x79, 0, 0, 0, 1, SLICE]]],
    ['FU-B', [[0x7d, 0x81, 0, 0, 1]]],
    ['a reserved type', [[0x7f, 1]]],
  ])('%s makes no picture, and the next one says that something is missing', (_, payloads) => {
    expect(frames(whole(payloads, 1))).toEqual([]);
    expect(frames(whole([[SLICE, 1]], 2))[0]).toMatchObject({ afterLoss: true });
  });
});

test('what x264 makes is cut, put together and recognised: key frame with its size, then none', () => {
  const camera = new Camera({ codec: 'h264', width: 638, height: 358 });
  const key = camera.coded(GREEN);
  const inter = camera.coded(GREEN);
  camera.close();
  const [first] = frames(cut(key, 1));
  expect(first).toMatchObject({ keyFrame: true, size: { width: 638, height: 358 } });
  expect(splitAnnexB(first!.data)).toEqual(splitAnnexB(key));
  expect(frames(cut(inter, 2))[0]).toMatchObject({ keyFrame: false, size: undefined });
});
