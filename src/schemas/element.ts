/** Graphics over the picture, as REST and the WebSocket take them. */

import { z } from 'zod';
import { fileName, line, text } from './text.ts';

export const elementId = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_-]{0,63}$/, 'Expected 1 to 64 of a-z, 0-9, - and _, the first a letter or digit');

const untilMs = z.number().min(0).max(8.64e15).describe('Milliseconds since 1970');

const countdown = { type: z.literal('countdown'), title: text(120).default('') };

/** A moment by the server's clock, or how long from now: clocks of those who ask may be wrong. */
const countdownEnd = {
  untilMs: untilMs.optional(),
  durationMs: z.number().min(0).max(8.64e9).optional().describe('From now on, in place of `untilMs`'),
};

/**
 * @param id of the element, which a path may say instead
 * @param counting a countdown
 */
const elements = <I extends z.ZodType, C extends z.core.$ZodTypeDiscriminable>(id: I, counting: C) =>
  z.discriminatedUnion('type', [
    z.strictObject({
      ...{ id, type: z.literal('lower-third') },
      ...{ title: line(120), subtitle: text(200).default('') },
    }),
    z.strictObject({
      ...{ id, type: z.literal('logo'), image: fileName },
      corner: z.enum(['top-left', 'top-right', 'bottom-left', 'bottom-right']).default('top-right'),
    }),
    z.strictObject({ id, type: z.literal('ticker'), text: line(500) }),
    counting,
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

/** As it is shown. */
export const element = elements(elementId, z.strictObject({ id: elementId, ...countdown, untilMs })).meta({
  id: 'Element',
});

const oneEnd = ({ untilMs, durationMs }: { untilMs?: number; durationMs?: number }) =>
  (untilMs === undefined) !== (durationMs === undefined);
const saidOnce = { path: ['untilMs'], error: 'Expected either this or durationMs' };

/** As it is asked for. */
export const elementRequest = elements(
  elementId,
  z.strictObject({ id: elementId, ...countdown, ...countdownEnd }).refine(oneEnd, saidOnce),
);

/** Where the path says which element it is. */
export const elementBody = elements(
  elementId.optional(),
  z.strictObject({ id: elementId.optional(), ...countdown, ...countdownEnd }).refine(oneEnd, saidOnce),
);
