import { PassThrough } from 'node:stream';
import { expect, test } from '@jest/globals';
import { eachRtp, FrameReader, FrameType } from '../../../../mixer/protocol/framing.ts';
import { Feeder } from '../../../../scripts/bench/feed/feeder.ts';
import type { LoopedTrack } from '../../../../scripts/bench/feed/loopedTrack.ts';
import { rtpPacket } from '../../../../scripts/bench/rtp/header.ts';

/** A track of 20 packets in 20 ms steps, which counts its loops in the first payload byte. */
function shortTrack(): LoopedTrack {
  const header = { payloadType: 96, marker: true, timestamp: 0, ssrc: 1 };
  return {
    codec: 'opus',
    clockRate: 48_000,
    firstTimestamp: 1000,
    packets: Array.from({ length: 20 }, (_, index) => ({
      atUs: index * 20_000,
      packet: rtpPacket({ ...header, sequence: index }, [Buffer.from([0])]),
    })),
    advance: (packet) => packet.writeUInt8(packet[12]! + 1, 12),
  };
}

test('packets leave in order and at their time, behind a first sender report', async () => {
  const channel = new PassThrough();
  const feeder = new Feeder(channel, [{ number: 4, phaseUs: 5000, track: shortTrack() }]);
  const reader = new FrameReader();
  const seen: { sequence: number; arrivalUs: number }[] = [];
  const reports: { track: number; rtpTimestamp: number }[] = [];
  const complete = new Promise<void>((resolve) => {
    channel.on('data', (chunk: Buffer) =>
      reader.push(chunk, (type, payload) => {
        if (type === FrameType.CONTROL) reports.push(JSON.parse(payload.toString()));
        else
          eachRtp(payload, (track, arrivalUs, packet) => {
            expect(track).toBe(4);
            seen.push({ sequence: packet.readUInt16BE(2), arrivalUs });
          });
        if (seen.length >= 20) resolve();
      }),
    );
  });
  feeder.start();
  await complete;
  feeder.close();
  expect(seen.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 20 }, (_, index) => index));
  const tookMs = (seen.at(-1)!.arrivalUs - seen[0]!.arrivalUs) / 1000;
  expect(tookMs).toBeGreaterThan(330);
  expect(tookMs).toBeLessThan(1500);
  // The sender's clock began 5 ms after the feeder: 240 samples before its first timestamp.
  expect(reports[0]).toMatchObject({ track: 4 });
  expect(Math.abs(reports[0]!.rtpTimestamp - 760)).toBeLessThan(240);
});
