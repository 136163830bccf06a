import { createCipheriv } from 'node:crypto';
import type { MasterKey } from './profile.ts';

/** Labels of RFC 3711 4.3.2. */
export const KeyLabel = {
  rtpEncryption: 0,
  rtpAuthentication: 1,
  rtpSalt: 2,
  rtcpEncryption: 3,
  rtcpAuthentication: 4,
  rtcpSalt: 5,
} as const;

/**
 * A session key (RFC 3711 4.3, key derivation rate 0). The 96-bit salt of AES-GCM is padded with zeros
 * on its right, as RFC 7714 11 has it.
 */
export function deriveKey(master: MasterKey, label: number, length: number): Buffer {
  const iv = Buffer.alloc(16);
  master.salt.copy(iv);
  iv[7] = iv[7]! ^ label;
  return createCipheriv('aes-128-ctr', master.key, iv).update(Buffer.alloc(length));
}
