import { FF_DECODER_LIBOPUS } from 'node-av/constants';
import { Codec, CodecContext, Frame, Packet } from 'node-av/lib';
import { type ChannelCount, layoutOf, SAMPLE_RATE } from './format.ts';
import { emptyToc } from './opusPacket.ts';

/** One stream's Opus decoder: any frame size, mono or stereo, always to float in the channels asked for. */
export class OpusDecoder {
  readonly #channels: ChannelCount;
  readonly #context = new CodecContext();
  readonly #packet = new Packet();
  readonly #frame = new Frame();
  readonly #empty = Buffer.alloc(1);
  /** Of the last packet; undefined before the first. */
  #toc: number | undefined;
  #closed = false;

  constructor(channels: ChannelCount = 2) {
    this.#channels = channels;
    const codec = Codec.findDecoderByName(FF_DECODER_LIBOPUS);
    this.#context.allocContext3(codec);
    this.#context.sampleRate = SAMPLE_RATE;
    this.#context.channelLayout = layoutOf(channels);
    // libopus would give 16-bit samples otherwise.
    this.#context.setOption('request_sample_fmt', 'flt');
    const opened = this.#context.open2Sync(codec, null);
    if (opened < 0) throw new Error(`no Opus decoder: ${opened}`);
    this.#packet.alloc();
    this.#frame.alloc();
  }

  /** Interleaved samples in −1..1, valid until the next call; null when the packet is not Opus. */
  decode(payload: Buffer): Float32Array | null {
    const samples = this.#decode(payload);
    if (samples !== null) this.#toc = payload[0]!;
    return samples;
  }

  /**
   * What probably came next (libopus' own concealment), valid until the next call: at most `maxSamples`
   * per channel and at most 20 ms; null before the first packet, and when so little cannot be had.
   */
  conceal(maxSamples: number): Float32Array | null {
    if (this.#toc === undefined) return null;
    const empty = emptyToc(this.#toc, (maxSamples * 1e6) / SAMPLE_RATE);
    if (empty === undefined) return null;
    this.#empty[0] = empty.toc;
    return this.#decode(this.#empty);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#packet.free();
    this.#frame.free();
    this.#context.freeContext();
  }

  #decode(payload: Buffer): Float32Array | null {
    if (this.#closed) return null;
    this.#packet.data = payload;
    const sent = this.#context.sendPacketSync(this.#packet);
    this.#packet.unref();
    if (sent < 0 || this.#context.receiveFrameSync(this.#frame) < 0) return null;
    const bytes = this.#frame.data![0]!;
    return clipped(new Float32Array(bytes.buffer, bytes.byteOffset, this.#frame.nbSamples * this.#channels));
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
