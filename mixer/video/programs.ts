import type { Channel } from '../channel.ts';
import { LatencyHistogram } from '../latencyHistogram.ts';
import type { Histogram, MixerStats, ProgramName, Scene, SceneTile } from '../protocol/control.ts';
import { Assets } from './assets.ts';
import type { Moment } from './elements/graphic.ts';
import type { VideoEncoderSettings } from './encoder.ts';
import { type Canvas, PictureProgram, type PictureRoom } from './pictureProgram.ts';
import { type PictureSource, SourcePictures } from './sourcePictures.ts';
import { FontThread } from './text/fontThread.ts';
import { TickPhase } from './tickPhase.ts';

/** What the picture half of a room asks of the rest. */
export interface PictureEnvironment {
  nowUs: () => number;
  /** Milliseconds since 1970. */
  wallMs: () => number;
  speaks: (source: SceneTile) => boolean;
}

/**
 * A room's pictures: every source decoded once, drawn into one program or two. The second one exists only
 * while somebody watches it.
 */
export class Programs {
  readonly #channel: Channel;
  readonly #environment: PictureEnvironment;
  readonly #phase: TickPhase;
  readonly #pictures: SourcePictures;
  readonly #assets: Assets;
  readonly #latency = new LatencyHistogram();
  readonly #room: PictureRoom;
  readonly #programs = new Map<ProgramName, PictureProgram>();
  readonly #scenes = new Map<ProgramName, Scene>();
  #tracks = new Map<string, PictureSource>();

  constructor(canvas: Canvas, channel: Channel, environment: PictureEnvironment) {
    this.#channel = channel;
    this.#environment = environment;
    this.#phase = new TickPhase(1e6 / canvas.fps);
    this.#pictures = new SourcePictures(this.#phase);
    this.#assets = new Assets(
      (message) => channel.send(message),
      (asset) => {
        for (const program of this.#programs.values()) program.imageChanged(asset);
      },
    );
    this.#room = {
      canvas,
      pictures: this.#pictures,
      assets: this.#assets,
      fonts: new FontThread(),
      latency: this.#latency,
      speaks: environment.speaks,
      nowUs: environment.nowUs,
    };
    this.#open('program');
  }

  setScene(scene: Scene, name: ProgramName = 'program'): void {
    this.#scenes.set(name, scene);
    this.#programs.get(name)?.setScene(scene);
  }

  setAsset(asset: string, path: string | null): void {
    void this.#assets.set(asset, path);
  }

  setTrack(key: string, track: PictureSource): void {
    this.#tracks.set(key, track);
  }

  dropTrack(key: string): void {
    this.#tracks.delete(key);
    this.#pictures.drop(key);
  }

  start(encoder: number, settings: VideoEncoderSettings & { program?: ProgramName }): void {
    this.stop(encoder);
    const name = settings.program ?? 'program';
    (this.#programs.get(name) ?? this.#open(name)).start(encoder, settings);
  }

  stop(encoder: number): void {
    for (const [name, program] of this.#programs) {
      program.stop(encoder);
      if (name === 'program' || program.watched) continue;
      this.#programs.delete(name);
      void program.close();
    }
  }

  setRate(encoder: number, kbps: number): void {
    this.#of(encoder)?.setRate(encoder, kbps);
  }

  requestKeyFrame(encoder: number): void {
    this.#of(encoder)?.requestKeyFrame(encoder);
  }

  keyFrameEvery(encoder: number, intervalUs: number): void {
    this.#of(encoder)?.keyFrameEvery(encoder, intervalUs);
  }

  tap(encoder: number, on: boolean): void {
    this.#of(encoder)?.tap(encoder, on);
  }

  /** The program's picture, as a JPEG. */
  requestSnapshot(request: number): void {
    this.#programs.get('program')!.requestSnapshot(request);
  }

  /**
   * One tick: decodes what has come, then draws it.
   *
   * @param between called while decoding, so that what must not wait does not
   * @returns by how much the next tick should come later than a period from now, µs; sooner when negative
   */
  advance(dueUs: number, nowUs: number, between: () => void): number {
    for (const track of this.#tracks.values()) track.decode(nowUs, between);
    // A picture stands until the next tick: the one that fits the middle of that time fits best.
    this.#pictures.advance(nowUs, this.#tracks, 5e5 / this.#room.canvas.fps);
    const moment: Moment = { nowUs, wallMs: this.#environment.wallMs() };
    for (const program of this.#programs.values()) program.advance(dueUs, moment);
    return this.#phase.takeShiftUs();
  }

  /** Pictures of the program left out because its encoders were busy. */
  get skippedTicks(): number {
    return this.#programs.get('program')!.skippedTicks;
  }

  get latency(): Histogram {
    return this.#latency.histogram;
  }

  stats(): MixerStats['encoders'] {
    return [...this.#programs.values()].flatMap((program) => program.stats());
  }

  #of(encoder: number): PictureProgram | undefined {
    for (const program of this.#programs.values()) if (program.has(encoder)) return program;
    return undefined;
  }

  #open(name: ProgramName): PictureProgram {
    const program = new PictureProgram(name, this.#room, this.#channel);
    this.#programs.set(name, program);
    const scene = this.#scenes.get(name);
    if (scene !== undefined) program.setScene(scene);
    return program;
  }
}
