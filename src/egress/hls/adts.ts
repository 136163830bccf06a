const SYNC = 0xfff;
const HEAD = 7;
const CHECKSUM = 2;
/** No frame is longer (13-bit field); more without a frame is not ADTS. */
const MAX_PENDING = 64 * 1024;

/** Takes the frames out of an ADTS stream (ISO/IEC 14496-3 1.A.2.2): coded AAC without its headers. */
export class AdtsReader {
  #rest: Buffer = Buffer.alloc(0);

  push(bytes: Buffer): Buffer[] {
    const frames: Buffer[] = [];
    let buffer = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    while (buffer.length >= HEAD) {
      if (buffer.readUInt16BE(0) >> 4 !== SYNC) {
        buffer = buffer.subarray(1);
        continue;
      }
      const length = (buffer.readUInt32BE(3) >> 13) & 0x1fff;
      const head = (buffer[1]! & 1) === 1 ? HEAD : HEAD + CHECKSUM;
      if (length <= head) {
        buffer = buffer.subarray(1);
        continue;
      }
      if (buffer.length < length) break;
      frames.push(buffer.subarray(head, length));
      buffer = buffer.subarray(length);
    }
    this.#rest = buffer.length > MAX_PENDING ? Buffer.alloc(0) : buffer;
    return frames;
  }
}
