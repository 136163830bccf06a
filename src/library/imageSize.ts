/** Width and height of an image from its head, without decoding it. */

export interface ImageSize {
  width: number;
  height: number;
}

/** @returns null when the bytes do not say; of a JPEG all segments before the first scan are needed */
export function imageSize(type: string, bytes: Buffer): ImageSize | null {
  try {
    if (type === 'image/png') return pngSize(bytes);
    if (type === 'image/jpeg') return jpegSize(bytes);
    return type === 'image/webp' ? webpSize(bytes) : null;
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    // Cut short: a read past the end.
    if (code === 'ERR_OUT_OF_RANGE' || code === 'ERR_BUFFER_OUT_OF_BOUNDS') return null;
    throw error;
  }
}

/** PNG (ISO 15948) 11.2.2: the first chunk is IHDR. */
function pngSize(bytes: Buffer): ImageSize | null {
  if (bytes.toString('latin1', 12, 16) !== 'IHDR') return null;
  return some(bytes.readUInt32BE(16), bytes.readUInt32BE(20));
}

/** JPEG (ITU-T T.81) B.2.2: the size stands in the frame header, SOF0 to SOF15 but DHT, JPG and DAC. */
function jpegSize(bytes: Buffer): ImageSize | null {
  for (let at = 2; ; ) {
    if (bytes.readUInt8(at) !== 0xff) return null;
    const marker = bytes.readUInt8(at + 1);
    if (marker === 0xff) {
      at++;
      continue;
    }
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) {
      return some(bytes.readUInt16BE(at + 7), bytes.readUInt16BE(at + 5));
    }
    if (marker === 0xda || marker === 0xd9) return null;
    at += 2 + bytes.readUInt16BE(at + 2);
  }
}

/** WebP (RFC 9649) 2.5 to 2.7: lossy, lossless or extended. */
function webpSize(bytes: Buffer): ImageSize | null {
  switch (bytes.toString('latin1', 12, 16)) {
    case 'VP8 ':
      return some(bytes.readUInt16LE(26) & 0x3fff, bytes.readUInt16LE(28) & 0x3fff);
    case 'VP8L': {
      const packed = bytes.readUInt32LE(21);
      return some((packed & 0x3fff) + 1, ((packed >>> 14) & 0x3fff) + 1);
    }
    case 'VP8X':
      return some(bytes.readUIntLE(24, 3) + 1, bytes.readUIntLE(27, 3) + 1);
    default:
      return null;
  }
}

const some = (width: number, height: number): ImageSize | null =>
  width > 0 && height > 0 ? { width, height } : null;
