/** Packets of an Ogg file with one stream (RFC 3533), put together over page borders. */
export function readOggPackets(file: Buffer): Buffer[] {
  const packets: Buffer[] = [];
  let parts: Buffer[] = [];
  let page = 0;
  while (page + 27 <= file.length && file.toString('latin1', page, page + 4) === 'OggS') {
    const segments = file[page + 26]!;
    let at = page + 27 + segments;
    for (let segment = 0; segment < segments; segment++) {
      const lacing = file[page + 27 + segment]!;
      parts.push(file.subarray(at, at + lacing));
      at += lacing;
      if (lacing === 255) continue;
      packets.push(Buffer.concat(parts));
      parts = [];
    }
    page = at;
  }
  return packets;
}

/** Opus packets of an Ogg Opus file: everything after its two head packets (RFC 7845 3). */
export function readOggOpus(file: Buffer): Buffer[] {
  return readOggPackets(file).slice(2);
}
