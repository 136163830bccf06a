import { AudioTrack } from '../../../mixer/audio/audioTrack.ts';
import { SoundDesk } from '../../../mixer/audio/desk.ts';
import { BLOCK_US, type ChannelCount } from '../../../mixer/audio/format.ts';
import { OpusDecoder } from '../../../mixer/audio/opusDecoder.ts';
import type { OpusSettings } from '../../../mixer/audio/opusEncoder.ts';
import type { ProgramName, SourceKind } from '../../../mixer/protocol/control.ts';
import { readPicture } from '../../../mixer/protocol/picture.ts';
import { SourceTimeline } from '../../../mixer/sync/sourceTimeline.ts';
import { Microphone } from './microphone.ts';
import { joined } from './sound.ts';

export interface Speaker {
  participant: string;
  kind: SourceKind;
  microphone: Microphone;
  track: AudioTrack;
}

export interface SpeakerOrder {
  kind?: SourceKind;
  amplitude?: number;
}

/** A desk with speakers who have a tone each, and listeners who decode what it sends. */
export class Booth {
  nowUs = 1e9;
  readonly speakers: Speaker[] = [];
  /** Everything that was sent, per encoder. */
  readonly pictures = new Map<number, Buffer[]>();
  readonly chunks: { encoder: number; ptsUs: number }[] = [];
  readonly desk: SoundDesk;
  readonly #heard = new Map<number, Float32Array[]>();
  readonly #decoders = new Map<number, OpusDecoder>();
  #encoders = 0;

  constructor() {
    const outlet = {
      sendMedia: (encoder: number, picture: Buffer) => this.#hear(encoder, picture),
      sendChunk: (chunk: { encoder: number; ptsUs: number }) => void this.chunks.push(chunk),
    };
    this.desk = new SoundDesk(outlet, () => this.nowUs);
    // Tones are not speech: unless a test wants it, they keep their level.
    this.desk.set({ duckingDb: 0, automaticGain: false, panning: false });
  }

  speak(participant: string, hz: number, { kind = 'camera', amplitude = 0.25 }: SpeakerOrder = {}): Speaker {
    const channels: ChannelCount = kind === 'camera' ? 1 : 2;
    const timeline = new SourceTimeline();
    const track = new AudioTrack(timeline, channels);
    timeline.setAudio(track.clock);
    const speaker = { participant, kind, microphone: new Microphone({ hz, amplitude }), track };
    this.speakers.push(speaker);
    this.desk.join(speaker, track);
    return speaker;
  }

  leave(speaker: Speaker): void {
    this.desk.leave(speaker);
    this.speakers.splice(this.speakers.indexOf(speaker), 1);
    speaker.microphone.close();
  }

  /** Gives the number of the encoder. */
  listen(without?: string, program: ProgramName = 'program', coding: Partial<OpusSettings> = {}): number {
    const encoder = this.#encoders++;
    this.desk.start({
      type: 'start-encoder',
      encoder,
      media: 'audio',
      codec: 'opus',
      kbps: 96,
      without,
      program,
      ...coding,
    });
    this.#decoders.set(encoder, new OpusDecoder());
    this.#heard.set(encoder, []);
    this.pictures.set(encoder, []);
    return encoder;
  }

  /** Every packet arrives 5 ms before its block. */
  run(ms: number): this {
    for (const endUs = this.nowUs + ms * 1000; this.nowUs < endUs; ) {
      this.nowUs += BLOCK_US;
      for (const { microphone, track } of this.speakers)
        track.push(microphone.record().packet, this.nowUs - 5000);
      this.desk.advance(this.nowUs);
    }
    return this;
  }

  /** What a listener has heard since the last call. */
  take(encoder: number): Float32Array {
    const sound = joined(this.#heard.get(encoder)!);
    this.#heard.set(encoder, []);
    return sound;
  }

  close(): void {
    for (const decoder of this.#decoders.values()) decoder.close();
    for (const encoder of this.#heard.keys()) this.desk.stop(encoder);
    for (const speaker of [...this.speakers]) this.leave(speaker);
    this.desk.advance(this.nowUs + BLOCK_US);
  }

  #hear(encoder: number, picture: Buffer): void {
    this.pictures.get(encoder)!.push(picture);
    const [packet] = readPicture(picture).packets;
    this.#heard
      .get(encoder)!
      .push(Float32Array.from(this.#decoders.get(encoder)!.decode(packet!.subarray(12))!));
  }
}
