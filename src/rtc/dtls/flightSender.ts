import { type DtlsRecord, readRecords } from './records.ts';

/** Fits every path that carries media. */
const MAX_DATAGRAM_BYTES = 1_200;

/**
 * Sends the records of a flight in as few datagrams as they need, each with a record number of its own.
 * A repeated record must be a new one (RFC 6347 4.2.4): werift repeats the old, which the other side
 * then drops as a replay, and a lost last flight could never be repaired.
 */
export class FlightSender {
  readonly #send: (datagram: Buffer) => void;
  readonly #reseal: (record: DtlsRecord) => Buffer | null;
  readonly #sealed = new Set<number>();
  #plainNumber = 0;
  #waiting: Buffer[] = [];

  /** @param reseal encrypts an encrypted record's content again, under a new number */
  constructor(send: (datagram: Buffer) => void, reseal: (record: DtlsRecord) => Buffer | null) {
    this.#send = send;
    this.#reseal = reseal;
  }

  /** What is pushed in one turn goes out together at its end. */
  push(datagram: Buffer): void {
    if (this.#waiting.length === 0) queueMicrotask(() => this.#flush());
    for (const record of readRecords(datagram)) {
      const numbered = record.epoch === 0 ? this.#numbered(record) : this.#once(record);
      if (numbered !== null) this.#waiting.push(numbered);
    }
  }

  #numbered({ whole }: DtlsRecord): Buffer {
    const copy = Buffer.from(whole);
    copy.writeUIntBE(this.#plainNumber++, 5, 6);
    return copy;
  }

  #once(record: DtlsRecord): Buffer | null {
    if (this.#sealed.has(record.sequenceNumber)) return this.#reseal(record);
    this.#sealed.add(record.sequenceNumber);
    return record.whole;
  }

  #flush(): void {
    let datagram: Buffer[] = [];
    let length = 0;
    for (const record of this.#waiting.splice(0)) {
      if (length > 0 && length + record.length > MAX_DATAGRAM_BYTES) {
        this.#send(Buffer.concat(datagram));
        datagram = [];
        length = 0;
      }
      datagram.push(record);
      length += record.length;
    }
    if (length > 0) this.#send(Buffer.concat(datagram));
  }
}
