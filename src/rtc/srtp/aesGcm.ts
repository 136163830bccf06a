/** AEAD_AES_128_GCM (RFC 7714). */

import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject } from 'node:crypto';
import type { PacketBatch } from './batch.ts';
import { ENCRYPTED_FLAG, RTCP_HEADER, type SessionKeys, type SrtpTransform } from './transform.ts';

const TAG = 16;
const CIPHER = 'aes-128-gcm';
const OPTIONS = { authTagLength: TAG };

export class AesGcmTransform implements SrtpTransform {
  readonly profile = 'aeadAes128Gcm';
  readonly rtpOverhead = TAG;
  readonly #rtpKey: KeyObject;
  readonly #rtpSalt: Buffer;
  readonly #rtcpKey: KeyObject;
  readonly #rtcpSalt: Buffer;
  readonly #iv = Buffer.alloc(12);

  constructor(rtp: SessionKeys, rtcp: SessionKeys) {
    this.#rtpKey = createSecretKey(rtp.encryption);
    this.#rtpSalt = rtp.salt;
    this.#rtcpKey = createSecretKey(rtcp.encryption);
    this.#rtcpSalt = rtcp.salt;
  }

  protectRtp(batch: PacketBatch): void {
    const { bytes, starts, lengths, headers, rollovers } = batch;
    for (let i = 0; i < batch.count; i++) {
      const start = starts[i]!;
      const end = start + lengths[i]!;
      const payload = start + headers[i]!;
      const header = bytes.subarray(start, payload);
      const cipher = createCipheriv(CIPHER, this.#rtpKey, this.#rtpIv(header, rollovers[i]!), OPTIONS);
      cipher.setAAD(header);
      bytes.set(cipher.update(bytes.subarray(payload, end)), payload);
      cipher.final();
      bytes.set(cipher.getAuthTag(), end);
      lengths[i] = end + TAG - start;
    }
  }

  unprotectRtp(packet: Buffer, header: number, roc: number): Buffer | null {
    const end = packet.length - TAG;
    if (end < header) return null;
    const decipher = createDecipheriv(CIPHER, this.#rtpKey, this.#rtpIv(packet, roc), OPTIONS);
    decipher.setAAD(packet.subarray(0, header));
    decipher.setAuthTag(packet.subarray(end));
    const payload = decipher.update(packet.subarray(header, end));
    if (!authentic(decipher)) return null;
    const plain = Buffer.allocUnsafe(end);
    packet.copy(plain, 0, 0, header);
    payload.copy(plain, header);
    return plain;
  }

  protectRtcp(packet: Buffer, index: number): Buffer {
    const cipher = createCipheriv(CIPHER, this.#rtcpKey, this.#rtcpIv(packet, index), OPTIONS);
    const trailer = Buffer.allocUnsafe(4);
    trailer.writeUInt32BE(ENCRYPTED_FLAG + index);
    cipher.setAAD(Buffer.concat([packet.subarray(0, RTCP_HEADER), trailer]));
    const payload = cipher.update(packet.subarray(RTCP_HEADER));
    cipher.final();
    return Buffer.concat([packet.subarray(0, RTCP_HEADER), payload, cipher.getAuthTag(), trailer]);
  }

  rtcpIndex(packet: Buffer): number {
    if (packet.length < RTCP_HEADER + TAG + 4) return -1;
    const trailer = packet.readUInt32BE(packet.length - 4);
    return trailer >= ENCRYPTED_FLAG ? trailer - ENCRYPTED_FLAG : -1;
  }

  unprotectRtcp(packet: Buffer): Buffer | null {
    const index = this.rtcpIndex(packet);
    if (index < 0) return null;
    const trailer = packet.length - 4;
    const decipher = createDecipheriv(CIPHER, this.#rtcpKey, this.#rtcpIv(packet, index), OPTIONS);
    decipher.setAAD(Buffer.concat([packet.subarray(0, RTCP_HEADER), packet.subarray(trailer)]));
    decipher.setAuthTag(packet.subarray(trailer - TAG, trailer));
    const payload = decipher.update(packet.subarray(RTCP_HEADER, trailer - TAG));
    if (!authentic(decipher)) return null;
    return Buffer.concat([packet.subarray(0, RTCP_HEADER), payload]);
  }

  /** RFC 7714 8.1: 0 · SSRC · ROC · SEQ, xor the salt. */
  #rtpIv(packet: Buffer, roc: number): Buffer {
    const iv = this.#iv;
    iv[0] = 0;
    iv[1] = 0;
    packet.copy(iv, 2, 8, 12);
    iv.writeUInt32BE(roc, 6);
    packet.copy(iv, 10, 2, 4);
    return xor(iv, this.#rtpSalt);
  }

  /** RFC 7714 9.1: 0 · SSRC · 0 · index, xor the salt. */
  #rtcpIv(packet: Buffer, index: number): Buffer {
    const iv = this.#iv.fill(0);
    packet.copy(iv, 2, 4, 8);
    iv.writeUInt32BE(index, 8);
    return xor(iv, this.#rtcpSalt);
  }
}

function xor(iv: Buffer, salt: Buffer): Buffer {
  for (let i = 0; i < 12; i++) iv[i] = iv[i]! ^ salt[i]!;
  return iv;
}

function authentic(decipher: { final(): Buffer }): boolean {
  try {
    decipher.final();
    return true;
  } catch {
    return false;
  }
}
