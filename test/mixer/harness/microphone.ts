import { AV_CHANNEL_ORDER_NATIVE, AV_SAMPLE_FMT_FLT, FF_ENCODER_LIBOPUS } from 'node-av/constants';
import { Codec, CodecContext, Frame, Packet, Rational } from 'node-av/lib';
import { rtp } from './packets.ts';
import './quiet.ts';

export interface MicrophoneSettings {
  hz: number;
  amplitude?: number;
  channels?: 1 | 2;
  /** Which of two channels has the tone; the other one is silent. */
  sides?: 'both' | 'left';
  /** 2.5, 5, 10, 20, 40, 60 or 120. */
  frameMs?: number;
  kbps?: number;
  /** Protects speech by in-band FEC, as a browser does whose packets are lost. */
  fecLossPercent?: number;
  /** Highest frequency that is coded: 4000, 6000, 8000, 12000 or 20000. */
  cutoffHz?: number;
  /** Speaks instead of the tone; mono, 10 or 20 ms at a time. */
  voice?: { pull(): Float32Array };
  ssrc?: number;
  sequence?: number;
  rtpTimestamp?: number;
}

export interface SoundPacket {
  packet: Buffer;
  /** When its first sample was captured, µs since the microphone was opened. */
  capturedUs: number;
}

/** A speaker's microphone: one tone, really encoded as Opus and packetized. */
export class Microphone {
  readonly frameSamples: number;
  sequence: number;
  rtpTimestamp: number;
  ssrc: number;
  /** How loud the next frame is. */
  amplitude: number;
  readonly #context = new CodecContext();
  readonly #frame = new Frame();
  readonly #coded = new Packet();
  readonly #samples: Float32Array;
  readonly #settings: Required<Pick<MicrophoneSettings, 'hz' | 'channels' | 'sides'>>;
  readonly #voice: MicrophoneSettings['voice'];
  /** What the voice has said and is not sent yet. */
  #said = new Float32Array(0);
  #position = 0;

  constructor(settings: MicrophoneSettings) {
    const { hz, amplitude = 0.5, channels = 2, frameMs = 20, kbps = 64 } = settings;
    this.#settings = { hz, channels, sides: settings.sides ?? 'both' };
    this.amplitude = amplitude;
    this.frameSamples = frameMs * 48;
    this.sequence = settings.sequence ?? 65_500;
    this.rtpTimestamp = settings.rtpTimestamp ?? 2 ** 32 - 48_000;
    this.ssrc = settings.ssrc ?? 0x0a0a;
    const layout = { order: AV_CHANNEL_ORDER_NATIVE, nbChannels: channels, mask: channels === 1 ? 4n : 3n };
    const codec = Codec.findEncoderByName(FF_ENCODER_LIBOPUS);
    this.#context.allocContext3(codec);
    this.#context.sampleRate = 48_000;
    this.#context.channelLayout = layout;
    this.#context.sampleFormat = AV_SAMPLE_FMT_FLT;
    this.#context.timeBase = new Rational(1, 48_000);
    this.#context.bitRate = BigInt(kbps * 1000);
    this.#context.setOption('frame_duration', `${frameMs}`);
    if (settings.fecLossPercent !== undefined) {
      this.#context.setOption('application', 'voip');
      this.#context.setOption('fec', 1);
      this.#context.setOption('packet_loss', settings.fecLossPercent);
    }
    if (settings.cutoffHz !== undefined) this.#context.setOption('cutoff', settings.cutoffHz);
    this.#voice = settings.voice;
    if (this.#context.open2Sync(codec, null) < 0) throw new Error('no Opus encoder');
    this.#coded.alloc();
    this.#frame.alloc();
    this.#frame.nbSamples = this.frameSamples;
    this.#frame.format = AV_SAMPLE_FMT_FLT;
    this.#frame.sampleRate = 48_000;
    this.#frame.channelLayout = layout;
    this.#frame.getBuffer(0);
    const bytes = this.#frame.data![0]!;
    this.#samples = new Float32Array(bytes.buffer, bytes.byteOffset, this.frameSamples * channels);
  }

  /** The next frame as an RTP packet. */
  record(): SoundPacket {
    const capturedUs = (this.#position * 1000) / 48;
    const payload = this.#encode();
    const packet = rtp({
      sequence: this.sequence++,
      rtpTimestamp: this.rtpTimestamp,
      ssrc: this.ssrc,
      payload,
    });
    this.rtpTimestamp = (this.rtpTimestamp + this.frameSamples) % 2 ** 32;
    return { packet, capturedUs };
  }

  recordFor(ms: number): SoundPacket[] {
    const packets: SoundPacket[] = [];
    const until = this.#position + ms * 48;
    while (this.#position < until) packets.push(this.record());
    return packets;
  }

  /** Silence that is not sent (DTX): time passes, numbers do not. */
  skip(ms: number): void {
    this.#position += ms * 48;
    this.rtpTimestamp = (this.rtpTimestamp + ms * 48) % 2 ** 32;
  }

  close(): void {
    this.#coded.free();
    this.#frame.free();
    this.#context.freeContext();
  }

  #encode(): Buffer {
    if (this.#voice) this.#speak(this.#voice);
    else this.#sound();
    this.#frame.pts = BigInt(this.#position);
    if (this.#context.sendFrameSync(this.#frame) < 0) throw new Error('not encoded');
    if (this.#context.receivePacketSync(this.#coded) < 0) throw new Error('no packet');
    const payload = Buffer.from(this.#coded.data!);
    this.#coded.unref();
    return payload;
  }

  #speak(voice: { pull(): Float32Array }): void {
    if (this.#said.length === 0) this.#said = Float32Array.from(voice.pull());
    this.#samples.set(this.#said.subarray(0, this.frameSamples));
    this.#said = this.#said.subarray(this.frameSamples);
    this.#position += this.frameSamples;
  }

  #sound(): void {
    const { hz, channels, sides } = this.#settings;
    for (let i = 0; i < this.frameSamples; i++, this.#position++) {
      const value = this.amplitude * Math.sin((2 * Math.PI * hz * this.#position) / 48_000);
      this.#samples.fill(value, i * channels, (i + 1) * channels);
      if (sides === 'left') this.#samples[i * channels + 1] = 0;
    }
  }
}
