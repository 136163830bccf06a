import { open } from 'node:fs/promises';
import { walk } from './blocks.ts';
import { element, float, unsigned } from './ebml.ts';
import { ElementReader } from './reader.ts';
import { DURATION_BYTES, SEEK_HEAD_BYTES, TICK_US } from './writer.ts';

interface Survey {
  /** Of the segment's content. */
  start: number;
  seekHeadAt: number;
  durationAt: number;
  track: number;
  clusters: { offset: number; timeUs: number; standsAlone: boolean }[];
  endUs: number;
  /** Behind the last whole element. */
  end: number;
}

/**
 * Makes a file that was written live, or left by a process that was killed, one that can be sought in: cut
 * behind its last whole packet, with sizes, its length and an index. A second time changes nothing.
 * @returns how long it lasts, in microseconds; 0 when nothing is in it
 */
export async function finishMatroska(path: string): Promise<number> {
  const survey = await ElementReader.over(path, surveyed);
  if (survey.clusters.length === 0) return 0;
  // Without room left, it was completed before.
  if (survey.seekHeadAt < 0 || survey.durationAt < 0) return survey.endUs;
  const index = indexOf(survey);
  const file = await open(path, 'r+');
  try {
    await file.truncate(survey.end);
    await file.write(index, 0, index.length, survey.end);
    const size = survey.end + index.length - survey.start;
    await file.write(sizeField(size), 0, 8, survey.start - 8);
    for (const [at, { offset }] of survey.clusters.entries()) {
      const end = survey.clusters[at + 1]?.offset ?? survey.end;
      await file.write(sizeField(end - offset - 12), 0, 8, offset + 4);
    }
    await file.write(float(0x4489, survey.endUs / TICK_US), 0, DURATION_BYTES, survey.durationAt);
    // The last, since it says that the file is complete.
    await file.write(seekHead(survey.end - survey.start), 0, SEEK_HEAD_BYTES, survey.seekHeadAt);
  } finally {
    await file.close();
  }
  return survey.endUs;
}

async function surveyed(reader: ElementReader): Promise<Survey> {
  const survey: Survey = {
    start: 0,
    seekHeadAt: -1,
    durationAt: -1,
    track: 1,
    clusters: [],
    endUs: 0,
    end: 0,
  };
  let isFirst = false;
  for await (const found of walk(reader)) {
    if (found.type === 'segment') survey.start = found.start;
    else if (found.type === 'room' && found.bytes === SEEK_HEAD_BYTES) survey.seekHeadAt = found.offset;
    else if (found.type === 'room' && found.bytes === DURATION_BYTES) survey.durationAt = found.offset;
    else if (found.type === 'cluster') isFirst = true;
    if (found.type === 'cluster')
      survey.clusters.push({ offset: found.offset, timeUs: 0, standsAlone: false });
    if (found.type !== 'block') continue;
    const { track, timeUs, durationUs, keyFrame } = found.block;
    survey.track = track;
    if (isFirst) Object.assign(survey.clusters.at(-1)!, { timeUs, standsAlone: keyFrame });
    isFirst = false;
    survey.endUs = Math.max(survey.endUs, timeUs + durationUs);
    survey.end = reader.at;
  }
  // One that was begun and got no packet.
  survey.clusters = survey.clusters.filter(({ offset }) => offset < survey.end);
  return survey;
}

/** Where one can begin to play (RFC 9559, 5.1.5). */
function indexOf({ track, clusters, start }: Survey): Buffer {
  const points = clusters
    .filter(({ standsAlone }) => standsAlone)
    .map(({ timeUs, offset }) => {
      const place = element(0xb7, unsigned(0xf7, track), unsigned(0xf1, offset - start));
      return element(0xbb, unsigned(0xb3, Math.round(timeUs / TICK_US)), place);
    });
  return element(0x1c53bb6b, ...points);
}

/** Of a fixed size, where the index is (RFC 9559, 5.1.1). */
function seekHead(position: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(position));
  const cues = Buffer.from('1c53bb6b', 'hex');
  return element(0x114d9b74, element(0x4dbb, element(0x53ab, cues), element(0x53ac, bytes)));
}

/** Eight bytes, as an element has them whose size was not known when it was begun. */
function sizeField(size: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(size) | (1n << 56n));
  return bytes;
}
