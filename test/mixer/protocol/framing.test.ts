import { describe, expect, test } from '@jest/globals';
import {
  chunkFrame,
  controlFrame,
  eachRtp,
  FrameReader,
  FrameType,
  frameHead,
  RtpBatch,
  readChunk,
  readTrackFrame,
  type TrackFrame,
  trackFrame,
} from '../../../mixer/protocol/framing.ts';
import { Random } from '../harness/random.ts';

/** By name: those that Node throws are of another realm than the test. */
const rangeError = expect.objectContaining({ name: 'RangeError' });

interface Read {
  type: number;
  payload: Buffer;
}

/** Everything a reader makes of a stream cut at these places. */
function read(stream: Buffer, cuts: number[]): Read[] {
  const reader = new FrameReader();
  const frames: Read[] = [];
  let from = 0;
  for (const to of [...cuts, stream.length]) {
    reader.push(stream.subarray(from, to), (type, payload) => frames.push({ type, payload }));
    from = to;
  }
  return frames;
}
const frame = (type: number, payload: Buffer) => Buffer.concat([frameHead(type, payload.length), payload]);

describe('a stream of frames', () => {
  const payloads = [Buffer.from('{"a":1}'), Buffer.alloc(0), Buffer.alloc(70_000, 7), Buffer.from([1])];
  const stream = Buffer.concat(payloads.map((payload, i) => frame(i + 1, payload)));

  const expectAll = (frames: Read[]) => {
    expect(frames.map(({ type }) => type)).toEqual([1, 2, 3, 4]);
    for (const [i, { payload }] of frames.entries()) expect(payload.equals(payloads[i]!)).toBe(true);
  };

  test('comes out whole however it was cut', () => {
    const random = new Random(1);
    expectAll(read(stream, []));
    for (let round = 0; round < 100; round++) {
      const cuts = Array.from({ length: random.below(40) }, () => random.below(stream.length)).sort(
        (a, b) => a - b,
      );
      expectAll(read(stream, cuts));
    }
  });

  test('byte by byte, too', () => {
    const small = Buffer.concat([
      frame(1, Buffer.from('abc')),
      frame(2, Buffer.alloc(0)),
      frame(3, Buffer.from('d')),
    ]);
    const frames = read(small, Array.from(small.keys()));
    expect(frames.map(({ type, payload }) => `${type}${payload}`)).toEqual(['1abc', '2', '3d']);
  });

  test('payloads stay what they were when more comes', () => {
    const reader = new FrameReader();
    const kept: Buffer[] = [];
    for (let i = 0; i < 50; i++)
      reader.push(frame(1, Buffer.alloc(1000, i)), (_, payload) => kept.push(payload));
    for (const [i, payload] of kept.entries()) expect(payload.every((byte) => byte === i)).toBe(true);
  });

  test('a frame of megabytes in small pieces takes time in proportion to its size', () => {
    const large = frame(3, Buffer.alloc(8 * 1024 * 1024, 5));
    const cuts = Array.from({ length: Math.floor(large.length / 16_384) }, (_, i) => (i + 1) * 16_384);
    const startedMs = performance.now();
    const [only] = read(large, cuts);
    expect(only!.payload.length).toBe(8 * 1024 * 1024);
    expect(performance.now() - startedMs).toBeLessThan(100);
  });

  test('an impossible length ends it', () => {
    expect(() => read(Buffer.from([0, 0, 0, 0, 1]), [])).toThrow(rangeError);
    expect(() => read(Buffer.from([0x7f, 0, 0, 0, 1]), [])).toThrow(rangeError);
    expect(() => read(Buffer.from([0xff, 0xff, 0xff, 0xff, 1]), [])).toThrow(rangeError);
  });

  test('garbage is frames or a RangeError, never anything else', () => {
    const random = new Random(2);
    for (let round = 0; round < 2000; round++) {
      try {
        read(random.mutated(stream.subarray(0, 60)), [random.below(20)]);
      } catch (error) {
        expect(error).toEqual(rangeError);
      }
    }
  });
});

test('a control message is one frame of JSON', () => {
  const [message] = read(controlFrame({ type: 'ready', ffmpeg: 'é–\n' }), []);
  expect(message!.type).toBe(FrameType.CONTROL);
  expect(JSON.parse(message!.payload.toString())).toEqual({ type: 'ready', ffmpeg: 'é–\n' });
});

describe('a batch of packets', () => {
  test('comes out packet by packet, with track and time', () => {
    const random = new Random(3);
    const batch = new RtpBatch();
    for (let round = 0; round < 20; round++) {
      expect(batch.empty).toBe(true);
      const sent = Array.from({ length: 1 + random.below(400) }, () => ({
        track: random.below(65_536),
        arrivalUs: 1e12 + random.below(1e9) + 0.5,
        packet: random.bytes(random.below(60)),
      }));
      for (const { track, arrivalUs, packet } of sent) batch.add(track, arrivalUs, packet);
      expect(batch.empty).toBe(false);
      const [taken] = read(batch.take(), []);
      expect(taken!.type).toBe(FrameType.RTP);
      const got: typeof sent = [];
      eachRtp(taken!.payload, (track, arrivalUs, packet) => got.push({ track, arrivalUs, packet }));
      expect(got).toEqual(sent);
    }
  });

  test('grows with what is put in, and takes the longest packet there can be', () => {
    const batch = new RtpBatch();
    const longest = Buffer.alloc(65_535, 9);
    for (let i = 0; i < 30; i++) batch.add(1, i, longest);
    const sizes: number[] = [];
    eachRtp(read(batch.take(), [])[0]!.payload, (_, __, packet) => sizes.push(packet.length));
    expect(sizes).toEqual(Array(30).fill(65_535));
  });

  test('garbage gives whole packets or none', () => {
    const random = new Random(4);
    for (let round = 0; round < 2000; round++) {
      const payload = random.bytes(random.below(80));
      eachRtp(payload, (_, __, packet) => expect(packet.length).toBeLessThanOrEqual(payload.length - 12));
    }
  });
});

test('a coded chunk reads back', () => {
  const chunk = {
    encoder: 65_535,
    keyFrame: true,
    ptsUs: 123_456_789_012.5,
    durationUs: 33_333,
    bytes: Buffer.from('xyz'),
  };
  const [only] = read(chunkFrame(chunk), []);
  expect(only!.type).toBe(FrameType.CHUNK);
  expect(readChunk(only!.payload)).toEqual(chunk);
  expect(
    readChunk(read(chunkFrame({ ...chunk, keyFrame: false, bytes: Buffer.alloc(0) }), [])[0]!.payload),
  ).toEqual({
    ...chunk,
    keyFrame: false,
    bytes: Buffer.alloc(0),
  });
  expect(() => readChunk(Buffer.alloc(14))).toThrow(rangeError);
});

test("a frame of a speaker's track reads back", () => {
  const frame: TrackFrame = {
    ...{ track: 65_535, keyFrame: true, ptsUs: 123_456_789_012.5, durationUs: 20_000 },
    ...{ width: 1280, height: 720, bytes: Buffer.from('coded') },
  };
  const [only] = read(trackFrame(frame), []);
  expect(only!.type).toBe(FrameType.TRACK);
  expect(readTrackFrame(only!.payload)).toEqual(frame);
});
