import { AV_SAMPLE_FMT_FLT, FF_ENCODER_LIBOPUS } from 'node-av/constants';
import { Codec, CodecContext, Frame, Packet, Rational } from 'node-av/lib';
import { BLOCK_LENGTH, BLOCK_SAMPLES, SAMPLE_RATE, STEREO } from './format.ts';

export interface OpusSettings {
  kbps: number;
  /**
   * Share of packets that listeners lose, 1..100: each packet then holds the one before it once more,
   * coarsely (in-band FEC, RFC 6716 2.1.7). 0 for none.
   */
  fecLossPercent?: number;
}

/** Opus, one packet per 20 ms block. */
export class OpusEncoder {
  readonly #context = new CodecContext();
  readonly #frame = new Frame();
  readonly #packet = new Packet();
  readonly #samples: Float32Array;
  /** How much older than the block the first sample is that a decoder plays. */
  readonly delayUs: number;
  #pts = 0;
  #closed = false;

  constructor({ kbps, fecLossPercent = 0 }: OpusSettings) {
    const codec = Codec.findEncoderByName(FF_ENCODER_LIBOPUS);
    this.#context.allocContext3(codec);
    this.#context.sampleRate = SAMPLE_RATE;
    this.#context.channelLayout = STEREO;
    this.#context.sampleFormat = AV_SAMPLE_FMT_FLT;
    this.#context.timeBase = new Rational(1, SAMPLE_RATE);
    this.#context.bitRate = BigInt(kbps * 1000);
    this.#context.setOption('frame_duration', 20);
    // Free VBR spends up to twice the rate on music and tones; this keeps to it over a second.
    this.#context.setOption('vbr', 'constrained');
    // Without FEC the mode with the least delay (2.5 instead of 6.5 ms) sounds the same at our rates.
    this.#context.setOption('application', fecLossPercent > 0 ? 'voip' : 'lowdelay');
    if (fecLossPercent > 0) {
      this.#context.setOption('fec', 1);
      this.#context.setOption('packet_loss', Math.min(100, Math.round(fecLossPercent)));
    }
    const opened = this.#context.open2Sync(codec, null);
    if (opened < 0) throw new Error(`no Opus encoder: ${opened}`);
    this.delayUs = preSkip(this.#context.extraData) / 0.048;
    this.#packet.alloc();
    this.#frame.alloc();
    this.#frame.nbSamples = BLOCK_SAMPLES;
    this.#frame.format = AV_SAMPLE_FMT_FLT;
    this.#frame.sampleRate = SAMPLE_RATE;
    this.#frame.channelLayout = STEREO;
    this.#frame.getBuffer(0);
    const bytes = this.#frame.data![0]!;
    this.#samples = new Float32Array(bytes.buffer, bytes.byteOffset, BLOCK_LENGTH);
  }

  /** `block`: 960 stereo samples in −1..1. */
  encode(block: Float32Array): Buffer | null {
    if (this.#closed) return null;
    this.#samples.set(block);
    this.#frame.pts = BigInt(this.#pts);
    this.#pts += BLOCK_SAMPLES;
    if (this.#context.sendFrameSync(this.#frame) < 0) return null;
    if (this.#context.receivePacketSync(this.#packet) < 0) return null;
    const data = Buffer.from(this.#packet.data!);
    this.#packet.unref();
    return data;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#packet.free();
    this.#frame.free();
    this.#context.freeContext();
  }
}

/** Samples that a decoder gives before the first one that went in (RFC 7845 5.1). */
function preSkip(opusHead: Buffer | null): number {
  return opusHead !== null && opusHead.length >= 12 ? opusHead.readUInt16LE(10) : 0;
}
