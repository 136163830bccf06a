/** Writes bits, most significant first. */
class BitWriter {
  #bits: number[] = [];

  bits(value: number, count: number): this {
    for (let i = count - 1; i >= 0; i--) this.#bits.push(Math.floor(value / 2 ** i) % 2);
    return this;
  }

  /** ue(v), Exp-Golomb (ITU-T H.264 9.1). */
  ue(value: number): this {
    const length = Math.floor(Math.log2(value + 1));
    return this.bits(0, length).bits(value + 1, length + 1);
  }

  bytes(): Buffer {
    this.#bits.push(1);
    while (this.#bits.length % 8 !== 0) this.#bits.push(0);
    const bytes: number[] = [];
    for (let at = 0; at < this.#bits.length; at += 8) {
      bytes.push(this.#bits.slice(at, at + 8).reduce((byte, bit) => byte * 2 + bit, 0));
    }
    return Buffer.from(bytes);
  }
}

/** A forged baseline sequence parameter set (7.3.2.1.1), emulation prevention included. */
export function sps(size: { widthMbs: number; heightMbs: number; cropRight?: number }): Buffer {
  const writer = new BitWriter().bits(66, 8).bits(0xc0, 8).bits(51, 8).ue(0).ue(0).ue(2).ue(1).bits(0, 1);
  writer
    .ue(size.widthMbs - 1)
    .ue(size.heightMbs - 1)
    .bits(1, 1)
    .bits(1, 1);
  if (size.cropRight) writer.bits(1, 1).ue(0).ue(size.cropRight).ue(0).ue(0);
  else writer.bits(0, 1);
  const body = writer.bits(0, 1).bytes();
  const escaped: number[] = [0x67];
  for (const byte of body) {
    if (byte <= 3 && escaped.length > 2 && escaped.at(-1) === 0 && escaped.at(-2) === 0) escaped.push(3);
    escaped.push(byte);
  }
  return Buffer.from(escaped);
}
