import { describe, expect, test } from '@jest/globals';
import { joinNals, nalType } from '../../../../scripts/bench/clips/annexB.ts';
import { seededRandom } from '../../../../scripts/bench/clips/random.ts';
import { joinPicture } from '../../../../scripts/bench/rtp/depacketize.ts';
import { MAX_PAYLOAD, rtpPacket } from '../../../../scripts/bench/rtp/header.ts';
import { h264Payloads, vp8Payloads } from '../../../../scripts/bench/rtp/packetize.ts';

const random = seededRandom(5);
const bytes = (length: number) => Buffer.from(Array.from({ length }, () => Math.floor(random() * 256)));

function packets(payloads: Buffer[][]): Buffer[] {
  return payloads.map((payload, index) =>
    rtpPacket(
      { payloadType: 96, marker: index === payloads.length - 1, sequence: index, timestamp: 1, ssrc: 2 },
      payload,
    ),
  );
}

describe('VP8 as RTP', () => {
  test.each([1, 100, 1146, 1147, 9000])('a picture of %i bytes comes back whole', (length) => {
    const picture = bytes(length);
    const payloads = vp8Payloads(picture, 0x7abc);
    for (const payload of payloads) expect(Buffer.concat(payload).length).toBeLessThanOrEqual(MAX_PAYLOAD);
    expect(joinPicture('vp8', packets(payloads))).toEqual(picture);
  });

  test('every packet carries the 15-bit picture id, the first one the start of the partition', () => {
    const payloads = vp8Payloads(bytes(3000), 0x7abc).map((parts) => Buffer.concat(parts));
    expect(payloads.map((payload) => payload.readUInt16BE(2))).toEqual([0xfabc, 0xfabc, 0xfabc]);
    expect(payloads.map((payload) => (payload[0]! & 0x10) !== 0)).toEqual([true, false, false]);
  });

  test('a picture that lacks its first packet is not taken for whole', () => {
    expect(() => joinPicture('vp8', packets(vp8Payloads(bytes(3000), 1)).slice(1))).toThrow();
  });
});

describe('H.264 as RTP', () => {
  const sps = Buffer.from([0x67, 1, 2, 3]);
  const pps = Buffer.from([0x68, 4, 5]);
  const slice = Buffer.concat([Buffer.from([0x65]), bytes(5000)]);

  test('parameter sets go together, a large slice in fragments, and all come back', () => {
    const payloads = h264Payloads([sps, pps, slice]).map((parts) => Buffer.concat(parts));
    expect(nalType(payloads[0]!)).toBe(24);
    expect(payloads.slice(1).every((payload) => nalType(payload) === 28)).toBe(true);
    for (const payload of payloads) expect(payload.length).toBeLessThanOrEqual(MAX_PAYLOAD);
    const parts = payloads.map((payload) => [payload]);
    expect(joinPicture('h264', packets(parts))).toEqual(joinNals([sps, pps, slice]));
  });

  test('a small slice goes alone', () => {
    const small = Buffer.concat([Buffer.from([0x41]), bytes(500)]);
    expect(h264Payloads([small])).toEqual([[small]]);
  });

  test('a slice that lacks its end is not taken for whole', () => {
    expect(() => joinPicture('h264', packets(h264Payloads([slice])).slice(0, -1))).toThrow();
  });
});
