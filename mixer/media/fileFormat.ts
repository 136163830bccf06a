import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { unreadable } from '../unreadable.ts';

/** What a file is by its first bytes: the demuxer that reads it, and whether it is one picture only. */
export interface FileFormat {
  demuxer: 'mov' | 'matroska' | 'mp3' | 'png_pipe' | 'jpeg_pipe' | 'webp_pipe';
  still: boolean;
}

const HEAD_BYTES = 16;

/**
 * Demuxers are named, never guessed by libavformat: it would also follow play lists and other files that
 * point elsewhere.
 *
 * @throws Error for what is no file, or none that is played
 */
export function formatOf(path: string): FileFormat {
  // A named pipe would be waited for.
  const file = openFile(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stat = fstatSync(file);
    if (!stat.isFile()) throw new Error('it is not a file');
    if (stat.size === 0) throw new Error('the file is empty');
    const head = Buffer.alloc(HEAD_BYTES);
    const format = formatByHead(head.subarray(0, readSync(file, head, 0, HEAD_BYTES, 0)));
    if (format === null) throw new Error('the file is neither MP4, WebM, MP3, PNG, JPEG nor WebP');
    return format;
  } finally {
    closeSync(file);
  }
}

function openFile(path: string, flags: number): number {
  try {
    return openSync(path, flags);
  } catch (error) {
    throw unreadable(error);
  }
}

function formatByHead(head: Buffer): FileFormat | null {
  const text = (from: number, to: number) => head.toString('latin1', from, to);
  if (text(4, 8) === 'ftyp') return { demuxer: 'mov', still: false };
  if (text(0, 4) === '\x1a\x45\xdf\xa3') return { demuxer: 'matroska', still: false };
  if (text(0, 8) === '\x89PNG\r\n\x1a\n') return { demuxer: 'png_pipe', still: true };
  if (text(0, 3) === '\xff\xd8\xff') return { demuxer: 'jpeg_pipe', still: true };
  if (text(0, 4) === 'RIFF' && text(8, 12) === 'WEBP') return { demuxer: 'webp_pipe', still: true };
  // An ID3 tag, or the sync word of a frame of MPEG audio.
  const isMp3 = text(0, 3) === 'ID3' || (head[0] === 0xff && ((head[1] ?? 0) & 0xe0) === 0xe0);
  return isMp3 ? { demuxer: 'mp3', still: false } : null;
}
