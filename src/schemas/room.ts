/** What can be changed of a room and the people in it, by REST and by the WebSocket alike. */

import { z } from 'zod';
import { layout } from './layout.ts';
import { fileName, line, text } from './text.ts';

export const mode = z.enum(['mcu', 'sfu']);

/** Fields of `PATCH /api/rooms/:room` and of `set-room`. */
export const roomChanges = {
  title: line(200).optional(),
  layout: layout.optional(),
  spotlight: z.string().max(64).nullable().optional().describe('Id of a participant'),
  live: z.boolean().optional(),
  slate: z
    .strictObject({
      title: text(200).nullable(),
      text: text(500).nullable(),
      image: fileName.nullable(),
      music: fileName.nullable(),
    })
    .partial()
    .optional()
    .describe('Shown while nobody is; music is heard until the room is live'),
  mode: mode.optional(),
  transitions: z.boolean().optional().describe('Whether tiles move and fade'),
  sound: z
    .strictObject({
      duckingDb: z.number().min(0).max(40),
      automaticGain: z.boolean(),
      panning: z.boolean().describe('Whether speakers are heard from where their tiles stand'),
    })
    .partial()
    .optional(),
  stageProgram: z
    .boolean()
    .optional()
    .describe('Whether those on stage may see another picture than viewers'),
  stageLayout: layout.nullable().optional().describe("Its layout; null: the program's"),
};

/** How a file is to be played. */
export const mediaChanges = {
  state: z.enum(['playing', 'paused']).optional(),
  positionMs: z.number().min(0).max(86_400_000).optional(),
  loop: z.boolean().optional(),
  volumeDb: z.number().min(-60).max(20).optional(),
};

export const mediaSpec = z.strictObject({ file: fileName, loop: z.boolean().optional() });
