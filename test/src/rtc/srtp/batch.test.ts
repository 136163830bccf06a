import { createCipheriv, createHmac, randomBytes } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { MAX_PACKET_BYTES, PacketBatch } from '../../../../src/rtc/srtp/batch.ts';
import { deriveKey, KeyLabel } from '../../../../src/rtc/srtp/keyDerivation.ts';
import { type SrtpProfile, srtpProfiles } from '../../../../src/rtc/srtp/profile.ts';
import { createTransform, SrtpReceiver, SrtpSender } from '../../../../src/rtc/srtp/session.ts';
import { rtpPacket } from '../packets.ts';
import { seeded } from '../random.ts';
import { batchOf, packetsOf } from './batches.ts';

const masterOf = (profile: SrtpProfile) => {
  const { keyLength, saltLength } = srtpProfiles[profile];
  return { key: randomBytes(keyLength), salt: randomBytes(saltLength) };
};

describe.each(Object.keys(srtpProfiles) as SrtpProfile[])('%s', (profile) => {
  test('packets of any length and several streams come out whole, over wraps (seed 3)', () => {
    const master = masterOf(profile);
    const sender = new SrtpSender(createTransform(profile, master));
    const receiver = new SrtpReceiver(createTransform(profile, master));
    const random = seeded(3);
    const wrong: number[] = [];
    for (let round = 0; round < 400; round++) {
      const packets = Array.from({ length: 1 + Math.floor(random() * 20) }, (_, i) =>
        rtpPacket({
          sequence: (65_000 + round * 20 + i) & 0xffff,
          ssrc: 1 + (i % 3),
          payload: randomBytes(Math.floor(random() * 1_200)),
          ...(i % 4 === 3 && { extensions: { 1: Buffer.from('mid') } }),
        }),
      );
      const batch = batchOf(packets);
      sender.protect(batch);
      const plain = packetsOf(batch).map((packet) => receiver.unprotectRtp(packet));
      if (!packets.every((packet, i) => plain[i]?.equals(packet))) wrong.push(round);
    }
    expect(wrong).toEqual([]);
    expect(receiver.refused).toEqual({ replayed: 0, forged: 0, malformed: 0 });
  });

  test('a packet is the same alone and among others', () => {
    const master = masterOf(profile);
    const packets = Array.from({ length: 12 }, (_, i) =>
      rtpPacket({ sequence: 65_530 + i, payload: randomBytes(100 + i) }),
    );
    const together = batchOf(packets);
    new SrtpSender(createTransform(profile, master)).protect(together);
    const sender = new SrtpSender(createTransform(profile, master));
    const alone = packets.map((packet) => {
      const out = Buffer.alloc(2048);
      return Buffer.from(out.subarray(0, sender.protectRtp(packet, packet.length, out)));
    });
    expect(packetsOf(together)).toEqual(alone);
  });
});

test('AES_CM_128_HMAC_SHA1_80 is what RFC 3711 says, computed the long way', () => {
  const profile = 'aesCm128HmacSha1_80';
  const master = masterOf(profile);
  const packet = rtpPacket({ sequence: 77, ssrc: 0xdeadbeef, payload: randomBytes(1_111) });
  const batch = batchOf([packet]);
  new SrtpSender(createTransform(profile, master)).protect(batch);
  const iv = Buffer.alloc(16);
  deriveKey(master, KeyLabel.rtpSalt, 14).copy(iv);
  for (const [i, byte] of [...Buffer.from('deadbeef00000000004d', 'hex')].entries()) iv[4 + i]! ^= byte;
  const cipher = createCipheriv('aes-128-ctr', deriveKey(master, KeyLabel.rtpEncryption, 16), iv);
  const coded = Buffer.concat([packet.subarray(0, 12), cipher.update(packet.subarray(12))]);
  const hmac = createHmac('sha1', deriveKey(master, KeyLabel.rtpAuthentication, 20));
  const tag = hmac.update(coded).update(Buffer.alloc(4)).digest().subarray(0, 10);
  expect(packetsOf(batch)[0]).toEqual(Buffer.concat([coded, tag]));
});

test('a batch has room for a picture, says when it is full, and can be used again', () => {
  const batch = new PacketBatch();
  let count = 0;
  for (; batch.room(1_200) >= 0; count++) batch.add(1_200);
  expect(count).toBeGreaterThan(20);
  const memory = batch.bytes;
  batch.clear();
  expect(batch.room(MAX_PACKET_BYTES)).toBeGreaterThanOrEqual(0);
  expect(batch.bytes).toBe(memory);
  batch.renew();
  expect(batch.bytes).not.toBe(memory);
  for (count = 0; batch.room(1) >= 0; count++) batch.add(1);
  expect(count).toBe(64);
});
