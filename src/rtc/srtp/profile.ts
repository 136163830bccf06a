/** SRTP protection profiles we speak (RFC 5764 4.1.2, RFC 7714 14.2), the preferred one first. */
export const srtpProfiles = {
  aeadAes128Gcm: { id: 0x0007, keyLength: 16, saltLength: 12 },
  aesCm128HmacSha1_80: { id: 0x0001, keyLength: 16, saltLength: 14 },
} as const;

export type SrtpProfile = keyof typeof srtpProfiles;

export interface MasterKey {
  key: Buffer;
  salt: Buffer;
}

/** What a DTLS handshake yields. */
export interface SrtpKeys {
  profile: SrtpProfile;
  local: MasterKey;
  remote: MasterKey;
}
