import { describe, expect, test } from '@jest/globals';
import { MAX_PARTS } from '../../../mixer/rtp/frame.ts';
import { H264Depacketizer } from '../../../mixer/rtp/h264.ts';
import { parseRtp } from '../../../mixer/rtp/packet.ts';
import { Vp8Depacketizer } from '../../../mixer/rtp/vp8.ts';
import { Camera, RED } from '../harness/camera.ts';
import { parsed } from '../harness/packets.ts';
import { Random } from '../harness/random.ts';

const PACKETS = 20_000;
/** Kept: a failure says which one to run again. */
const SEEDS = [1, 20_261_120];

const make = { vp8: () => new Vp8Depacketizer(), h264: () => new H264Depacketizer() } as const;
/** A payload that continues a picture for ever: a middle part, or one more slice. */
const endless = { vp8: Buffer.from([0x00, 0xaa]), h264: Buffer.from([0x61, 0xaa]) } as const;
const start = { vp8: Buffer.from([0x10, 0x01]), h264: Buffer.from([0x61, 0xaa]) } as const;

describe.each(['vp8', 'h264'] as const)('%s', (codec) => {
  test.each(SEEDS)(
    `${PACKETS} mutated packets never throw, and good ones still make pictures (seed %i)`,
    (seed) => {
      const random = new Random(seed);
      const camera = new Camera({ codec, width: 320, height: 180, kbps: 4000 });
      const originals = Array.from({ length: 8 }, () => camera.shoot(RED, true)).flat();
      camera.close();
      const depacketizer = make[codec]();
      let pictures = 0;
      for (let i = 0; i < PACKETS; i++) {
        const bytes = originals[i % originals.length]!;
        const packet = parseRtp(random.chance(0.4) ? random.mutated(bytes) : bytes, i);
        if (random.chance(0.02)) depacketizer.lost();
        const frame = packet && depacketizer.push(packet);
        if (!frame) continue;
        pictures++;
        expect(frame.data.length).toBeGreaterThan(0);
        if (frame.size) expect(Number.isInteger(frame.size.width * frame.size.height)).toBe(true);
      }
      expect(pictures).toBeGreaterThan(100);
    },
  );

  test('random payloads never throw', () => {
    const random = new Random(5);
    const depacketizer = make[codec]();
    for (let i = 0; i < PACKETS; i++) {
      const payload = random.bytes(random.below(24));
      depacketizer.push(parsed({ sequence: i, rtpTimestamp: i >> 2, marker: random.chance(0.3), payload }));
    }
  });

  test('a picture that never ends is given up, and the next one is whole again', () => {
    const depacketizer = make[codec]();
    depacketizer.push(parsed({ sequence: 0, rtpTimestamp: 1, payload: start[codec] }));
    for (let i = 1; i < MAX_PARTS * 2; i++) {
      depacketizer.push(parsed({ sequence: i, rtpTimestamp: 1, payload: endless[codec] }));
    }
    const last = parsed({ sequence: 9, rtpTimestamp: 1, marker: true, payload: endless[codec] });
    expect(depacketizer.push(last)).toBeNull();
    const next = parsed({ sequence: 10, rtpTimestamp: 2, marker: true, payload: start[codec] });
    expect(depacketizer.push(next)).toMatchObject({ afterLoss: true });
  });
});

test('an aggregate of thousands of one-byte units is given up, too', () => {
  const depacketizer = new H264Depacketizer();
  const payload = Buffer.concat([
    Buffer.from([0x78]),
    ...Array.from({ length: 400 }, () => Buffer.from([0, 1, 1])),
  ]);
  for (let i = 0; i < 20; i++) depacketizer.push(parsed({ sequence: i, payload, rtpTimestamp: 1 }));
  expect(depacketizer.push(parsed({ sequence: 21, payload, rtpTimestamp: 1, marker: true }))).toBeNull();
});
