import type { Scene, SceneTile } from '../../../mixer/protocol/control.ts';
import { Compositor, sourceKey } from '../../../mixer/video/compositor.ts';
import { allocPlanes, type Planes, type Yuv } from '../../../mixer/video/planes.ts';
import type { VideoTrack } from '../../../mixer/video/videoTrack.ts';
import type { CameraSettings } from './camera.ts';
import { pixelIn } from './canvas.ts';
import { Tracked } from './tracked.ts';

export const tile = (participant: string, changes: Partial<SceneTile> = {}): SceneTile => ({
  participant,
  kind: 'camera',
  x: 0,
  y: 0,
  w: 1,
  h: 1,
  fit: 'cover',
  name: participant,
  state: 'live',
  ...changes,
});

/** Tiles side by side over the whole canvas. */
export const sideBySide = (...tiles: SceneTile[]): SceneTile[] =>
  tiles.map((each, i) => ({ ...each, x: i / tiles.length, w: 1 / tiles.length }));

/** A compositor with real cameras in front of it: two verbs, `film` and `tick`. */
export class Stage {
  readonly canvas: Planes;
  readonly compositor: Compositor;
  readonly tracks = new Map<string, VideoTrack>();
  readonly #cameras = new Map<string, Tracked>();
  nowUs = 1e9;

  constructor(size = { width: 640, height: 360 }) {
    this.canvas = allocPlanes(size);
    this.compositor = new Compositor(this.canvas);
  }

  join(participant: string, settings: Partial<CameraSettings> = {}): Tracked {
    const tracked = new Tracked({ codec: 'vp8', width: 320, height: 180, ...settings });
    this.#cameras.set(participant, tracked);
    this.tracks.set(sourceKey({ participant, kind: 'camera' }), tracked.track);
    return tracked;
  }

  leave(participant: string): void {
    const key = sourceKey({ participant, kind: 'camera' });
    this.#cameras.get(participant)?.close();
    this.#cameras.delete(participant);
    this.tracks.delete(key);
    this.compositor.drop(key);
  }

  scene(tiles: SceneTile[], slate: Scene['slate'] = { title: '', text: '' }): void {
    this.compositor.setScene({ tiles, slate });
  }

  film(participant: string, colour: Yuv, count = 1, keyFrame?: boolean): void {
    const tracked = this.#cameras.get(participant)!;
    tracked.nowUs = this.nowUs;
    tracked.film(colour, count, keyFrame);
    this.nowUs = tracked.nowUs;
  }

  tick(): boolean {
    return this.compositor.tick(this.nowUs, this.tracks);
  }

  /** The pixel at fractions of the canvas. */
  at(x: number, y: number): Yuv {
    return pixelIn(this.canvas, x, y);
  }

  close(): void {
    this.compositor.close();
    for (const tracked of this.#cameras.values()) tracked.close();
  }
}
