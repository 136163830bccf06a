import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BenchReference, MeshPoint } from '../compare/result.ts';
import { forwardingReferences } from './forwarding.ts';
import type { ReferenceJob } from './job.ts';
import { meshReference } from './mesh.ts';
import { mixingReferences } from './mixing.ts';
import { soundReference } from './soundMixing.ts';

export interface References {
  references: BenchReference[];
  mesh: MeshPoint[];
}

/**
 * Other programs at the same job, and the mesh. What is not installed, or does not work, is named with the
 * reason. Nothing else may be measured meanwhile. Takes about 16 × (6 s + `seconds`).
 */
export async function measureReferences(job: ReferenceJob): Promise<References> {
  const folder = await mkdtemp(join(tmpdir(), 'rostrum-references-'));
  const isOver = () => job.signal?.aborted === true;
  try {
    const references: BenchReference[] = [];
    let mesh: MeshPoint[] = [];
    if (!isOver()) references.push(...(await mixingReferences(job, folder)));
    if (!isOver()) references.push(...(await forwardingReferences(job, folder)));
    if (!isOver()) references.push(await soundReference(job, folder));
    if (!isOver()) {
      const call = await meshReference(job, folder);
      references.push(call.reference);
      mesh = call.mesh;
    }
    return { references, mesh };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
