import type { Frame } from 'node-av/lib';
import type { Rect, SceneTile } from '../protocol/control.ts';
import { intersection } from './area.ts';
import { ringCorner, roundedCorner } from './corners.ts';
import { type PixelRect, place, type Size } from './fit.ts';
import { frameOver } from './frameOver.ts';
import { type Pose, sameRect, shown } from './motion.ts';
import { blend, type Overlay } from './overlay.ts';
import type { Planes } from './planes.ts';
import { drawRing, stampCorners } from './rounding.ts';
import { Scaler } from './scaler.ts';
import type { SourcePicture } from './sourcePictures.ts';
import type { Look } from './style.ts';
import { dim, mix } from './surface.ts';
import { drawAvatar } from './text/avatar.ts';
import { captionMargin, drawCaption } from './text/caption.ts';
import { drawPoorSign } from './text/signs.ts';

/** What is drawn where there is no picture. */
const notes = { live: '', off: '', poor: '', reconnecting: 'Reconnecting…' } as const;

/** A drawing and its place in the tile's picture: measured from the corner that it stays in. */
interface Sign {
  overlay: Overlay;
  corner: 'bottom-left' | 'top-right';
  margin: number;
}

/**
 * One tile: a picture or an avatar, cut to a shape, with its frame and signs. It knows where it stands and
 * what it shows; when and in which order tiles are drawn is the compositor's.
 *
 * `refresh` prepares what is to be shown; `draw` and `drawAlone` put it onto a canvas.
 */
export class Tile {
  spec: SceneTile;
  look: Look;
  pose: Pose;
  /** No other tile reaches into this one, and it stands still. */
  alone = false;
  speaking = false;
  /** Where the source's whole picture lies, in fractions of the canvas, once the tile stands; null for none. */
  picture: Rect | null = null;
  readonly #canvas: Size;
  readonly #scaler = new Scaler();
  /** The tile's place once it stands: avatars and signs are drawn for this size. */
  #home: PixelRect;
  #avatar: { key: string; frame: Frame } | undefined;
  #signs: Sign[] = [];
  #signsKey = '';
  /** What was scaled last, and how. */
  #shown = '';
  /** What libswscale could not scale. */
  #impossible = '';
  #changed = false;
  #seen = 0;
  #isNew = false;
  /** The picture's place within the pose: smaller where a whole picture is to be shown. */
  #body: PixelRect;

  constructor(spec: SceneTile, home: PixelRect, look: Look, canvas: Size, pose = shown(home)) {
    this.spec = spec;
    this.look = look;
    this.pose = pose;
    this.#home = home;
    this.#body = pose.rect;
    this.#canvas = canvas;
  }

  /** The same source in another scene. */
  become(spec: SceneTile, home: PixelRect, look: Look): void {
    this.spec = spec;
    this.look = look;
    this.#home = home;
  }

  get home(): PixelRect {
    return this.#home;
  }

  /** The part of the canvas that drawing may touch. */
  get body(): PixelRect {
    return this.#body;
  }

  /**
   * Prepares what is shown: the source's newest picture, or the avatar.
   * @returns whether it looks different from before
   */
  refresh(picture: SourcePicture | undefined): boolean {
    this.#changed = false;
    const { state } = this.spec;
    const isLive = (state === 'live' || state === 'poor') && picture !== undefined && !picture.broken;
    if (isLive && this.#show(picture.frame, `${picture.version}/${state}`)) {
      this.#isNew = picture.version !== this.#seen;
      this.#seen = picture.version;
      return this.#changed;
    }
    this.#isNew = false;
    const { key, frame } = this.#avatarFrame();
    this.#show(frame, key);
    this.picture = null;
    return this.#changed;
  }

  /** The last `refresh` has shown a picture for the first time. */
  get isNew(): boolean {
    return this.#isNew;
  }

