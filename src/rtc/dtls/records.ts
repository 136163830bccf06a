/** DTLS records (RFC 6347 4.1), looked at before and after the handshake library sees them. */

export const ContentType = { CHANGE_CIPHER_SPEC: 20, ALERT: 21, HANDSHAKE: 22 } as const;

export const RECORD_HEADER = 13;
const HANDSHAKE_HEADER = 12;
/** Longest handshake message taken; a chain of certificates stays far below. */
const MAX_HANDSHAKE_BYTES = 16 * 1024;

export interface DtlsRecord {
  contentType: number;
  version: { major: number; minor: number };
  epoch: number;
  sequenceNumber: number;
  fragment: Buffer;
  /** The record with its header. */
  whole: Buffer;
}

/** The records of a datagram, up to the first that is cut short. */
export function readRecords(datagram: Buffer): DtlsRecord[] {
  const records: DtlsRecord[] = [];
  let at = 0;
  while (at + RECORD_HEADER <= datagram.length) {
    const end = at + RECORD_HEADER + datagram.readUInt16BE(at + 11);
    if (end > datagram.length) break;
    records.push({
      contentType: datagram[at]!,
      version: { major: datagram[at + 1]!, minor: datagram[at + 2]! },
      epoch: datagram.readUInt16BE(at + 3),
      sequenceNumber: datagram.readUIntBE(at + 5, 6),
      fragment: datagram.subarray(at + RECORD_HEADER, end),
      whole: datagram.subarray(at, end),
    });
    at = end;
  }
  return records;
}

/** Whether every handshake message in a plain record is whole in its bounds (RFC 6347 4.2.2). */
export function soundHandshake(record: DtlsRecord): boolean {
  if (record.epoch > 0) return true;
  const { fragment } = record;
  let at = 0;
  while (at < fragment.length) {
    if (at + HANDSHAKE_HEADER > fragment.length) return false;
    const length = fragment.readUIntBE(at + 1, 3);
    const offset = fragment.readUIntBE(at + 6, 3);
    const part = fragment.readUIntBE(at + 9, 3);
    if (length > MAX_HANDSHAKE_BYTES || offset + part > length) return false;
    at += HANDSHAKE_HEADER + part;
    if (at > fragment.length) return false;
  }
  return true;
}
