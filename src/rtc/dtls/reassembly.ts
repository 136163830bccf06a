/**
 * Handshake messages out of fragments (RFC 6347 4.2.3): whole, in order and once, however datagrams are
 * lost, repeated or reordered. werift's own reassembly takes what is missing for zeros.
 */

const HEADER = 12;
/** Longest message taken; a chain of certificates stays far below. */
const MAX_MESSAGE_BYTES = 16 * 1024;
/** How far ahead of the next message fragments are kept: a flight has five messages. */
const MAX_AHEAD = 8;
/** Holes a message may have at a time: the longest taken is some twenty datagrams. */
const MAX_RANGES = 32;
export const SERVER_HELLO_DONE = 14;

interface Incomplete {
  type: number;
  body: Buffer;
  /** Ranges received, in order and not touching. */
  have: [start: number, end: number][];
}

export class Reassembly {
  #next = 0;
  readonly #incomplete = new Map<number, Incomplete>();

  /**
   * @param fragment of a plain handshake record: one or several fragments
   * @returns messages that are complete now, as unfragmented ones with their headers; and a
   *   ServerHelloDone again when it is repeated, for then our answer to it was lost
   */
  push(fragment: Buffer): Buffer[] {
    const messages: Buffer[] = [];
    for (let at = 0; at + HEADER <= fragment.length; ) {
      const end = at + HEADER + fragment.readUIntBE(at + 9, 3);
      if (end > fragment.length) break;
      this.#fragment(fragment.subarray(at, end), messages);
      at = end;
    }
    return messages;
  }

  #fragment(fragment: Buffer, messages: Buffer[]): void {
    const type = fragment[0]!;
    const length = fragment.readUIntBE(1, 3);
    const sequence = fragment.readUInt16BE(4);
    const start = fragment.readUIntBE(6, 3);
    const end = start + fragment.length - HEADER;
    if (length > MAX_MESSAGE_BYTES || end > length || sequence >= this.#next + MAX_AHEAD) return;
    if (sequence < this.#next) {
      if (type === SERVER_HELLO_DONE && length === 0) messages.push(fragment);
      return;
    }
    let message = this.#incomplete.get(sequence);
    if (message === undefined) {
      message = { type, body: Buffer.alloc(length), have: [] };
      this.#incomplete.set(sequence, message);
    }
    if (message.type !== type || message.body.length !== length) return;
    if (message.have.length >= MAX_RANGES) return;
    fragment.copy(message.body, start, HEADER);
    add(message.have, start, end);
    this.#deliver(messages);
  }

  #deliver(messages: Buffer[]): void {
    for (;;) {
      const message = this.#incomplete.get(this.#next);
      if (message === undefined || !isWhole(message)) return;
      messages.push(whole(message, this.#next));
      this.#incomplete.delete(this.#next++);
    }
  }
}

function isWhole({ body, have }: Incomplete): boolean {
  return body.length === 0 || (have.length === 1 && have[0]![0] === 0 && have[0]![1] === body.length);
}

/** Adds a range and joins those that touch. */
function add(ranges: [number, number][], start: number, end: number): void {
  ranges.push([start, end]);
  ranges.sort((a, b) => a[0] - b[0]);
  for (let i = 1; i < ranges.length; ) {
    const [before, range] = [ranges[i - 1]!, ranges[i]!];
    if (range[0] > before[1]) {
      i++;
      continue;
    }
    before[1] = Math.max(before[1], range[1]);
    ranges.splice(i, 1);
  }
}

function whole({ type, body }: Incomplete, sequence: number): Buffer {
  const message = Buffer.alloc(HEADER + body.length);
  message[0] = type;
  message.writeUIntBE(body.length, 1, 3);
  message.writeUInt16BE(sequence, 4);
  message.writeUIntBE(body.length, 9, 3);
  body.copy(message, HEADER);
  return message;
}
