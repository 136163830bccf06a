import { randomBytes } from 'node:crypto';
import type { IceCredentials } from '../../../src/rtc/ice/session.ts';
import { StunType, writeStun } from '../../../src/rtc/ice/stun.ts';

const Attribute = {
  USERNAME: 0x06,
  PRIORITY: 0x24,
  USE_CANDIDATE: 0x25,
  CONTROLLED: 0x8029,
  CONTROLLING: 0x802a,
} as const;

/** Type preference of a host candidate (RFC 8445 5.1.2.2). */
const HOST_PRIORITY = 0x6e0001ff;
const TIE_BREAKER = Buffer.alloc(8, 1);

export interface CheckOptions {
  /** Nominates the pair; only who controls may. */
  useCandidate?: boolean;
  controlled?: boolean;
  /** Other than `remote:local`. */
  username?: string;
  /** Other than the remote one. */
  password?: string;
}

/** A connectivity check (RFC 8445 7.1.1), by default of the side that controls and nominates at once. */
export function connectivityCheck(
  local: IceCredentials,
  remote: IceCredentials,
  options: CheckOptions = {},
): Buffer {
  const { useCandidate = true, controlled = false, password = remote.password } = options;
  const priority = Buffer.alloc(4);
  priority.writeUInt32BE(HOST_PRIORITY);
  const attributes: [type: number, value: Buffer][] = [
    [Attribute.USERNAME, Buffer.from(options.username ?? `${remote.ufrag}:${local.ufrag}`)],
    [Attribute.PRIORITY, priority],
    [controlled ? Attribute.CONTROLLED : Attribute.CONTROLLING, TIE_BREAKER],
  ];
  if (useCandidate) attributes.push([Attribute.USE_CANDIDATE, Buffer.alloc(0)]);
  return writeStun(StunType.REQUEST, randomBytes(12), password, attributes);
}
