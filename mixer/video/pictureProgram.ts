import type { Channel } from '../channel.ts';
import type { LatencyHistogram } from '../latencyHistogram.ts';
import type { MixerStats, ProgramName, Scene, SceneTile } from '../protocol/control.ts';
import type { Assets } from './assets.ts';
import { Compositor } from './compositor.ts';
import type { Moment } from './elements/graphic.ts';
import type { VideoEncoderSettings } from './encoder.ts';
import { type EncodedPicture, EncoderThread } from './encoderThread.ts';
import { Placing } from './placing.ts';
import { planesOver } from './planes.ts';
import { Rendition } from './rendition.ts';
import type { SourcePictures } from './sourcePictures.ts';
import { StillPace } from './stillPace.ts';
import type { Fonts } from './text/fontThread.ts';

/** Nobody asks for more at a time: the server coalesces. */
const MAX_SNAPSHOTS = 8;

/** Encoders that work at one picture for so many seconds hang: no size of ours takes a tenth of that. */
const HANG_S = 3;

export interface Canvas {
  width: number;
  height: number;
  fps: number;
}

/** What all programs of a room have in common. */
export interface PictureRoom {
  canvas: Canvas;
  pictures: Pick<SourcePictures, 'get'>;
  assets: Pick<Assets, 'get'>;
  fonts: Fonts;
  latency: LatencyHistogram;
  speaks: (source: SceneTile) => boolean;
  nowUs: () => number;
}

/** One program's picture: compositor ▶ encoder thread ▶ renditions ▶ channel. */
export class PictureProgram {
  readonly #name: ProgramName;
  readonly #room: PictureRoom;
  readonly #channel: Channel;
  readonly #compositor: Compositor;
  readonly #encoders: EncoderThread;
  readonly #pace: StillPace;
  readonly #placing = new Placing();
  #renditions = new Map<number, Rendition>();
  #snapshots: number[] = [];
  /** Pictures that the one being encoded shows for the first time: when they came. */
  #arrivals: number[] = [];
  /** A tick at which the encoders were still busy. */
  #held: Moment & { dueUs: number } = { dueUs: 0, nowUs: 0, wallMs: 0 };
  #isHeld = false;
  /** Ticks in a row at which the encoders were at the same picture; counted, since time passes in a stopped process, too. */
  #busyTicks = 0;
  /** Pictures left out because the encoders were busy for too long. */
  skippedTicks = 0;

