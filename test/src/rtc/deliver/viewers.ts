/** Tracks and the forwarders that feed them, without a peer connection. */

import { afterEach, beforeEach, expect, jest } from '@jest/globals';
import { Forwarder } from '../../../../src/rtc/deliver/forwarder.ts';
import { Pacer } from '../../../../src/rtc/deliver/pacer.ts';
import { OutgoingTrack } from '../../../../src/rtc/deliver/track.ts';
import { payloadTypeOf, sequenceOf, ssrcOf, timestampOf } from '../../../../src/rtc/rtp/header.ts';
import { pictureIdOf, readVp8Descriptor } from '../../../../src/rtc/rtp/vp8.ts';
import type { OfferedCodec } from '../../../../src/rtc/sdp/codecs.ts';
import { sequenceDistance, timestampDistance } from '../../../../src/rtc/sequence.ts';
import { PacketBatch } from '../../../../src/rtc/srtp/batch.ts';

export const vp8: OfferedCodec = {
  payloadType: 100,
  codec: 'vp8',
  clockRate: 90_000,
  parameters: new Map(),
  feedback: new Set(['nack', 'nack pli']),
  rtx: 101,
};
export const start = { sequence: 65_530, timestamp: 0xffffff00, pictureId: 32_760, ptsUs: 5_000_000 };

/** Sources of which a key frame was asked for, in order. */
export const wanted: string[] = [];
/** The time of what is spread over time; 10 ms pass with each tick. */
export const clock = { us: 0 };
let pacer: Pacer;
export const forwarders: Forwarder[] = [];

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['hrtime'] });
  wanted.length = 0;
  clock.us = 0;
  pacer = new Pacer(() => {
    clock.us += 10_000;
    return clock.us;
  });
});
afterEach(() => {
  for (const forwarder of forwarders.splice(0)) forwarder.close();
  pacer.close();
  jest.useRealTimers();
});

export function source(name = 'program', codec: 'vp8' | 'h264' = 'vp8'): Forwarder {
  const forwarder = new Forwarder(name, () => wanted.push(name));
  forwarder.describe({ source: name, media: 'video', codec });
  forwarders.push(forwarder);
  return forwarder;
}

/** A track whose packets are gathered in `sent` instead of being encrypted. */
export function trackOf(media: 'audio' | 'video', codecs: OfferedCodec[]) {
  const sent: Buffer[] = [];
  const started = jest.fn();
  const changed = jest.fn();
  const batch = new PacketBatch();
  const flush = () => {
    for (let i = 0; i < batch.count; i++) {
      const start = batch.starts[i]!;
      sent.push(Buffer.from(batch.bytes.subarray(start, start + batch.lengths[i]!)));
    }
    batch.clear();
  };
  const track = new OutgoingTrack(media, codecs, { batch, flush, pacer, started, changed });
  return { track, sent, started, changed };
}

export function viewer(forwarder: Forwarder, codec: OfferedCodec | OfferedCodec[] = vp8) {
  const made = trackOf('video', [codec].flat());
  made.track.select(forwarder, 0);
  return made;
}

export const h264: OfferedCodec = { ...vp8, codec: 'h264', payloadType: 102, rtx: 103 };

export function idOf(packet: Buffer): number {
  const descriptor = { pictureIdAt: -1, wide: false, tl0At: -1 };
  readVp8Descriptor(packet, 12, descriptor);
  return pictureIdOf(packet, descriptor);
}

function tl0Of(packet: Buffer): number {
  return packet[16]!;
}

/** Everything a decoder needs to see one stream. */
export function expectContinuous(packets: Buffer[]): void {
  for (let i = 1; i < packets.length; i++) {
    const [before, after] = [packets[i - 1]!, packets[i]!];
    expect(sequenceDistance(sequenceOf(after), sequenceOf(before))).toBe(1);
    const samePicture = timestampOf(after) === timestampOf(before);
    expect((idOf(after) - idOf(before) + 0x8000) & 0x7fff).toBe(samePicture ? 0 : 1);
    expect((tl0Of(after) - tl0Of(before)) & 0xff).toBe(samePicture ? 0 : 1);
    if (!samePicture) expect(timestampDistance(timestampOf(after), timestampOf(before))).toBeGreaterThan(0);
    expect([payloadTypeOf(after), ssrcOf(after)]).toEqual([payloadTypeOf(before), ssrcOf(before)]);
  }
}
