import type { Scene, SceneTile } from '../../../mixer/protocol/control.ts';
import type { Assets } from '../../../mixer/video/assets.ts';
import { Compositor, sourceKey } from '../../../mixer/video/compositor.ts';
import { allocPlanes, type Planes, type Yuv } from '../../../mixer/video/planes.ts';
import { SourcePictures } from '../../../mixer/video/sourcePictures.ts';
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
  readonly pictures = new SourcePictures();
  readonly tracks = new Map<string, VideoTrack>();
  readonly #cameras = new Map<string, Tracked>();
  /** Who is heard. */
  readonly speakers = new Set<string>();
  nowUs = 1e9;
  wallMs = 0;

  constructor(size = { width: 640, height: 360 }, assets?: Pick<Assets, 'get'>) {
    this.canvas = allocPlanes(size);
    this.compositor = new Compositor(this.canvas, assets);
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
    this.pictures.drop(key);
  }

  scene(
    tiles: SceneTile[],
    slate: Scene['slate'] = { title: '', text: '' },
    more: Partial<Scene> = {},
  ): void {
    this.compositor.setScene({ tiles, slate, ...more });
  }

  film(participant: string, colour: Yuv, count = 1, keyFrame?: boolean): void {
    const tracked = this.#cameras.get(participant)!;
    tracked.nowUs = this.nowUs;
    tracked.film(colour, count, keyFrame);
    this.nowUs = tracked.nowUs;
  }

  /** @param aheadMs time that passes before */
  tick(aheadMs = 0): boolean {
    this.nowUs += aheadMs * 1000;
    this.pictures.advance(this.nowUs, this.tracks);
    const moment = { nowUs: this.nowUs, wallMs: this.wallMs + this.nowUs / 1000 };
    return this.compositor.tick(moment, this.pictures, ({ participant }) => this.speakers.has(participant));
  }

  /** The pixel at fractions of the canvas. */
  at(x: number, y: number): Yuv {
    return pixelIn(this.canvas, x, y);
  }

  close(): void {
    this.compositor.close();
    this.pictures.close();
    for (const tracked of this.#cameras.values()) tracked.close();
  }
}
