import { box, fullBox, u32, u64 } from './boxes.ts';

/** One picture or sound frame of a fragmented file, in ticks of its track. */
export interface Sample {
  time: number;
  duration: number;
  /** Decodable without any other. */
  sync: boolean;
  bytes: Buffer;
}

const TRACK = 1;
const DEFAULT_BASE_IS_MOOF = 0x020000;
/** Data offset, and for each sample its duration, size and flags. */
const TRUN_FIELDS = 0x000701;
/** Depends on no other sample. */
const SYNC_SAMPLE = 0x02000000;
/** Depends on others, and is no place to begin. */
const DEPENDENT_SAMPLE = 0x01010000;

/**
 * A movie fragment with its media (ISO/IEC 14496-12 8.8): a part, or a whole segment, of CMAF.
 * @param sequence counts the fragments of a track, from 1
 */
export function fragment(sequence: number, samples: readonly Sample[]): Buffer {
  const length = movieFragment(sequence, samples, 0).length;
  const head = movieFragment(sequence, samples, length + 8);
  return Buffer.concat([head, box('mdat', ...samples.map(({ bytes }) => bytes))]);
}

function movieFragment(sequence: number, samples: readonly Sample[], dataOffset: number): Buffer {
  const entries = samples.map(({ duration, bytes, sync }) =>
    u32(duration, bytes.length, sync ? SYNC_SAMPLE : DEPENDENT_SAMPLE),
  );
  const run = fullBox('trun', 0, TRUN_FIELDS, u32(samples.length, dataOffset), ...entries);
  const header = fullBox('tfhd', 0, DEFAULT_BASE_IS_MOOF, u32(TRACK));
  const time = fullBox('tfdt', 1, 0, u64(samples[0]?.time ?? 0));
  return box('moof', fullBox('mfhd', 0, 0, u32(sequence)), box('traf', header, time, run));
}
