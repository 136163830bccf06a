/** What a room shows and plays beside its people, as REST gives it. */

import { z } from 'zod';
import type { LibraryFile, MediaView } from '../live/contract.ts';
import { element } from '../schemas/element.ts';

export const mediaSource: z.ZodType<MediaView> = z
  .object({
    id: z.string().describe('Stands for the participant in tiles and layouts'),
    kind: z.literal('media'),
    file: z.string(),
    type: z.string(),
    loop: z.boolean(),
    state: z.enum(['playing', 'paused', 'ended', 'failed']),
    positionMs: z.number().describe('Where it was at atMs'),
    atMs: z.number().describe('Milliseconds since 1970'),
    durationMs: z.number().nullable(),
    volumeDb: z.number(),
    error: z.string().optional(),
  })
  .meta({ id: 'Source' });

export const file: z.ZodType<LibraryFile> = z
  .object({
    name: z.string(),
    kind: z.enum(['image', 'video', 'sound']),
    type: z.string(),
    bytes: z.int(),
    width: z.int().optional().describe('Of an image'),
    height: z.int().optional(),
  })
  .meta({ id: 'File' });

export { element };
export const files = z.object({ files: z.array(file) });
export const mediaSources = z.object({ media: z.array(mediaSource) });
export const elements = z.object({ elements: z.array(element) });
