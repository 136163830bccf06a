import { statfs } from 'node:fs/promises';

/** Bytes a folder's disk has left for us; null when nobody can say. */
export async function freeBytes(folder: string): Promise<number | null> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch {
    return null;
  }
}
