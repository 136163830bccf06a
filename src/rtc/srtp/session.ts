/** SRTP and SRTCP of one peer: which packet has which index, and which was seen before. */

import { headerLength, sequenceOf, ssrcOf } from '../rtp/header.ts';
import { AesCmTransform } from './aesCm.ts';
import { AesGcmTransform } from './aesGcm.ts';
import { deriveKey, KeyLabel } from './keyDerivation.ts';
import { guessIndex, rolloverOf } from './packetIndex.ts';
import { type MasterKey, type SrtpKeys, type SrtpProfile, srtpProfiles } from './profile.ts';
import { ReplayWindow } from './replayWindow.ts';
import type { SrtpTransform } from './transform.ts';

/** A peer that uses more SSRCs than this is not heard on the further ones: memory stays bounded. */
const MAX_STREAMS = 256;
const MAX_RTCP_INDEX = 0x7fffffff;

export function createTransform(profile: SrtpProfile, master: MasterKey): SrtpTransform {
  const { keyLength, saltLength } = srtpProfiles[profile];
  const keys = (encryption: number, authentication: number, salt: number) => ({
    encryption: deriveKey(master, encryption, keyLength),
    authentication: deriveKey(master, authentication, 20),
    salt: deriveKey(master, salt, saltLength),
  });
  const rtp = keys(KeyLabel.rtpEncryption, KeyLabel.rtpAuthentication, KeyLabel.rtpSalt);
  const rtcp = keys(KeyLabel.rtcpEncryption, KeyLabel.rtcpAuthentication, KeyLabel.rtcpSalt);
  return profile === 'aeadAes128Gcm' ? new AesGcmTransform(rtp, rtcp) : new AesCmTransform(rtp, rtcp);
}

/** Our direction. One of these per peer is the only thing that encrypts its SSRCs. */
export class SrtpSender {
  readonly #transform: SrtpTransform;
  readonly #highest = new Map<number, number>();
  #rtcpIndex = 0;

  constructor(transform: SrtpTransform) {
    this.#transform = transform;
  }

  /** Encrypts `packet[0..length)` into `out`, which needs 16 bytes more; returns the length there. */
  protectRtp(packet: Buffer, length: number, out: Buffer): number {
    const ssrc = ssrcOf(packet);
    const highest = this.#highest.get(ssrc) ?? -1;
    const index = guessIndex(sequenceOf(packet), highest);
    if (index > highest) this.#highest.set(ssrc, index);
    return this.#transform.protectRtp(packet, length, headerLength(packet, length), rolloverOf(index), out);
  }

  protectRtcp(packet: Buffer): Buffer {
    this.#rtcpIndex = (this.#rtcpIndex + 1) % MAX_RTCP_INDEX;
    return this.#transform.protectRtcp(packet, this.#rtcpIndex);
  }
}

/** The peer's direction. Nothing is delivered twice, and nothing before it was authenticated. */
export class SrtpReceiver {
  readonly #transform: SrtpTransform;
  readonly #rtp = new Map<number, ReplayWindow>();
  readonly #rtcp = new Map<number, ReplayWindow>();
  /** Packets refused: replayed or too old; not authentic; malformed or of too many streams. */
  readonly refused = { replayed: 0, forged: 0, malformed: 0 };

  constructor(transform: SrtpTransform) {
    this.#transform = transform;
  }

  /** The plain packet in a buffer of its own, or null. */
  unprotectRtp(packet: Buffer): Buffer | null {
    const header = headerLength(packet);
    const window = header < 0 ? undefined : windowOf(this.#rtp, ssrcOf(packet));
    if (window === undefined) return this.#refuse('malformed');
    const index = guessIndex(sequenceOf(packet), window.highest);
    if (!window.fresh(index)) return this.#refuse('replayed');
    const plain = this.#transform.unprotectRtp(packet, header, rolloverOf(index) % 0x100000000);
    if (plain === null) return this.#refuse('forged');
    window.take(index);
    this.#rtp.set(ssrcOf(packet), window);
    return plain;
  }

  unprotectRtcp(packet: Buffer): Buffer | null {
    const index = this.#transform.rtcpIndex(packet);
    const window = index < 0 ? undefined : windowOf(this.#rtcp, packet.readUInt32BE(4));
    if (window === undefined) return this.#refuse('malformed');
    if (!window.fresh(index)) return this.#refuse('replayed');
    const plain = this.#transform.unprotectRtcp(packet);
    if (plain === null) return this.#refuse('forged');
    window.take(index);
    this.#rtcp.set(packet.readUInt32BE(4), window);
    return plain;
  }

  #refuse(why: keyof SrtpReceiver['refused']): null {
    this.refused[why]++;
    return null;
  }
}

/** A window for `ssrc`, a new one where there is room; it is kept only once a packet was authentic. */
function windowOf(windows: Map<number, ReplayWindow>, ssrc: number): ReplayWindow | undefined {
  return windows.get(ssrc) ?? (windows.size < MAX_STREAMS ? new ReplayWindow() : undefined);
}

export interface SrtpSession {
  sender: SrtpSender;
  receiver: SrtpReceiver;
}

export function createSrtpSession(keys: SrtpKeys): SrtpSession {
  return {
    sender: new SrtpSender(createTransform(keys.profile, keys.local)),
    receiver: new SrtpReceiver(createTransform(keys.profile, keys.remote)),
  };
}
