import { readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';

/** What is wrong, as a sentence for whoever typed the command. */
export class ComposeProblem extends Error {}

const share = z.number().min(-10).max(10);

const scene = z.object({
  tiles: z
    .array(
      z.object({
        ...{ x: share, y: share, w: share, h: share, participant: z.string(), name: z.string() },
        kind: z.enum(['camera', 'screen', 'media']),
        fit: z.enum(['cover', 'contain']),
        state: z.enum(['live', 'off', 'poor', 'reconnecting']),
      }),
    )
    .max(25),
  slate: z.object({ title: z.string(), text: z.string() }),
});

const track = z.object({
  file: z
    .string()
    .refine((name) => basename(name) === name && !name.startsWith('.'), 'not a plain file name'),
  participant: z.string(),
  kind: z.enum(['camera', 'screen', 'media']),
  codec: z.enum(['vp8', 'h264', 'opus']),
  startMs: z.number(),
  durationMs: z.number(),
});

const even = (min: number, max: number) => z.int().min(min).max(max).multipleOf(2);

const document = z.object({
  version: z.literal(1),
  durationMs: z
    .number()
    .positive()
    .max(7 * 86_400_000),
  video: z.object({
    ...{ width: even(160, 3840), height: even(90, 2160) },
    ...{ fps: z.number().min(1).max(60), kbps: z.number().min(100).max(50_000) },
  }),
  tracks: z.array(track),
  timeline: z.array(z.object({ atMs: z.number(), scene })),
});

/** A bundle as a new mix needs it. */
export type BundleToCompose = z.infer<typeof document> & { folder: string };

export type TrackToCompose = z.infer<typeof track>;

/** @throws ComposeProblem */
export function readBundle(folder: string): BundleToCompose {
  const path = join(folder, 'bundle.json');
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new ComposeProblem(`${path} cannot be read: ${(error as Error).message}`);
  }
  const parsed = document.safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new ComposeProblem(`${path}: ${issue!.path.join('.')}: ${issue!.message}`);
  }
  for (const { file } of parsed.data.tracks) {
    const stats = statSync(join(folder, file), { throwIfNoEntry: false });
    if (!stats?.isFile()) throw new ComposeProblem(`${join(folder, file)} is missing`);
  }
  return { ...parsed.data, folder };
}
