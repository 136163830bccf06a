import { describe, expect, test } from '@jest/globals';
import { AesCmTransform } from '../../../../src/rtc/srtp/aesCm.ts';
import { AesGcmTransform } from '../../../../src/rtc/srtp/aesGcm.ts';
import { deriveKey, KeyLabel } from '../../../../src/rtc/srtp/keyDerivation.ts';
import type { SrtpTransform } from '../../../../src/rtc/srtp/transform.ts';
import { batchOf, packetsOf } from './batches.ts';

/** The packet (12-byte header, rollover counter 0) as a batch of one. */
function protectedAlone(transform: SrtpTransform, packet: Buffer): Buffer {
  const batch = batchOf([packet]);
  batch.headers[0] = 12;
  batch.rollovers[0] = 0;
  transform.protectRtp(batch);
  return packetsOf(batch)[0]!;
}

const hex = (text: string) => Buffer.from(text.replaceAll(/\s/g, ''), 'hex');

test('session keys are derived as in RFC 3711 B.3', () => {
  const master = { key: hex('E1F97A0D3E018BE0D64FA32C06DE4139'), salt: hex('0EC675AD498AFEEBB6960B3AABE6') };
  expect(deriveKey(master, KeyLabel.rtpEncryption, 16)).toEqual(hex('C61E7A93744F39EE10734AFE3FF7A087'));
  expect(deriveKey(master, KeyLabel.rtpSalt, 14)).toEqual(hex('30CBBC08863D8C85D49DB34A9AE1'));
  expect(deriveKey(master, KeyLabel.rtpAuthentication, 20)).toEqual(
    hex('CEBE321F6FF7716B6FD4AB49AF256A156D38BAA4'),
  );
});

describe('AEAD_AES_128_GCM, RFC 7714 16.1 and 17.1', () => {
  const keys = { encryption: hex('000102030405060708090a0b0c0d0e0f'), salt: hex('517569642070726f2071756f') };
  const transform = new AesGcmTransform(keys, keys);
  const rtp = hex(
    '8040f17b 8041f8d3 5501a0b2 47616c6c 69612065 7374206f 6d6e6973 20646976 69736120 696e2070 61727465 73207472 6573',
  );
  const srtp = hex(
    '8040f17b 8041f8d3 5501a0b2 f24de3a3 fb34de6c acba861c 9d7e4bca be633bd5 0d294e6f 42a5f47a 51c7d19b 36de3adf 8833 899d7f27 beb16a91 52cf765e e4390cce',
  );
  const rtcp = hex(
    '81c8000d 4d617273 4e545031 4e545032 52545020 0000042a 0000e930 4c756e61 deadbeef deadbeef deadbeef deadbeef deadbeef',
  );
  const srtcp = hex(
    '81c8000d 4d617273 63e94885 dcdab67c a727d766 2f6b7e99 7ff5c0f7 6c06f32d c676a5f1 730d6fda 4ce09b46 86303ded 0bb9275b c84aa458 96cf4d2f c5abf872 45d9eade 800005d4',
  );

  test('SRTP', () => {
    expect(protectedAlone(transform, rtp)).toEqual(srtp);
    expect(transform.unprotectRtp(srtp, 12, 0)).toEqual(rtp);
    expect(transform.unprotectRtp(srtp, 12, 1)).toBeNull();
  });

  test('SRTCP', () => {
    expect(transform.protectRtcp(rtcp, 0x5d4)).toEqual(srtcp);
    expect(transform.rtcpIndex(srtcp)).toBe(0x5d4);
    expect(transform.unprotectRtcp(srtcp)).toEqual(rtcp);
  });
});

test('AES_CM uses the key stream of RFC 3711 B.2', () => {
  // Session key and salt of B.2 with SSRC and index zero: the payload of zeros shows the key stream.
  const keys = {
    encryption: hex('2B7E151628AED2A6ABF7158809CF4F3C'),
    salt: hex('F0F1F2F3F4F5F6F7F8F9FAFBFCFD'),
    authentication: Buffer.alloc(20),
  };
  const packet = Buffer.alloc(12 + 48);
  packet[0] = 0x80;
  const out = protectedAlone(new AesCmTransform(keys, keys), packet);
  expect(out).toHaveLength(12 + 48 + 10);
  expect(out.subarray(12, 60)).toEqual(
    hex('E03EAD0935C95E80E166B16DD92B4EB4 D23513162B02D0F72A43A2FE4A5F97AB 41E95B3BB0A2E8DD477901E4FCA894C0'),
  );
});
