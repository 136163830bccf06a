import { writePicture } from '../protocol/picture.ts';
import { buildRtp } from '../rtp/packet.ts';
import { BLOCK_LENGTH, BLOCK_SAMPLES } from './format.ts';
import { Limiter, LOOKAHEAD_US } from './limiter.ts';
import { OpusEncoder } from './opusEncoder.ts';

export interface CodedSound {
  data: Buffer;
  ptsUs: number;
  /** As `mixer/protocol/picture.ts` writes it. */
  picture: Buffer;
}

/** One coded form of the mix: limited, encoded, packetized. */
export class AudioRendition {
  readonly encoder: number;
  /** Whose sound is left out (mix-minus); undefined for everybody's. */
  readonly without: string | undefined;
  readonly #limiter = new Limiter();
  readonly #opus: OpusEncoder;
  readonly #block = new Float32Array(BLOCK_LENGTH);
  #sequence = 0;
  #rtpTimestamp: number | undefined;
  tapped = false;
  frames = 0;
  bytes = 0;

  constructor(encoder: number, kbps: number, without: string | undefined) {
    this.encoder = encoder;
    this.without = without;
    this.#opus = new OpusEncoder(kbps);
  }

  /** `sum` is everybody, `own` what is to be left out of it. */
  push(sum: Float32Array, own: Float32Array | null, ptsUs: number): CodedSound | null {
    const block = this.#block;
    if (own === null) block.set(sum);
    else for (let i = 0; i < block.length; i++) block[i] = sum[i]! - own[i]!;
    this.#limiter.process(block);
    const data = this.#opus.encode(block);
    if (data === null) return null;
    const heardUs = ptsUs - LOOKAHEAD_US;
    this.#rtpTimestamp ??= Math.round(heardUs * 0.048) % 2 ** 32;
    const rtpTimestamp = this.#rtpTimestamp;
    this.#rtpTimestamp = (rtpTimestamp + BLOCK_SAMPLES) % 2 ** 32;
    this.frames++;
    this.bytes += data.length;
    const packet = buildRtp(this.#sequence++, rtpTimestamp, false, [data]);
    return {
      data,
      ptsUs: heardUs,
      picture: writePicture({ keyFrame: true, rtpTimestamp, ptsUs: heardUs, packets: [packet] }),
    };
  }

  close(): void {
    this.#opus.close();
  }
}
