/** Why a file could not be opened, for people: without its path, which is the server's own business. */
export function unreadable(error: unknown): Error {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return new Error('the file is gone');
  if (code === 'EACCES')
    return new Error('the file is closed to the mixer, which runs as a user of its own: chmod o+r opens it');
  return new Error(`the file cannot be read: ${code ?? error}`);
}
