import { type ElementReader, elementsIn, Id } from './reader.ts';
import { TICK_US } from './writer.ts';

/** One packet of a file that our writer made. */
export interface Block {
  /** Number of its track. */
  track: number;
  keyFrame: boolean;
  timeUs: number;
  durationUs: number;
  /** As the file holds it: H.264 with lengths instead of start codes. */
  bytes: Buffer;
}

/** What a walk through a file meets. */
export type Found =
  | { type: 'tracks'; content: Buffer }
  /** Room that was left in the segment's information. */
  | { type: 'room'; offset: number; bytes: number }
  | { type: 'segment' | 'cluster'; offset: number; start: number }
  | { type: 'block'; block: Block };

/** Walks through a file of one track to its whole end. */
export async function* walk(reader: ElementReader): AsyncGenerator<Found> {
  let clusterTicks = 0;
  for (let element = await reader.next(); element; element = await reader.next()) {
    const { id, offset, start } = element;
    if (id === Id.SEGMENT) yield { type: 'segment', offset, start };
    else if (id === Id.VOID) yield { type: 'room', offset, bytes: reader.at - offset };
    else if (id === Id.CLUSTER) yield { type: 'cluster', offset, start };
    else if (id === Id.TRACKS) yield { type: 'tracks', content: await reader.content(element) };
    else if (id === Id.TIMESTAMP) clusterTicks = number(await reader.content(element));
    else if (id === Id.BLOCK_GROUP)
      yield { type: 'block', block: blockOf(await reader.content(element), clusterTicks) };
    // An index is the last thing of a file that is complete.
    else if (id === Id.CUES) return;
  }
}

/** RFC 9559, 10.1: track number, time from the cluster's, flags; then the packet. */
function blockOf(group: Buffer, clusterTicks: number): Block {
  const parts = new Map(elementsIn(group).map(({ id, content }) => [id, content]));
  const block = parts.get(Id.BLOCK) ?? Buffer.alloc(4);
  return {
    track: block[0]! & 0x7f,
    keyFrame: !parts.has(Id.REFERENCE),
    timeUs: (clusterTicks + block.readInt16BE(1)) * TICK_US,
    durationUs: number(parts.get(Id.DURATION) ?? Buffer.alloc(0)) * TICK_US,
    bytes: block.subarray(4),
  };
}

const number = (bytes: Buffer): number => bytes.reduce((value, byte) => value * 256 + byte, 0);
