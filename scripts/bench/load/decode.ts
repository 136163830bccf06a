/** A process that decodes what a viewer received, and tells what that took: `fork`ed, called by `DecodeProcess`. */

import { OpusDecoder } from '../../../mixer/audio/opusDecoder.ts';
import { VideoDecoder } from '../../../mixer/video/decoder.ts';
import { giveFrame } from '../../../mixer/video/framePool.ts';
import { answerCalls } from './calls.ts';
import { type RecordedFrame, readRecording } from './recording.ts';

const MAX_PIXELS = 1920 * 1080;
/** The beginning is decoded, too, but not counted: decoders and compilers find their stride. */
const SKIPPED_US = 1_000_000;

export interface DecodeCost {
  /** CPU to decode all streams, per second of what was received: cores. */
  cores: number;
  mediaS: number;
  frames: number;
}

interface Decoder {
  decode(bytes: Buffer): void;
  close(): void;
}

function decoderFor({ codec }: RecordedFrame): Decoder {
  if (codec === 'opus') return new OpusDecoder();
  const video = new VideoDecoder(codec, MAX_PIXELS);
  let ticks = 0;
  return {
    decode(data) {
      ticks += 3_000;
      const frame = {
        rtpTimestamp: ticks,
        keyFrame: false,
        data,
        arrivalUs: 0,
        size: undefined,
        afterLoss: false,
      };
      const decoded = video.decode(frame, ticks);
      if (decoded !== null && 'picture' in decoded) giveFrame(decoded.picture);
    },
    close: () => video.close(),
  };
}

const calls = {
  /** Null when the file holds less than two seconds. */
  decode(file: string): DecodeCost | null {
    const frames = readRecording(file);
    const firstUs = frames[0]?.atUs ?? 0;
    const mediaS = ((frames.at(-1)?.atUs ?? 0) - firstUs - SKIPPED_US) / 1e6;
    if (mediaS < 1) return null;
    const decoders = new Map<string, Decoder>();
    let begun: NodeJS.CpuUsage | undefined;
    let counted = 0;
    for (const frame of frames) {
      if (begun === undefined && frame.atUs - firstUs >= SKIPPED_US) begun = process.cpuUsage();
      let decoder = decoders.get(frame.section);
      if (decoder === undefined) {
        decoder = decoderFor(frame);
        decoders.set(frame.section, decoder);
      }
      decoder.decode(frame.bytes);
      if (begun !== undefined) counted++;
    }
    const { user, system } = process.cpuUsage(begun);
    for (const decoder of decoders.values()) decoder.close();
    return { cores: (user + system) / 1e6 / mediaS, mediaS, frames: counted };
  },
};

export type DecodeCalls = typeof calls;

answerCalls(calls, () => {});
