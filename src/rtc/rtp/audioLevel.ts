import { extensionAt, headerLength } from './header.ts';

/** How loud a packet of sound is, written by its sender (RFC 6464). */
export const AUDIO_LEVEL_URI = 'urn:ietf:params:rtp-hdrext:ssrc-audio-level';

/** Level in dBov, −127..0; undefined where the packet does not say. */
export function audioLevelDb(packet: Buffer, id: number): number | undefined {
  const at = extensionAt(packet, headerLength(packet), id, 1);
  return at < 0 ? undefined : -(packet[at]! & 0x7f);
}
