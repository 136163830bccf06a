/** AES_CM_128_HMAC_SHA1_80 (RFC 3711 4.1.1 and 4.2.1). */

import { createCipheriv, createHmac, createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto';
import type { PacketBatch } from './batch.ts';
import { CounterMode } from './counterMode.ts';
import { HmacSha1 } from './hmacSha1.ts';
import { ENCRYPTED_FLAG, RTCP_HEADER, type SessionKeys, type SrtpTransform } from './transform.ts';

const TAG = 10;
const ROLLOVER = 4;
const CIPHER = 'aes-128-ctr';

export class AesCmTransform implements SrtpTransform {
  readonly profile = 'aesCm128HmacSha1_80';
  readonly rtpOverhead = TAG;
  readonly #rtp: Side;
  readonly #rtcp: Side;
  readonly #iv = Buffer.alloc(16);
  readonly #roc = Buffer.alloc(4);
  readonly #stream: CounterMode;
  readonly #tags: HmacSha1;

  constructor(rtp: SessionKeys, rtcp: SessionKeys) {
    this.#rtp = side(rtp);
    this.#rtcp = side(rtcp);
    this.#stream = new CounterMode(rtp.encryption, rtp.salt);
    this.#tags = new HmacSha1(rtp.authentication ?? missingKey());
  }

  protectRtp(batch: PacketBatch): void {
    this.#stream.encrypt(batch);
    const { bytes, starts, lengths, rollovers } = batch;
    for (let i = 0; i < batch.count; i++) {
      const start = starts[i]!;
      const end = start + lengths[i]!;
      bytes.writeUInt32BE(rollovers[i]!, end);
      bytes.write(this.#tags.digest(batch, start, end + ROLLOVER - start), end, TAG, 'binary');
      lengths[i] = end + TAG - start;
    }
  }

  unprotectRtp(packet: Buffer, header: number, roc: number): Buffer | null {
    const end = packet.length - TAG;
    if (end < header) return null;
    const tag = this.#rtpTag(packet.subarray(0, end), roc).subarray(0, TAG);
    if (!timingSafeEqual(tag, packet.subarray(end))) return null;
    const iv = this.#ivOf(this.#rtp.salt, packet, 8, roc * 0x10000 + packet.readUInt16BE(2));
    const plain = Buffer.allocUnsafe(end);
    packet.copy(plain, 0, 0, header);
    createCipheriv(CIPHER, this.#rtp.key, iv).update(packet.subarray(header, end)).copy(plain, header);
    return plain;
  }

  protectRtcp(packet: Buffer, index: number): Buffer {
    const out = Buffer.allocUnsafe(packet.length + 4 + TAG);
    const iv = this.#ivOf(this.#rtcp.salt, packet, 4, index);
    packet.copy(out, 0, 0, RTCP_HEADER);
    createCipheriv(CIPHER, this.#rtcp.key, iv).update(packet.subarray(RTCP_HEADER)).copy(out, RTCP_HEADER);
    out.writeUInt32BE(ENCRYPTED_FLAG + index, packet.length);
    this.#rtcpTag(out.subarray(0, packet.length + 4)).copy(out, packet.length + 4, 0, TAG);
    return out;
  }

  rtcpIndex(packet: Buffer): number {
    if (packet.length < RTCP_HEADER + 4 + TAG) return -1;
    const trailer = packet.readUInt32BE(packet.length - TAG - 4);
    return trailer >= ENCRYPTED_FLAG ? trailer - ENCRYPTED_FLAG : -1;
  }

  unprotectRtcp(packet: Buffer): Buffer | null {
    const index = this.rtcpIndex(packet);
    if (index < 0) return null;
    const end = packet.length - TAG;
    const tag = this.#rtcpTag(packet.subarray(0, end)).subarray(0, TAG);
    if (!timingSafeEqual(tag, packet.subarray(end))) return null;
    const iv = this.#ivOf(this.#rtcp.salt, packet, 4, index);
    const payload = createCipheriv(CIPHER, this.#rtcp.key, iv).update(packet.subarray(RTCP_HEADER, end - 4));
    return Buffer.concat([packet.subarray(0, RTCP_HEADER), payload]);
  }

  #rtpTag(covered: Buffer, roc: number): Buffer {
    this.#roc.writeUInt32BE(roc);
    return createHmac('sha1', this.#rtp.authentication).update(covered).update(this.#roc).digest();
  }

  #rtcpTag(covered: Buffer): Buffer {
    return createHmac('sha1', this.#rtcp.authentication).update(covered).digest();
  }

  /** RFC 3711 4.1.1: salt·2¹⁶ xor SSRC·2⁶⁴ xor index·2¹⁶. */
  #ivOf(salt: Buffer, packet: Buffer, ssrcAt: number, index: number): Buffer {
    const iv = this.#iv.fill(0);
    packet.copy(iv, 4, ssrcAt, ssrcAt + 4);
    iv.writeUIntBE(index, 8, 6);
    for (let i = 0; i < 14; i++) iv[i] = iv[i]! ^ salt[i]!;
    return iv;
  }
}

interface Side {
  key: KeyObject;
  salt: Buffer;
  authentication: KeyObject;
}

function side(keys: SessionKeys): Side {
  return {
    key: createSecretKey(keys.encryption),
    salt: keys.salt,
    authentication: createSecretKey(keys.authentication ?? missingKey()),
  };
}

function missingKey(): never {
  throw new TypeError('AES_CM needs an authentication key');
}
