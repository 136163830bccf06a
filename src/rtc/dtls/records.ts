/** DTLS records (RFC 6347 4.1), looked at before and after the handshake library sees them. */

export const ContentType = { CHANGE_CIPHER_SPEC: 20, ALERT: 21, HANDSHAKE: 22 } as const;

export const RECORD_HEADER = 13;

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

/** A record from its parts; encrypt the fragment first where its epoch wants that. */
export function writeRecord(record: Omit<DtlsRecord, 'whole'>): Buffer {
  const head = Buffer.alloc(RECORD_HEADER);
  head[0] = record.contentType;
  head[1] = record.version.major;
  head[2] = record.version.minor;
  head.writeUInt16BE(record.epoch, 3);
  head.writeUIntBE(record.sequenceNumber, 5, 6);
  head.writeUInt16BE(record.fragment.length, 11);
  return Buffer.concat([head, record.fragment]);
}
