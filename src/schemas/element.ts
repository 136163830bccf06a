/** Graphics over the picture, as REST and the WebSocket take them. */

import { z } from 'zod';
import { fileName, line, text } from './text.ts';

export const elementId = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_-]{0,63}$/, 'Expected 1 to 64 of a-z, 0-9, - and _, the first a letter or digit');

/** @param id of the element, which a path may say instead */
const elements = <I extends z.ZodType>(id: I) =>
  z.discriminatedUnion('type', [
    z.strictObject({
      ...{ id, type: z.literal('lower-third') },
      ...{ title: line(120), subtitle: text(200).default('') },
    }),
    z.strictObject({
      ...{ id, type: z.literal('logo'), image: fileName },
      corner: z.enum(['top-left', 'top-right', 'bottom-left', 'bottom-right']).default('top-right'),
    }),
    z.strictObject({ id, type: z.literal('ticker'), text: line(1000) }),
    z.strictObject({
      ...{ id, type: z.literal('countdown'), title: text(120).default('') },
      untilMs: z.number().min(0).max(8.64e15).describe('Milliseconds since 1970'),
    }),
    z.strictObject({
      ...{ id, type: z.literal('slate'), title: text(200).default(''), text: text(500).default('') },
      image: fileName.nullable().default(null),
    }),
    z.strictObject({
      ...{ id, type: z.literal('card'), title: line(300) },
      lines: z
        .array(z.strictObject({ text: line(200), share: z.number().min(0).max(1).nullable().default(null) }))
        .max(10)
        .default([]),
    }),
  ]);

export const element = elements(elementId).meta({ id: 'Element' });

/** Where the path says which element it is. */
export const elementBody = elements(elementId.optional());
