import { beforeEach, describe, expect, test } from '@jest/globals';
import type { CodedFrame } from '../../../mixer/rtp/frame.ts';
import { MAX_PAYLOAD_BYTES } from '../../../mixer/rtp/frame.ts';
import { parseRtp } from '../../../mixer/rtp/packet.ts';
import { Vp8Depacketizer, Vp8Packetizer, vp8DescriptorLength, vp8Size } from '../../../mixer/rtp/vp8.ts';
import { Camera, RED } from '../harness/camera.ts';
import { PacketStream, parsed } from '../harness/packets.ts';
import { Random } from '../harness/random.ts';

let depacketizer: Vp8Depacketizer;
let packetizer: Vp8Packetizer;
let stream: PacketStream;
const random = new Random(8);
beforeEach(() => {
  depacketizer = new Vp8Depacketizer();
  packetizer = new Vp8Packetizer();
  stream = new PacketStream();
});

/** An inter frame by its first bit; what follows does not matter here. */
const frameOf = (length: number, keyFrame = false) => {
  const bytes = random.bytes(length);
  bytes[0] = (bytes[0]! & 0xfe) | (keyFrame ? 0 : 1);
  return bytes;
};
const cut = (data: Buffer, rtpTimestamp: number) => stream.picture(packetizer.cut(data), rtpTimestamp);
/** Pushes packets, `null` standing for a lost one; gives the frames that came out. */
function frames(packets: (Buffer | null)[]): CodedFrame[] {
  return packets.flatMap((packet) => {
    if (packet === null) depacketizer.lost();
    const frame = packet && depacketizer.push(parseRtp(packet, 5)!);
    return frame ? [frame] : [];
  });
}

describe('a frame cut and put together', () => {
  test.each([1, 2, 1175, 1176, 1177, 1180, 1181, 2352, 2353, 5000, 70_000])(
    'of %i bytes is the same',
    (length) => {
      const data = frameOf(length);
      const [frame, ...others] = frames(cut(data, 3000));
      expect(others).toEqual([]);
      expect(frame!.data.equals(data)).toBe(true);
      expect(frame).toMatchObject({ rtpTimestamp: 3000, keyFrame: false, afterLoss: false, arrivalUs: 5 });
    },
  );

  test('leaves no payload over the limit and nearly equal parts', () => {
    for (let round = 0; round < 300; round++) {
      const payloads = packetizer.cut(frameOf(1 + random.below(9000))).map((parts) => Buffer.concat(parts));
      const lengths = payloads.map(({ length }) => length);
      expect(Math.max(...lengths)).toBeLessThanOrEqual(MAX_PAYLOAD_BYTES);
      expect(Math.min(...lengths)).toBeGreaterThan(4);
    }
  });

  test('numbers its pictures with 15 bits that wrap', () => {
    const ids = Array.from({ length: 0x8001 }, () =>
      packetizer.cut(Buffer.from([1]))[0]![0]!.readUInt16BE(2),
    );
    expect(ids.every((id) => (id & 0x8000) !== 0)).toBe(true);
    for (let i = 1; i < ids.length; i++) expect((ids[i]! - ids[i - 1]!) & 0x7fff).toBe(1);
  });
});

