import { LatencyHistogram } from '../latencyHistogram.ts';
import type {
  MixerStats,
  ProgramName,
  SceneTile,
  SourceKind,
  SourceLevel,
  StartEncoder,
} from '../protocol/control.ts';
import type { Chunk } from '../protocol/framing.ts';
import { AudioRendition } from './audioRendition.ts';
import { BLOCK_US } from './format.ts';
import { panOf } from './panner.ts';
import { type Playing, ProgramMix } from './programMix.ts';
import { type SoundInput, Strip } from './strip.ts';

/** Where coded sound goes. */
export interface SoundOutlet {
  sendMedia(encoder: number, picture: Buffer): void;
  sendChunk(chunk: Chunk): void;
}

type StartSound = Extract<StartEncoder, { media: 'audio' }>;
type Who = { participant: string; kind: SourceKind };
type Place = Pick<SceneTile, 'participant' | 'kind' | 'x' | 'w'>;

/** How sound is mixed, as the room wants it. */
export interface DeskSettings {
  duckingDb: number;
  automaticGain: boolean;
  panning: boolean;
}

/** Ducking that is worth it where nobody has chosen. */
const DUCKING_DB = 12;

const keyOf = ({ participant, kind }: Who) => `${kind}/${participant}`;

/** The sound half of a room: a strip per source ▶ a sum per program ▶ renditions. */
export class SoundDesk {
  readonly #outlet: SoundOutlet;
  readonly #nowUs: () => number;
  readonly #strips = new Map<string, { strip: Strip; input: SoundInput }>();
  /** Strips that fade out, with the next block. */
  #leaving: { key: string; strip: Strip; input: SoundInput }[] = [];
  /** Kept for who comes later, and who comes again. */
  readonly #gains = new Map<string, number>();
  readonly #mixes: Record<ProgramName, ProgramMix> = { program: new ProgramMix(), stage: new ProgramMix() };
  readonly #renditions = new Map<number, { rendition: AudioRendition; mix: ProgramMix }>();
  /** Where each program's tiles stand. */
  readonly #places: Record<ProgramName, Place[]> = { program: [], stage: [] };
  #automaticGain = true;
  #panning = false;
  readonly latency = new LatencyHistogram();

  constructor(outlet: SoundOutlet, nowUs: () => number) {
    this.#outlet = outlet;
    this.#nowUs = nowUs;
    this.set({ duckingDb: DUCKING_DB, automaticGain: true, panning: false });
  }

  /** `input` is heard from the next block on, instead of what came from this source before. */
  join(source: Who, input: SoundInput): void {
    this.leave(source);
    const key = keyOf(source);
    const strip = new Strip(source, input, this.#gains.get(key) ?? 1);
    strip.automaticGain = this.#automaticGain;
    this.#strips.set(key, { strip, input });
  }

  /** What came from this source fades out and is closed then. */
  leave(source: Who): void {
    const key = keyOf(source);
    const entry = this.#strips.get(key);
    if (entry === undefined) return;
    this.#strips.delete(key);
    entry.strip.fader.moveTo(0);
    this.#leaving.push({ key, ...entry });
  }

  setGain(source: Who, gain: number): void {
    const key = keyOf(source);
    this.#gains.set(key, gain);
    this.#strips.get(key)?.strip.fader.moveTo(gain);
  }

  /** The source has left for good, and comes as somebody new if it comes again. */
  forgetGain(source: Who): void {
    this.#gains.delete(keyOf(source));
  }

  /** Who is heard in a program; null for everybody. */
  hear(program: ProgramName, sources: Who[] | null): void {
    this.#mixes[program].hear(sources?.map(keyOf) ?? null);
  }

  /** Where a program's tiles stand: speakers are heard from there, where the room wants that. */
  place(program: ProgramName, tiles: Place[]): void {
    this.#places[program] = tiles;
    this.#pan(program);
  }

  set({ duckingDb, automaticGain, panning }: DeskSettings): void {
    this.#automaticGain = automaticGain;
    for (const mix of Object.values(this.#mixes)) mix.duckingDb = duckingDb;
    for (const { strip } of this.#strips.values()) strip.automaticGain = automaticGain;
    this.#panning = panning;
    this.#pan('program');
    this.#pan('stage');
  }

  /** @throws Error when there is no such Opus encoder */
  start({ encoder, without, program = 'program', ...settings }: StartSound): void {
    this.stop(encoder);
    const rendition = new AudioRendition(encoder, settings, without);
    this.#renditions.set(encoder, { rendition, mix: this.#mixes[program] });
  }

  stop(encoder: number): void {
    this.#renditions.get(encoder)?.rendition.close();
    this.#renditions.delete(encoder);
  }

  /** @returns whether the encoder is one of sound */
  tap(encoder: number, on: boolean): boolean {
    const entry = this.#renditions.get(encoder);
    if (entry) entry.rendition.tapped = on;
    return entry !== undefined;
  }

  /** One block: 20 ms of everything. */
  advance(dueUs: number): void {
    const playing: Playing[] = [];
    for (const [key, { strip }] of this.#strips) playing.push({ key, strip, block: strip.advance(dueUs) });
    for (const { key, strip } of this.#leaving) playing.push({ key, strip, block: strip.advance(dueUs) });
    this.#mixes.program.advance(playing);
    this.#mixes.stage.advance(playing);
    for (const { rendition, mix } of this.#renditions.values()) this.#send(rendition, mix, dueUs);
    this.#measure();
    for (const { strip, input } of this.#leaving) this.#end(strip, input);
    this.#leaving = [];
  }

  speaking(source: Who, nowUs: number): boolean {
    return this.#strips.get(keyOf(source))?.strip.level.speaking(nowUs) ?? false;
  }

  /** The levels since the last call. */
  takeLevels(nowUs: number): SourceLevel[] {
    return [...this.#strips.values()].map(({ strip: { participant, kind, level } }) => ({
      participant,
      kind,
      levelDb: level.take(),
      speaking: level.speaking(nowUs),
    }));
  }

  stats(): MixerStats['encoders'] {
    return [...this.#renditions.values()].map(({ rendition: { encoder, frames, bytes } }) => ({
      encoder,
      frames,
      keyFrames: frames,
      encodeMsMean: 0,
      bytes,
    }));
  }

  #pan(program: ProgramName): void {
    const tiles = this.#panning ? this.#places[program] : [];
    this.#mixes[program].place(new Map(tiles.map((tile) => [keyOf(tile), panOf(tile)])));
  }

  #send(rendition: AudioRendition, mix: ProgramMix, dueUs: number): void {
    const sound = rendition.push(mix, dueUs);
    if (sound === null) return;
    const { encoder } = rendition;
    this.#outlet.sendMedia(encoder, sound.picture);
    if (!rendition.tapped) return;
    const { ptsUs, data: bytes } = sound;
    this.#outlet.sendChunk({ encoder, keyFrame: true, ptsUs, durationUs: BLOCK_US, bytes });
  }

  /** How long the packets were here whose sound has just left. */
  #measure(): void {
    const departureUs = this.#nowUs();
    const isHeard = this.#renditions.size > 0;
    for (const { input } of this.#strips.values()) {
      input.transit?.leave((arrivalUs) => {
        if (isHeard) this.latency.add((departureUs - arrivalUs) / 1000);
      });
    }
  }

  #end(strip: Strip, input: SoundInput): void {
    for (const mix of Object.values(this.#mixes)) mix.drop(strip);
    input.close();
  }
}
