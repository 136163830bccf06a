import { open } from 'node:fs/promises';

/**
 * Cuts an mp4 of fragments behind the last whole one: a recorder that was killed may have left half of a
 * box at the end. @returns false when there is nothing to play in it
 */
export async function cutToWholeFragments(path: string): Promise<boolean> {
  const file = await open(path, 'r+');
  try {
    const { size } = await file.stat();
    const head = Buffer.alloc(16);
    let wholeEnd = 0;
    let fragments = 0;
    for (let at = 0; at + 8 <= size; ) {
      const { bytesRead } = await file.read(head, 0, 16, at);
      const length = boxLength(head, bytesRead);
      if (length < 8 || at + length > size) break;
      const type = head.toString('latin1', 4, 8);
      at += length;
      // A fragment is its index (moof) with its media (mdat): one without the other is of no use.
      if (type === 'mdat') fragments++;
      if (type !== 'moof') wholeEnd = at;
    }
    if (fragments > 0 && wholeEnd < size) await file.truncate(wholeEnd);
    return fragments > 0;
  } finally {
    await file.close();
  }
}

/** ISO/IEC 14496-12, 4.2: 32 bits, or 64 behind the type. No box of ours says "up to the end". */
function boxLength(head: Buffer, available: number): number {
  const short = head.readUInt32BE(0);
  if (short !== 1) return short;
  return available < 16 ? 0 : Number(head.readBigUInt64BE(8));
}
