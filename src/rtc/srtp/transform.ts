import type { PacketBatch } from './batch.ts';
import type { SrtpProfile } from './profile.ts';

/** Session keys of one direction, for RTP or for RTCP. */
export interface SessionKeys {
  encryption: Buffer;
  salt: Buffer;
  /** Absent where the cipher authenticates by itself (GCM). */
  authentication?: Buffer;
}

/**
 * The cryptography of one profile with the keys of one direction; which packet has which index is
 * decided elsewhere. RTP and RTCP lengths are those of `packet` unless said.
 */
export interface SrtpTransform {
  readonly profile: SrtpProfile;
  /** Bytes that protection adds to an RTP packet. */
  readonly rtpOverhead: number;
  /** Encrypts each packet in place, with the header length and rollover counter noted there. */
  protectRtp(batch: PacketBatch): void;
  /** The plain packet as a buffer of its own, or null when it is not authentic. */
  unprotectRtp(packet: Buffer, header: number, roc: number): Buffer | null;
  protectRtcp(packet: Buffer, index: number): Buffer;
  /** Null when it is not authentic. */
  unprotectRtcp(packet: Buffer): Buffer | null;
  /** Index of a protected RTCP packet, −1 when it is cut short or not encrypted. */
  rtcpIndex(packet: Buffer): number;
}

export const RTCP_HEADER = 8;
export const ENCRYPTED_FLAG = 0x80000000;
