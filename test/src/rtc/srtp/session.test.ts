import { randomBytes } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { writePli } from '../../../../src/rtc/rtcp/feedback.ts';
import { type SrtpProfile, srtpProfiles } from '../../../../src/rtc/srtp/profile.ts';
import { createTransform, SrtpReceiver, SrtpSender } from '../../../../src/rtc/srtp/session.ts';
import { rtpPacket } from '../packets.ts';
import { mutate, seeded } from '../random.ts';

function pair(profile: SrtpProfile) {
  const { keyLength, saltLength } = srtpProfiles[profile];
  const master = { key: randomBytes(keyLength), salt: randomBytes(saltLength) };
  return {
    sender: new SrtpSender(createTransform(profile, master)),
    receiver: new SrtpReceiver(createTransform(profile, master)),
  };
}

function protect(sender: SrtpSender, packet: Buffer): Buffer {
  const out = Buffer.alloc(2048);
  return Buffer.from(out.subarray(0, sender.protectRtp(packet, packet.length, out)));
}

describe.each(Object.keys(srtpProfiles) as SrtpProfile[])('%s', (profile) => {
  test('what goes in comes out, header extensions included', () => {
    const { sender, receiver } = pair(profile);
    const packet = rtpPacket({ sequence: 5, extensions: { 3: Buffer.from([1, 2]) } });
    const coded = protect(sender, packet);
    expect(coded.includes('payload')).toBe(false);
    expect(receiver.unprotectRtp(coded)).toEqual(packet);
    const rtcp = Buffer.concat([writePli(1, 2), writePli(1, 3)]);
    expect(receiver.unprotectRtcp(sender.protectRtcp(rtcp))).toEqual(rtcp);
  });

  test('every packet after a gap of 300 over the wrap is understood', () => {
    const { sender, receiver } = pair(profile);
    let heard = 0;
    for (let i = 65_200; i < 65_900; i++) {
      const packet = rtpPacket({ sequence: i & 0xffff });
      const coded = protect(sender, packet);
      if (i >= 65_400 && i < 65_700) continue;
      if (receiver.unprotectRtp(coded)?.equals(packet)) heard++;
    }
    expect(heard).toBe(400);
  });

  test('three wraps with seeded reordering and loss', () => {
    const { sender, receiver } = pair(profile);
    const random = seeded(7);
    let waiting: Buffer[] = [];
    let lost = 0;
    const total = 3 * 65_536;
    for (let i = 0; i < total; i += 8) {
      const coded = protect(sender, rtpPacket({ sequence: i & 0xffff, payload: Buffer.from([i & 0xff]) }));
      if (random() < 0.05) continue;
      waiting.push(coded);
      if (waiting.length < 6) continue;
      waiting.sort(() => random() - 0.5);
      for (const packet of waiting) if (receiver.unprotectRtp(packet) === null) lost++;
      waiting = [];
    }
    expect(lost).toBe(0);
    expect(receiver.refused).toEqual({ replayed: 0, forged: 0, malformed: 0 });
  });

  test('nothing is delivered twice, and nothing older than the window', () => {
    const { sender, receiver } = pair(profile);
    const coded = Array.from({ length: 200 }, (_, i) => protect(sender, rtpPacket({ sequence: i })));
    for (const packet of coded.slice(1)) expect(receiver.unprotectRtp(packet)).not.toBeNull();
    for (const packet of coded) expect(receiver.unprotectRtp(packet)).toBeNull();
    expect(receiver.refused.replayed).toBe(200);
    const rtcp = sender.protectRtcp(writePli(1, 2));
    expect(receiver.unprotectRtcp(rtcp)).not.toBeNull();
    expect(receiver.unprotectRtcp(rtcp)).toBeNull();
  });

  test('a forged packet does not move the window', () => {
    const { sender, receiver } = pair(profile);
    receiver.unprotectRtp(protect(sender, rtpPacket({ sequence: 10 })));
    const far = rtpPacket({ sequence: 30_000, payload: Buffer.alloc(40) });
    expect(receiver.unprotectRtp(far)).toBeNull();
    expect(receiver.unprotectRtp(protect(sender, rtpPacket({ sequence: 11 })))).not.toBeNull();
  });

  test('20,000 mutated packets: none throws, none is believed (seed 1)', () => {
    const { sender, receiver } = pair(profile);
    const random = seeded(1);
    const rtp = protect(sender, rtpPacket({ sequence: 1, extensions: { 3: Buffer.from([0, 1]) } }));
    const rtcp = sender.protectRtcp(writePli(1, 2));
    let believed = 0;
    for (let i = 0; i < 10_000; i++) {
      const [one, other] = [mutate(rtp, random), mutate(rtcp, random)];
      if (!one.equals(rtp) && receiver.unprotectRtp(one) !== null) believed++;
      if (!other.equals(rtcp) && receiver.unprotectRtcp(other) !== null) believed++;
    }
    expect(believed).toBe(0);
  });

  test('streams are bounded in number', () => {
    const { sender, receiver } = pair(profile);
    const heard = Array.from({ length: 400 }, (_, i) =>
      receiver.unprotectRtp(protect(sender, rtpPacket({ sequence: 1, ssrc: i + 1 }))),
    ).filter((packet) => packet !== null);
    expect(heard).toHaveLength(256);
  });
});
