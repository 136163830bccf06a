/** SRTP and SRTCP of one peer: which packet has which index, and which was seen before. */

import { headerLength, headerLengthAt, sequenceOf, ssrcOf } from '../rtp/header.ts';
import { AesCmTransform } from './aesCm.ts';
import { AesGcmTransform } from './aesGcm.ts';
import { PacketBatch } from './batch.ts';
import { deriveKey, KeyLabel } from './keyDerivation.ts';
import { guessIndex, rolloverOf } from './packetIndex.ts';
import { type MasterKey, type SrtpKeys, type SrtpProfile, srtpProfiles } from './profile.ts';
import { ReplayWindow } from './replayWindow.ts';
import type { SrtpTransform } from './transform.ts';

/** A peer that uses more SSRCs than this is not heard on the further ones: memory stays bounded. */
const MAX_STREAMS = 256;
const MAX_RTCP_INDEX = 0x7fffffff;

const alone = new PacketBatch();

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

/** One stream of ours: its highest packet index so far. */
interface SentStream {
  ssrc: number;
  highest: number;
}

/** Our direction. One of these per peer is the only thing that encrypts its SSRCs. */
export class SrtpSender {
  readonly #transform: SrtpTransform;
  readonly #streams = new Map<number, SentStream>();
  #last: SentStream = { ssrc: -1, highest: -1 };
  #rtcpIndex = 0;

  constructor(transform: SrtpTransform) {
    this.#transform = transform;
  }

  /** Encrypts every packet of the batch in place; each grows by the profile's tag. */
  protect(batch: PacketBatch): void {
    const { bytes, starts, lengths, headers, rollovers } = batch;
    for (let i = 0; i < batch.count; i++) {
      const start = starts[i]!;
      const stream = this.#stream(bytes.readUInt32BE(start + 8));
      const index = guessIndex(bytes.readUInt16BE(start + 2), stream.highest);
      if (index > stream.highest) stream.highest = index;
      headers[i] = headerLengthAt(bytes, start, lengths[i]!);
      rollovers[i] = rolloverOf(index);
    }
    this.#transform.protectRtp(batch);
  }

  /** A packet by itself: encrypts `packet[0..length)` into `out`; returns the length there. */
  protectRtp(packet: Buffer, length: number, out: Buffer): number {
    alone.clear();
    packet.copy(alone.bytes, alone.room(length), 0, length);
    alone.add(length);
    this.protect(alone);
    return alone.bytes.copy(out, 0, alone.starts[0]!, alone.starts[0]! + alone.lengths[0]!);
  }

  #stream(ssrc: number): SentStream {
    if (this.#last.ssrc === ssrc) return this.#last;
    let stream = this.#streams.get(ssrc);
    if (stream === undefined) {
      stream = { ssrc, highest: -1 };
      this.#streams.set(ssrc, stream);
    }
    this.#last = stream;
    return stream;
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