describe('a lost packet', () => {
  const kept = () => cut(frameOf(3000), 9000);

  test.each([
    ['start', 0],
    ['middle', 1],
    ['end', 2],
  ])('at the %s takes its frame with it, and the next one says so', (_, lost) => {
    const broken: (Buffer | null)[] = cut(frameOf(3000), 6000);
    broken[lost] = null;
    const after = frames([...cut(frameOf(10), 3000), ...broken, ...kept(), ...cut(frameOf(10), 12_000)]);
    expect(after.map(({ rtpTimestamp, afterLoss }) => [rtpTimestamp, afterLoss])).toEqual([
      [3000, false],
      [9000, true],
      [12_000, false],
    ]);
  });

  test('that nobody told of is noticed by the timestamp', () => {
    const [start] = cut(frameOf(3000), 6000);
    const [, , end] = cut(frameOf(3000), 9000);
    expect(frames([start!, end!])).toEqual([]);
    expect(frames(cut(frameOf(10), 12_000))[0]).toMatchObject({ afterLoss: true });
  });

  test('a frame that begins before the last one ended replaces it', () => {
    const first = cut(frameOf(3000), 6000);
    const second = frameOf(3000);
    const [frame] = frames([first[0]!, first[1]!, ...cut(second, 9000)]);
    expect(frame!.data.equals(second)).toBe(true);
    expect(frame!.afterLoss).toBe(true);
  });
});

describe('payload descriptors', () => {
  test.each([
    ['one byte', [0x10], 1],
    ['extended, nothing in it', [0x90, 0x00], 2],
    ['7-bit picture id', [0x90, 0x80, 0x11], 3],
    ['15-bit picture id', [0x90, 0x80, 0x91, 0x22], 4],
    ['TL0PICIDX', [0x90, 0x40, 1], 3],
    ['TID', [0x90, 0x20, 1], 3],
    ['KEYIDX', [0x90, 0x10, 1], 3],
    ['all of them', [0x90, 0xf0, 0x91, 0x22, 3, 4], 6],
  ])('%s', (_, bytes, length) => {
    expect(vp8DescriptorLength(Buffer.from([...bytes, 0xaa]))).toBe(length);
    expect(vp8DescriptorLength(Buffer.from(bytes))).toBe(length === 1 ? 1 : 0);
  });

  test('a descriptor without payload is a loss, not an exception', () => {
    const payload = Buffer.from([0x90, 0x80]);
    expect(depacketizer.push(parsed({ sequence: 1, marker: true, payload }))).toBeNull();
    expect(frames(cut(frameOf(9), 1))[0]).toMatchObject({ afterLoss: true });
  });

  test('further partitions belong to the frame that was begun', () => {
    const part = (sequence: number, head: number, byte: number, marker: boolean) =>
      depacketizer.push(parsed({ sequence, marker, payload: Buffer.from([head, byte]) }));
    expect(part(1, 0x10, 1, false)).toBeNull();
    expect(part(2, 0x11, 2, false)).toBeNull();
    expect([...part(3, 0x12, 3, true)!.data]).toEqual([1, 2, 3]);
  });
});

describe('size of a key frame', () => {
  test.each([
    [64, 48],
    [320, 180],
    [638, 358],
    [1280, 720],
  ])('%i×%i is read from what libvpx wrote', (width, height) => {
    const camera = new Camera({ codec: 'vp8', width, height });
    const [key] = frames(camera.shoot(RED));
    const [inter] = frames(camera.shoot(RED));
    camera.close();
    expect(key).toMatchObject({ keyFrame: true, size: { width, height } });
    expect(inter).toMatchObject({ keyFrame: false, size: undefined });
  });

  test('the largest that can be announced is read, without its scaling bits', () => {
    const head = Buffer.from([0x10, 0, 0, 0x9d, 0x01, 0x2a, 0xff, 0xff, 0xff, 0x7f]);
    expect(vp8Size(head)).toEqual({ width: 16_383, height: 16_383 });
  });

  test('nothing is read where there is no whole header', () => {
    const head = Buffer.from([0x10, 0, 0, 0x9d, 0x01, 0x2a, 0x40, 0x01, 0xb4, 0x00]);
    expect(vp8Size(head)).toEqual({ width: 320, height: 180 });
    expect(vp8Size(head.subarray(0, 9))).toBeUndefined();
    expect(vp8Size(Buffer.concat([Buffer.from([0x11]), head.subarray(1)]))).toBeUndefined();
    head[4] = 0;
    expect(vp8Size(head)).toBeUndefined();
  });
});
