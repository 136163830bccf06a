/** IVF: a 32-byte head, then per frame u32 length, u64 time and the coded frame (little endian). */

const FILE_HEAD = 32;
const FRAME_HEAD = 12;

export function readIvf(file: Buffer): Buffer[] {
  const frames: Buffer[] = [];
  let at = file.readUInt16LE(6);
  while (at + FRAME_HEAD <= file.length) {
    const start = at + FRAME_HEAD;
    const end = start + file.readUInt32LE(at);
    frames.push(file.subarray(start, end));
    at = end;
  }
  return frames;
}

export function writeIvf(frames: Buffer[], width: number, height: number, fps: number): Buffer {
  const head = Buffer.alloc(FILE_HEAD);
  head.write('DKIF', 0, 'latin1');
  head.writeUInt16LE(FILE_HEAD, 6);
  head.write('VP80', 8, 'latin1');
  head.writeUInt16LE(width, 12);
  head.writeUInt16LE(height, 14);
  head.writeUInt32LE(fps, 16);
  head.writeUInt32LE(1, 20);
  head.writeUInt32LE(frames.length, 24);
  const parts: Buffer[] = [head];
  frames.forEach((frame, index) => {
    const frameHead = Buffer.alloc(FRAME_HEAD);
    frameHead.writeUInt32LE(frame.length, 0);
    frameHead.writeUInt32LE(index, 4);
    parts.push(frameHead, frame);
  });
  return Buffer.concat(parts);
}
