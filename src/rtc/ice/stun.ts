/** STUN binding messages (RFC 8489) with the attributes of ICE (RFC 8445 16.1). */

import { createHmac, timingSafeEqual } from 'node:crypto';
import { crc32 } from 'node:zlib';

export const StunType = { REQUEST: 0x0001, SUCCESS: 0x0101, ERROR: 0x0111 } as const;

const MAGIC = 0x2112a442;
const HEADER = 20;
const FINGERPRINT_XOR = 0x5354554e;

const Attribute = {
  USERNAME: 0x0006,
  MESSAGE_INTEGRITY: 0x0008,
  ERROR_CODE: 0x0009,
  XOR_MAPPED_ADDRESS: 0x0020,
  PRIORITY: 0x0024,
  USE_CANDIDATE: 0x0025,
  FINGERPRINT: 0x8028,
  ICE_CONTROLLED: 0x8029,
  ICE_CONTROLLING: 0x802a,
} as const;

export interface StunMessage {
  type: number;
  /** The 96-bit transaction id, hexadecimal. */
  transaction: string;
  username: string | undefined;
  priority: number | undefined;
  useCandidate: boolean;
  /** The sender believes itself controlled: a role conflict, for we always are. */
  controlled: boolean;
  errorCode: number | undefined;
  /** Where MESSAGE-INTEGRITY begins, or −1; nothing behind it was read. */
  integrityAt: number;
}

/** Null when it is not STUN, is malformed or larger than any check. Never throws. */
export function parseStun(packet: Buffer): StunMessage | null {
  if (packet.length < HEADER || packet.length > 1024 || (packet[0]! & 0xc0) !== 0) return null;
  if (packet.readUInt32BE(4) !== MAGIC || packet.readUInt16BE(2) !== packet.length - HEADER) return null;
  const message: StunMessage = {
    type: packet.readUInt16BE(0),
    transaction: packet.toString('hex', 8, HEADER),
    username: undefined,
    priority: undefined,
    useCandidate: false,
    controlled: false,
    errorCode: undefined,
    integrityAt: -1,
  };
  for (let at = HEADER; at < packet.length && message.integrityAt < 0; ) {
    if (at + 4 > packet.length) return null;
    const length = packet.readUInt16BE(at + 2);
    if (at + 4 + length > packet.length) return null;
    readAttribute(message, packet, packet.readUInt16BE(at), at, length);
    at += 4 + Math.ceil(length / 4) * 4;
  }
  return message;
}

function readAttribute(message: StunMessage, packet: Buffer, type: number, at: number, length: number): void {
  const value = at + 4;
  if (type === Attribute.USERNAME) message.username ??= packet.toString('utf8', value, value + length);
  else if (type === Attribute.PRIORITY && length === 4) message.priority = packet.readUInt32BE(value);
  else if (type === Attribute.USE_CANDIDATE) message.useCandidate = true;
  else if (type === Attribute.ICE_CONTROLLED) message.controlled = true;
  else if (type === Attribute.MESSAGE_INTEGRITY && length === 20) message.integrityAt = at;
  else if (type === Attribute.ERROR_CODE && length >= 4) {
    message.errorCode = (packet[value + 2]! & 7) * 100 + packet[value + 3]!;
  }
}

/** Whether MESSAGE-INTEGRITY was made with `password` (RFC 8489 14.5). */
export function integrityHolds(packet: Buffer, message: StunMessage, password: string): boolean {
  const at = message.integrityAt;
  if (at < 0) return false;
  const expected = integrity(packet, at, password);
  return timingSafeEqual(expected, packet.subarray(at + 4, at + 24));
}

/** HMAC-SHA1 over what stands before `at`, the length counting up to the integrity attribute. */
function integrity(packet: Buffer, at: number, password: string): Buffer {
  const head = Buffer.from(packet.subarray(0, 4));
  head.writeUInt16BE(at + 24 - HEADER, 2);
  return createHmac('sha1', password).update(head).update(packet.subarray(4, at)).digest();
}

/** Our connectivity check: we are always controlled. */
export function writeCheck(
  transaction: Buffer,
  username: string,
  password: string,
  priority: number,
  tieBreaker: Buffer,
): Buffer {
  const value = Buffer.allocUnsafe(4);
  value.writeUInt32BE(priority);
  return writeStun(StunType.REQUEST, transaction, password, [
    [Attribute.USERNAME, Buffer.from(username)],
    [Attribute.PRIORITY, value],
    [Attribute.ICE_CONTROLLED, tieBreaker],
  ]);
}

/** The answer to a check that came from `address:port` (IPv4). */
export function writeSuccess(transaction: Buffer, address: string, port: number, password: string): Buffer {
  const mapped = Buffer.alloc(8);
  mapped[1] = 1;
  mapped.writeUInt16BE(port ^ (MAGIC >>> 16), 2);
  const ip = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  mapped.writeUInt32BE((ip ^ MAGIC) >>> 0, 4);
  return writeStun(StunType.SUCCESS, transaction, password, [[Attribute.XOR_MAPPED_ADDRESS, mapped]]);
}

/** 487: the other side must take the controlling role (RFC 8445 7.3.1.1). */
export function writeRoleConflict(transaction: Buffer, password: string): Buffer {
  const value = Buffer.from('\0\0\x04\x57Role Conflict\0\0\0', 'latin1');
  return writeStun(StunType.ERROR, transaction, password, [[Attribute.ERROR_CODE, value]]);
}

/** A message with MESSAGE-INTEGRITY and FINGERPRINT; `transaction` holds 12 bytes. */
export function writeStun(
  type: number,
  transaction: Buffer,
  password: string,
  attributes: [type: number, value: Buffer][],
): Buffer {
  let at = HEADER;
  for (const [, value] of attributes) at += 4 + Math.ceil(value.length / 4) * 4;
  const packet = Buffer.alloc(at + 24 + 8);
  packet.writeUInt16BE(type, 0);
  packet.writeUInt16BE(packet.length - HEADER, 2);
  packet.writeUInt32BE(MAGIC, 4);
  transaction.copy(packet, 8, 0, 12);
  at = HEADER;
  for (const [kind, value] of attributes) at = put(packet, at, kind, value);
  at = put(packet, at, Attribute.MESSAGE_INTEGRITY, integrity(packet, at, password));
  const fingerprint = Buffer.allocUnsafe(4);
  fingerprint.writeUInt32BE((crc32(packet.subarray(0, at)) ^ FINGERPRINT_XOR) >>> 0);
  put(packet, at, Attribute.FINGERPRINT, fingerprint);
  return packet;
}

function put(packet: Buffer, at: number, type: number, value: Buffer): number {
  packet.writeUInt16BE(type, at);
  packet.writeUInt16BE(value.length, at + 2);
  value.copy(packet, at + 4);
  return at + 4 + Math.ceil(value.length / 4) * 4;
}
