/** H.264 byte streams (ITU-T H.264 Annex B): NAL units behind start codes. */

export const NalType = { SLICE: 1, IDR: 5, SEI: 6, SPS: 7, PPS: 8, DELIMITER: 9 } as const;

export function nalType(nal: Buffer): number {
  return nal[0]! & 0x1f;
}

/** NAL units without their start codes and without the zero bytes between them. */
export function splitNals(stream: Buffer): Buffer[] {
  const nals: Buffer[] = [];
  let start = -1;
  for (let at = stream.indexOf('\0\0\x01', 0, 'latin1'); at >= 0; ) {
    if (start >= 0) nals.push(trimZeros(stream.subarray(start, at)));
    start = at + 3;
    at = stream.indexOf('\0\0\x01', start, 'latin1');
  }
  if (start >= 0) nals.push(trimZeros(stream.subarray(start)));
  return nals;
}

function trimZeros(nal: Buffer): Buffer {
  let end = nal.length;
  while (end > 1 && nal[end - 1] === 0) end--;
  return nal.subarray(0, end);
}

/**
 * Pictures of a stream that was coded with access unit delimiters, as lists of NAL units. Delimiters
 * and SEI are dropped: browsers send neither.
 */
export function splitPictures(stream: Buffer): Buffer[][] {
  const pictures: Buffer[][] = [];
  for (const nal of splitNals(stream)) {
    const type = nalType(nal);
    if (type === NalType.DELIMITER) pictures.push([]);
    else if (type !== NalType.SEI) pictures.at(-1)?.push(nal);
  }
  return pictures;
}

const START_CODE = Buffer.from([0, 0, 0, 1]);

export function joinNals(nals: Buffer[]): Buffer {
  return Buffer.concat(nals.flatMap((nal) => [START_CODE, nal]));
}
