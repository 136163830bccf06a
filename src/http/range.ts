export interface ByteRange {
  /** Both inclusive. */
  start: number;
  end: number;
}

/**
 * What a Range header asks for (RFC 9110, 14.1.2). Null: the whole file, also for headers that make no
 * sense and for several ranges at once, which a server may answer so.
 */
export function rangeOf(header: string, size: number): ByteRange | 'refused' | null {
  const [, first, last] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header.trim()) ?? [];
  if (first === undefined || last === undefined || first + last === '') return null;
  if (first === '') return suffix(Number(last), size);
  const start = Number(first);
  if (last !== '' && Number(last) < start) return null;
  if (start >= size) return 'refused';
  return { start, end: last === '' ? size - 1 : Math.min(Number(last), size - 1) };
}

const suffix = (length: number, size: number): ByteRange | 'refused' =>
  length === 0 || size === 0 ? 'refused' : { start: Math.max(0, size - length), end: size - 1 };
