/** What a viewer received, kept as coded frames in order of arrival, to be decoded again elsewhere. */

import { readFileSync, writeFileSync } from 'node:fs';

export interface RecordedFrame {
  /** The section's mid. */
  section: string;
  codec: 'vp8' | 'h264' | 'opus';
  atUs: number;
  bytes: Buffer;
}

/** Eight streams of 1.5 Mbit/s for a minute. */
const MAX_BYTES = 96_000_000;

export class Recording {
  readonly frames: RecordedFrame[] = [];
  #bytes = 0;

  add(frame: RecordedFrame): void {
    if (this.#bytes + frame.bytes.length > MAX_BYTES) return;
    this.#bytes += frame.bytes.length;
    this.frames.push(frame);
  }

  /** A line of JSON says what each frame is, then come their bytes one after the other. */
  write(file: string): void {
    const index = this.frames.map(({ bytes, ...rest }) => ({ ...rest, length: bytes.length }));
    const head = Buffer.from(`${JSON.stringify(index)}\n`);
    writeFileSync(file, Buffer.concat([head, ...this.frames.map(({ bytes }) => bytes)]));
  }
}

export function readRecording(file: string): RecordedFrame[] {
  const bytes = readFileSync(file);
  let at = bytes.indexOf(10);
  const index = JSON.parse(bytes.toString('utf8', 0, at)) as (Omit<RecordedFrame, 'bytes'> & {
    length: number;
  })[];
  at++;
  return index.map(({ length, ...rest }) => {
    const frame = { ...rest, bytes: bytes.subarray(at, at + length) };
    at += length;
    return frame;
  });
}
