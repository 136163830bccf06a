import type { Channel } from '../channel.ts';
import type { MixerStats, Scene } from '../protocol/control.ts';
import { Compositor } from './compositor.ts';
import type { VideoEncoderSettings } from './encoder.ts';
import { type EncodedPicture, EncoderThread } from './encoderThread.ts';
import { planesOver } from './planes.ts';
import { Rendition } from './rendition.ts';
import type { VideoTrack } from './videoTrack.ts';

/** Nobody asks for more at a time: the server coalesces. */
const MAX_SNAPSHOTS = 8;

/** The picture half of a program: compositor ▶ encoder thread ▶ renditions ▶ channel. */
export class PictureProgram {
  readonly #channel: Channel;
  readonly #fps: number;
  readonly #compositor: Compositor;
  readonly #encoders: EncoderThread;
  #tracks = new Map<string, VideoTrack>();
  #renditions = new Map<number, Rendition>();
  #snapshots: number[] = [];
  /** Ticks at which the encoders were still busy: the picture was left out. */
  skippedTicks = 0;

  constructor(canvas: { width: number; height: number; fps: number }, channel: Channel) {
    this.#channel = channel;
    this.#fps = canvas.fps;
    const memory = new SharedArrayBuffer((canvas.width * canvas.height * 3) / 2);
    this.#compositor = new Compositor(planesOver(memory, canvas));
    this.#encoders = new EncoderThread(
      { memory, width: canvas.width, height: canvas.height },
      {
        coded: (picture) => this.#deliver(picture),
        failed: (encoder, detail) => this.#fail(encoder, detail),
        snapshot: (request, jpeg) =>
          this.#channel.send({ type: 'snapshot', request, jpeg: jpeg.toString('base64') }),
      },
    );
  }

  setScene(scene: Scene): void {
    this.#compositor.setScene(scene);
  }

  setTrack(key: string, track: VideoTrack): void {
    this.#tracks.set(key, track);
  }

  dropTrack(key: string): void {
    this.#tracks.delete(key);
    this.#compositor.drop(key);
  }

  start(encoder: number, settings: VideoEncoderSettings): void {
    const { codec, width, height, fps, kbps } = settings;
    this.#encoders.open(encoder, { codec, width: even(width), height: even(height), fps, kbps });
    this.#renditions.set(encoder, new Rendition(encoder, settings));
  }

  /** Another rate for a running encoder, from its next key frame at the latest. */
  setRate(encoder: number, kbps: number, nowUs: number): void {
    const rendition = this.#renditions.get(encoder);
    if (rendition === undefined) return;
    this.#encoders.setRate(encoder, kbps);
    rendition.noteRate(nowUs);
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
   * One tick. While the encoders still read the canvas nothing is drawn: a picture is left out.
   *
   * @param between called while decoding, so that what must not wait does not
   */
  advance(dueUs: number, nowUs: number, between: () => void): void {
    for (const track of this.#tracks.values()) track.decode(nowUs, between);
    if (this.#encoders.busy) {
      this.skippedTicks++;
      return;
    }
    // A picture stands until the next tick: the one that fits the middle of that time fits best.
    this.#compositor.tick(nowUs, this.#tracks, 5e5 / this.#fps);
    const placed = this.#compositor.takePlaced();
    if (placed !== null) this.#channel.send({ type: 'placed', tiles: placed });
    const jobs = [];
    for (const rendition of this.#renditions.values())
      if (rendition.takeTurn(dueUs))
        jobs.push({ encoder: rendition.encoder, keyFrame: rendition.takeKeyFrame(dueUs) });
    const snapshots = this.#snapshots;
    this.#snapshots = [];
    this.#encoders.encode(dueUs, jobs, snapshots);
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

  /** The server is told, and may ask for another; the mixer and its other encoders go on. */
  #fail(encoder: number, detail: string): void {
    if (!this.#renditions.delete(encoder)) return;
    this.#channel.send({ type: 'encoder-failed', encoder, detail });
  }

  #deliver(picture: EncodedPicture): void {
    const rendition = this.#renditions.get(picture.encoder);
    if (rendition === undefined) return;
    this.#channel.sendMedia(picture.encoder, rendition.packetize(picture));
    if (!rendition.tapped) return;
    const { encoder, keyFrame, ptsUs, data: bytes } = picture;
    const durationUs = Math.round(1e6 / rendition.fps);
    this.#channel.sendChunk({ encoder, keyFrame, ptsUs, durationUs, bytes });
  }
}

/** Chroma planes are of half the size. */
const even = (value: number) => Math.max(2, value - (value % 2));
