import { writePicture } from '../protocol/picture.ts';
import { buildRtp } from '../rtp/packet.ts';
import { BLOCK_LENGTH, BLOCK_SAMPLES } from './format.ts';
import { CEILING_DB, Limiter, LOOKAHEAD_US } from './limiter.ts';
import { OpusEncoder, type OpusSettings } from './opusEncoder.ts';
import type { ProgramMix } from './programMix.ts';

export interface CodedSound {
  data: Buffer;
  ptsUs: number;
  /** As `mixer/protocol/picture.ts` writes it. */
  picture: Buffer;
}

/** The mode in which packets hold the one before once more is coarser: its peaks are up to 3 dB higher. */
const PROTECTED_CEILING_DB = -4.5;

/** One coded form of a program's mix: limited, encoded, packetized. */
export class AudioRendition {
  readonly encoder: number;
  /** Whose sound is left out (mix-minus); undefined for everybody's. */
  readonly without: string | undefined;
  readonly #limiter: Limiter;
  readonly #opus: OpusEncoder;
  readonly #block = new Float32Array(BLOCK_LENGTH);
  #sequence = 0;
  #rtpTimestamp: number | undefined;
  tapped = false;
  frames = 0;
  bytes = 0;

  /** @throws Error when there is no such Opus encoder */
  constructor(encoder: number, settings: OpusSettings, without: string | undefined) {
    this.encoder = encoder;
    this.without = without;
    this.#limiter = new Limiter(settings.fecLossPercent ? PROTECTED_CEILING_DB : CEILING_DB);
    this.#opus = new OpusEncoder(settings);
  }

  /** @param dueUs the moment of this block */
  push(mix: ProgramMix, dueUs: number): CodedSound | null {
    mix.without(this.without, this.#block);
    this.#limiter.process(this.#block);
    const data = this.#opus.encode(this.#block);
    if (data === null) return null;
    // What a decoder plays first is that much older than the block.
    const ptsUs = dueUs - LOOKAHEAD_US - this.#opus.delayUs;
    this.#rtpTimestamp ??= Math.round(ptsUs * 0.048) % 2 ** 32;
    const rtpTimestamp = this.#rtpTimestamp;
    this.#rtpTimestamp = (rtpTimestamp + BLOCK_SAMPLES) % 2 ** 32;
    this.frames++;
    this.bytes += data.length;
    const packet = buildRtp(this.#sequence++, rtpTimestamp, false, [data]);
    return {
      data,
      ptsUs,
      picture: writePicture({ keyFrame: true, rtpTimestamp, ptsUs, packets: [packet] }),
    };
  }

  close(): void {
    this.#opus.close();
  }
}