  constructor(name: ProgramName, room: PictureRoom, channel: Channel) {
    this.#name = name;
    this.#room = room;
    this.#channel = channel;
    const { width, height, fps } = room.canvas;
    this.#pace = new StillPace(fps);
    const memory = new SharedArrayBuffer((width * height * 3) / 2);
    this.#compositor = new Compositor(planesOver(memory, room.canvas), room.assets, room.fonts);
    this.#encoders = new EncoderThread(
      { memory, width, height },
      {
        coded: (picture) => this.#deliver(picture),
        failed: (encoder, detail) => this.#fail(encoder, detail),
        snapshot: (request, jpeg) =>
          this.#channel.send({ type: 'snapshot', request, jpeg: jpeg.toString('base64') }),
        done: () => {
          this.#busyTicks = 0;
          this.#catchUp();
        },
      },
    );
  }

  setScene(scene: Scene): void {
    this.#compositor.setScene(scene);
  }

  imageChanged(asset: string): void {
    this.#compositor.imageChanged(asset);
  }

  has(encoder: number): boolean {
    return this.#renditions.has(encoder);
  }

  get watched(): boolean {
    return this.#renditions.size > 0;
  }

  start(encoder: number, settings: VideoEncoderSettings): void {
    const { codec, width, height, fps, kbps } = settings;
    this.#encoders.open(encoder, { codec, width: even(width), height: even(height), fps, kbps });
    this.#renditions.set(encoder, new Rendition(encoder, settings, this.#room.canvas.fps));
  }

  /** Another rate for a running encoder, from its next key frame at the latest. */
  setRate(encoder: number, kbps: number): void {
    const rendition = this.#renditions.get(encoder);
    if (rendition === undefined) return;
    this.#encoders.setRate(encoder, kbps);
    rendition.noteRate(this.#room.nowUs());
  }

  stop(encoder: number): void {
    if (this.#renditions.delete(encoder)) this.#encoders.close(encoder);
  }

  requestKeyFrame(encoder: number): void {
    this.#renditions.get(encoder)?.requestKeyFrame();
  }

  keyFrameEvery(encoder: number, intervalUs: number): void {
    this.#renditions.get(encoder)?.keyFrameEvery(intervalUs);
  }

  /** Answered with the next picture that is drawn. */
  requestSnapshot(request: number): void {
    if (this.#snapshots.length < MAX_SNAPSHOTS) this.#snapshots.push(request);
  }

  tap(encoder: number, on: boolean): void {
    const rendition = this.#renditions.get(encoder);
    if (rendition) rendition.tapped = on;
  }

  /**
   * One tick. While the encoders still read the canvas nothing can be drawn: the picture waits for them, and is
   * left out when they are not done by the next tick.
   */
  advance(dueUs: number, moment: Moment): void {
    if (this.#encoders.busy) {
      this.#noteBusy();
      if (this.#isHeld) this.skippedTicks++;
      this.#held = { dueUs, ...moment };
      this.#isHeld = true;
      return;
    }
    if (this.#isHeld) this.skippedTicks++;
    this.#isHeld = false;
    this.#compose(dueUs, moment);
  }

  stats(): MixerStats['encoders'] {
    return [...this.#renditions.values()].map(({ encoder, frames, keyFrames, encodeUs, bytes }) => ({
      encoder,
      frames,
      keyFrames,
      encodeMsMean: frames === 0 ? 0 : encodeUs / frames / 1000,
      bytes,
    }));
  }

  async close(): Promise<void> {
    this.#renditions.clear();
    this.#isHeld = false;
    this.#compositor.close();
    await this.#encoders.end();
  }

  /** A thread inside libav cannot be ended from outside: only the whole mixer can be replaced. */
  #noteBusy(): void {
    if (++this.#busyTicks !== Math.ceil(HANG_S * this.#room.canvas.fps)) return;
    const detail = `the encoders of the ${this.#name} have been at one picture for ${HANG_S} s`;
    this.#channel.send({ type: 'stuck', detail });
  }

  #catchUp(): void {
    if (!this.#isHeld) return;
    this.#isHeld = false;
    this.#compose(this.#held.dueUs, this.#held);
  }

  #compose(dueUs: number, moment: Moment): void {
    const changed = this.#compositor.tick(moment, this.#room.pictures, this.#room.speaks);
    const { scenes } = this.#compositor;
    const placed = this.#placing.take(this.#compositor.takePlaced(), scenes, moment.nowUs);
    if (placed !== null) this.#channel.send({ type: 'placed', tiles: placed, program: this.#name });
    const renditions = [...this.#renditions.values()];
    const isRecorded = renditions.some((rendition) => rendition.recorded);
    const takesPart = this.#pace.takes(changed || isRecorded, moment.nowUs);
    const jobs = [];
    for (const rendition of renditions) {
      if (!(rendition.takeTurn(dueUs) && takesPart) && !rendition.keyFrameDue(dueUs)) continue;
      jobs.push({ encoder: rendition.encoder, keyFrame: rendition.takeKeyFrame(dueUs) });
    }
    const snapshots = this.#snapshots;
    this.#snapshots = [];
    if (jobs.length > 0) this.#arrivals.push(...this.#compositor.arrivals);
    this.#encoders.encode(dueUs, jobs, snapshots);
  }

  /** The server is told, and may ask for another; the mixer and its other encoders go on. */
  #fail(encoder: number, detail: string): void {
    if (!this.#renditions.delete(encoder)) return;
    this.#channel.send({ type: 'encoder-failed', encoder, detail });
  }

  #deliver(picture: EncodedPicture): void {
    const rendition = this.#renditions.get(picture.encoder);
    if (rendition === undefined) return;
    this.#channel.sendMedia(picture.encoder, rendition.packetize(picture));
    this.#noteLatency();
    if (!rendition.tapped) return;
    const { encoder, keyFrame, ptsUs, data: bytes } = picture;
    const durationUs = Math.round(1e6 / rendition.fps);
    this.#channel.sendChunk({ encoder, keyFrame, ptsUs, durationUs, bytes });
  }

  /** The first encoder that is done is the first moment at which a viewer can see these pictures. */
  #noteLatency(): void {
    if (this.#arrivals.length === 0) return;
    const nowUs = this.#room.nowUs();
    for (const arrivalUs of this.#arrivals) this.#room.latency.add((nowUs - arrivalUs) / 1000);
    this.#arrivals.length = 0;
  }
}

/** Chroma planes are of half the size. */
const even = (value: number) => Math.max(2, value - (value % 2));