  /** Draws it where nothing else is: what is under its corners is taken from `under`. */
  drawAlone(canvas: Planes, under: Planes): void {
    this.#scaler.place(canvas, this.#body);
    const radius = this.#radius();
    if (radius > 0) stampCorners(canvas, under, this.#body, roundedCorner(radius));
    this.#drawTrim(canvas, this.#body, radius);
  }

  /** Draws the part within `clip` over what is there. */
  draw(canvas: Planes, clip: PixelRect): void {
    const { surface } = this.#scaler;
    const part = intersection(this.#body, clip);
    if (surface === undefined || part === undefined) return;
    const radius = this.#radius();
    const corners = radius > 0 ? roundedCorner(radius) : null;
    mix(canvas, surface, this.#body, part, corners, this.pose.opacity);
    this.#drawTrim(canvas, part, radius);
  }

  close(): void {
    this.#scaler.close();
    this.#avatar?.frame.free();
    this.#avatar = undefined;
  }

  /** False when libswscale cannot do it. */
  #show(frame: Frame, key: string): boolean {
    const { rect } = this.pose;
    const wanted = `${key} ${rect.width}x${rect.height}/${this.spec.fit}`;
    if (wanted === this.#impossible) return false;
    const home = place(this.spec.fit, this.#home, frame, this.#canvas);
    const stands = sameRect(rect, this.#home);
    const { crop, target } = stands ? home : place(this.spec.fit, rect, frame, this.#canvas);
    this.#changed = wanted !== this.#shown || !sameRect(target, this.#body);
    if (wanted !== this.#shown) {
      const quality = this.spec.kind === 'screen' ? 'sharp' : 'smooth';
      if (!this.#scaler.scale(frame, crop, target, quality)) {
        this.#impossible = wanted;
        this.#shown = '';
        return false;
      }
      if (this.spec.state === 'poor' && !key.startsWith('avatar')) dim(this.#scaler.surface!);
      this.#shown = wanted;
    }
    this.#body = target;
    this.picture = home.picture;
    this.#drawSigns(home.target);
    return true;
  }

  #avatarFrame(): { key: string; frame: Frame } {
    const { name, state } = this.spec;
    const { width, height } = this.#home;
    const key = `avatar ${width}x${height} ${state} ${name}`;
    if (this.#avatar?.key !== key) {
      this.#avatar?.frame.free();
      this.#avatar = { key, frame: frameOver(drawAvatar(name, this.#home, notes[state])) };
    }
    return this.#avatar;
  }

  /** Signs are drawn once for the size in which the tile will stand, and keep it while it moves. */
  #drawSigns(size: Size): void {
    const { name, title = '', nameShown = true, micOff = false, state } = this.spec;
    const key = JSON.stringify([size.width, size.height, name, title, nameShown, micOff, state]);
    if (key === this.#signsKey) return;
    this.#signsKey = key;
    this.#changed = true;
    const caption = { name: nameShown ? name : '', title: nameShown ? title : '', micOff };
    const bar = drawCaption(caption, size);
    const sign = state === 'poor' ? drawPoorSign(size) : null;
    const margin = captionMargin(size);
    this.#signs = [];
    if (bar !== null) this.#signs.push({ overlay: bar, corner: 'bottom-left', margin });
    if (sign !== null) this.#signs.push({ overlay: sign, corner: 'top-right', margin });
  }

  /** Frame and signs, over the picture. */
  #drawTrim(canvas: Planes, clip: PixelRect, radius: number): void {
    const { opacity } = this.pose;
    const body = this.#body;
    const [width, colour] = this.#frame();
    if (width > 0 && body.width > 4 * width && body.height > 4 * width)
      drawRing(canvas, body, clip, ringCorner(radius, width), width, colour, opacity);
    for (const { overlay, corner, margin } of this.#signs) {
      const { width: w, height: h } = overlay.planes;
      const bottom = body.y + body.height - margin - h;
      const right = body.x + body.width - margin - w;
      const at =
        corner === 'bottom-left'
          ? { x: body.x + margin, y: bottom - (bottom & 1) }
          : { x: right - (right & 1), y: body.y + margin };
      blend(canvas, overlay, at, clip, opacity);
    }
  }

  #frame(): [number, Look['borderColour']] {
    const { speakingColour, speakingWidth, border, borderColour } = this.look;
    return this.speaking && speakingColour !== null
      ? [speakingWidth, speakingColour]
      : [border, borderColour];
  }

  /** Never more than half of a tile that is small, or still growing. */
  #radius(): number {
    const { width, height } = this.#body;
    return Math.min(this.look.radius, Math.floor(Math.min(width, height) / 4) * 2);
  }
}
