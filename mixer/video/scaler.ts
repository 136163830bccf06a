import {
  AV_PIX_FMT_YUV420P,
  AV_PIX_FMT_YUVJ420P,
  type AVPixelFormat,
  SWS_BILINEAR,
  SWS_POINT,
  type SwsFlags,
} from 'node-av/constants';
import { Frame, SoftwareScaleContext } from 'node-av/lib';
import type { PixelRect, Size } from './fit.ts';
import { type Planes, planesAt } from './planes.ts';

/** Formats whose planes can be cropped by offset: what browsers send. */
const PLANAR_420: ReadonlySet<number> = new Set([AV_PIX_FMT_YUV420P, AV_PIX_FMT_YUVJ420P]);

/**
 * Scales the pictures of one tile and puts them onto the canvas. Scaling goes from frame to frame, and
 * the copy uses buffers made once: asking a decoded frame for its `data` would make three views of a
 * megabyte per picture, which V8 counts as garbage and collects many times a second.
 */
export class Scaler {
  #scaling: SoftwareScaleContext | undefined;
  #placing: SoftwareScaleContext | undefined;
  #scaled: Frame | undefined;
  #from: Buffer[] = [];
  #strides: number[] = [];
  #key = '';

  /** Gets ready for pictures like this one. False when none can be drawn: 16382×2 is beyond libswscale. */
  open(picture: Frame, crop: PixelRect, target: PixelRect): boolean {
    this.#open(picture, crop, picture.format as AVPixelFormat, target);
    return this.#scaled !== undefined;
  }

  /** Draws a picture of the shape that was opened. */
  draw(picture: Frame, crop: PixelRect, canvas: Planes, target: PixelRect): void {
    const format = picture.format as AVPixelFormat;
    if (isWhole(picture, crop) || !PLANAR_420.has(format)) {
      this.#scaling!.scaleFrameSync(this.#scaled!, picture);
    } else {
      const strides = picture.linesize;
      this.#scaling!.scaleSync(cropped(picture, crop), strides, 0, crop.height, this.#from, this.#strides);
    }
    const half = canvas.width / 2;
    const to = planesAt(canvas, target.x, target.y);
    this.#placing!.scaleSync(this.#from, this.#strides, 0, target.height, to, [canvas.width, half, half]);
  }

  close(): void {
    this.#scaling?.freeContext();
    this.#placing?.freeContext();
    this.#scaled?.free();
    this.#scaling = undefined;
    this.#placing = undefined;
    this.#scaled = undefined;
    this.#from = [];
    this.#key = '';
  }

  #open(picture: Frame, crop: PixelRect, format: AVPixelFormat, target: PixelRect): void {
    const source = PLANAR_420.has(format) ? crop : { width: picture.width, height: picture.height };
    const key = `${source.width}x${source.height}/${format}/${target.width}x${target.height}`;
    if (key === this.#key) return;
    this.close();
    this.#key = key;
    try {
      this.#scaling = scaling(source, format, target, SWS_BILINEAR);
    } catch {
      return;
    }
    this.#placing = scaling(target, AV_PIX_FMT_YUV420P, target, SWS_POINT);
    const scaled = new Frame();
    scaled.alloc();
    scaled.width = target.width;
    scaled.height = target.height;
    scaled.format = AV_PIX_FMT_YUV420P;
    scaled.getBuffer(0);
    this.#scaled = scaled;
    this.#from = scaled.data!;
    this.#strides = scaled.linesize;
  }
}

function scaling(from: Size, format: AVPixelFormat, to: Size, flags: SwsFlags): SoftwareScaleContext {
  const context = new SoftwareScaleContext();
  context.getContext(from.width, from.height, format, to.width, to.height, AV_PIX_FMT_YUV420P, flags);
  return context;
}

const isWhole = (picture: Frame, crop: PixelRect) =>
  crop.width === picture.width && crop.height === picture.height;

function cropped(picture: Frame, crop: PixelRect): Buffer[] {
  const data = picture.data!;
  const strides = picture.linesize;
  return [
    data[0]!.subarray(crop.y * strides[0]! + crop.x),
    data[1]!.subarray((crop.y / 2) * strides[1]! + crop.x / 2),
    data[2]!.subarray((crop.y / 2) * strides[2]! + crop.x / 2),
  ];
}
