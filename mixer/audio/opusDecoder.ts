import { FF_DECODER_LIBOPUS } from 'node-av/constants';
import { Codec, CodecContext, Frame, Packet } from 'node-av/lib';
import { CHANNELS, SAMPLE_RATE, STEREO } from './format.ts';

/** One stream's Opus decoder: any frame size, mono or stereo, always to interleaved stereo float. */
export class OpusDecoder {
  readonly #context = new CodecContext();
  readonly #packet = new Packet();
  readonly #frame = new Frame();
  #closed = false;

  constructor() {
    const codec = Codec.findDecoderByName(FF_DECODER_LIBOPUS);
    this.#context.allocContext3(codec);
    this.#context.sampleRate = SAMPLE_RATE;
    this.#context.channelLayout = STEREO;
    // libopus would give 16-bit samples otherwise.
    this.#context.setOption('request_sample_fmt', 'flt');
    const opened = this.#context.open2Sync(codec, null);
    if (opened < 0) throw new Error(`no Opus decoder: ${opened}`);
    this.#packet.alloc();
    this.#frame.alloc();
  }

  /** Interleaved samples in −1..1, valid until the next call; null when the packet is not Opus. */
  decode(payload: Buffer): Float32Array | null {
    if (this.#closed) return null;
    this.#packet.data = payload;
    const sent = this.#context.sendPacketSync(this.#packet);
    this.#packet.unref();
    if (sent < 0 || this.#context.receiveFrameSync(this.#frame) < 0) return null;
    const bytes = this.#frame.data![0]!;
    return clipped(new Float32Array(bytes.buffer, bytes.byteOffset, this.#frame.nbSamples * CHANNELS));
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#packet.free();
    this.#frame.free();
    this.#context.freeContext();
  }
}

/** A forged packet decodes to fifty times full scale, which would press everybody else down in the mix. */
function clipped(samples: Float32Array): Float32Array {
  for (let i = 0; i < samples.length; i++) {
    const sample = samples[i]!;
    if (sample > 1) samples[i] = 1;
    else if (!(sample >= -1)) samples[i] = -1;
  }
  return samples;
}
