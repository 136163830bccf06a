import { z } from 'zod';
import { plainLine } from '../plainText.ts';

/** One line of text that may be empty. */
export const text = (max: number) => z.string().max(max).overwrite(plainLine);

/** One line of text that is not empty. */
export const line = (max: number) => text(max).refine((value) => value !== '', 'Empty');

/** The name of a file of the library, as `src/library/names.ts` allows it. */
export const fileName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9 ._()-]{0,119}$/, 'Expected the name of a file without folders')
  .refine(
    (name) => !name.includes('..') && !/[ .]$/.test(name),
    'Expected the name of a file without folders',
  );

export const color = z.string().regex(/^#[0-9a-f]{6}$/i, 'Expected a colour such as #14171d');
