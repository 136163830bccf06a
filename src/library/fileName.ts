import { RostrumError } from '../errors.ts';
import { endings, fileTypeOf } from './fileType.ts';

const PLAIN = /^[A-Za-z0-9][A-Za-z0-9 ._()-]{0,119}$/;

/**
 * A name that is one on every file system, and no path, device or hidden file.
 * @throws RostrumError invalid-request
 */
export function checkFileName(name: string): string {
  const plain = PLAIN.test(name) && !name.includes('..') && !/[ .]$/.test(name);
  if (!plain) {
    throw new RostrumError(
      'invalid-request',
      'name: expected up to 120 letters, digits, blanks and ._()- without folders, the first a letter or digit',
    );
  }
  if (fileTypeOf(name)) return name;
  throw new RostrumError('invalid-request', `name: expected an ending of ${endings.join(', ')}`);
}
