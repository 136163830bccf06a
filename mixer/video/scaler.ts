import {
  AV_PIX_FMT_YUV420P,
  AV_PIX_FMT_YUVJ420P,
  type AVPixelFormat,
  SWS_AREA,
  SWS_BILINEAR,
  SWS_POINT,
  type SwsFlags,
} from 'node-av/constants';
import { Frame, SoftwareScaleContext } from 'node-av/lib';
import type { PixelRect, Size } from './fit.ts';
import { type Planes, planesAt } from './planes.ts';
import { canResample, Resampler } from './resampler.ts';
import type { Surface } from './surface.ts';

/** Formats whose planes can be cropped by offset: what browsers send. */
const PLANAR_420: ReadonlySet<number> = new Set([AV_PIX_FMT_YUV420P, AV_PIX_FMT_YUVJ420P]);

/** `sharp`: for text, where a wide filter would blur and a sharpening one draw halos. */
export type Quality = 'smooth' | 'sharp';

/**
 * Scales the pictures of one tile and puts them onto the canvas. Scaling goes from frame to frame, and
 * the copy uses buffers made once: asking a decoded frame for its `data` would make three views of a
 * megabyte per picture, which V8 counts as garbage and collects many times a second.
 *
 * Cameras go through zimg; what it has no filter or format for, through libswscale.
 */
export class Scaler {
  #resampler: Resampler | undefined;
  #scaling: SoftwareScaleContext | undefined;
  #placing: SoftwareScaleContext | undefined;
  #scaled: Frame | undefined;
  #surface: Surface | undefined;
  /** What speakers send who are told the size of their tile needs no filter. */
  #isCopy = false;
  #key = '';

  /** What was scaled last; undefined before and when it could not be done. Ours until the next call. */
  get surface(): Surface | undefined {
    return this.#surface;
  }

  /** Scales the part `crop` of a picture. False when that cannot be done: 16382×2 is beyond libswscale. */
  scale(picture: Frame, crop: PixelRect, size: Size, quality: Quality = 'smooth'): boolean {
    const format = picture.format as AVPixelFormat;
    this.#open(picture, crop, format, size, quality);
    if (this.#scaled === undefined) return false;
    if (this.#isCopy) return this.#scaled.copy(picture) >= 0;
    if (this.#resampler !== undefined) return this.#resampler.scale(picture, this.#scaled);
    if (isWhole(picture, crop) || !PLANAR_420.has(format)) {
      this.#scaling!.scaleFrameSync(this.#scaled, picture);
    } else {
      const { planes, strides } = this.#surface!;
      this.#scaling!.scaleSync(cropped(picture, crop), picture.linesize, 0, crop.height, planes, strides);
    }
    return true;
  }

  /** Copies what was scaled to `at`, which must leave room for it. */
  place(canvas: Planes, at: { x: number; y: number }): void {
    if (this.#surface === undefined) return;
    const { planes, strides, height } = this.#surface;
    this.#placing ??= scaling(this.#surface, AV_PIX_FMT_YUV420P, this.#surface, SWS_POINT);
    const half = canvas.width / 2;
    this.#placing.scaleSync(planes, strides, 0, height, planesAt(canvas, at.x, at.y), [
      canvas.width,
      half,
      half,
    ]);
  }

  close(): void {
    this.#resampler?.close();
    this.#scaling?.freeContext();
    this.#placing?.freeContext();
    this.#scaled?.free();
    this.#resampler = undefined;
    this.#scaling = undefined;
    this.#placing = undefined;
    this.#scaled = undefined;
    this.#surface = undefined;
    this.#key = '';
  }

  #open(picture: Frame, crop: PixelRect, format: AVPixelFormat, size: Size, quality: Quality): void {
    const whole = { width: picture.width, height: picture.height };
    const part = `${crop.width}x${crop.height}+${crop.x}+${crop.y}`;
    const key = `${whole.width}x${whole.height}/${part}/${format}/${size.width}x${size.height}/${quality}`;
    if (key === this.#key) return;
    this.close();
    this.#key = key;
    this.#isCopy = format === AV_PIX_FMT_YUV420P && isWhole(picture, crop) && isWhole(picture, size);
    if (!this.#isCopy && !this.#openFilter(whole, crop, format, size, quality)) return;
    const scaled = new Frame();
    scaled.alloc();
    scaled.width = size.width;
    scaled.height = size.height;
    scaled.format = AV_PIX_FMT_YUV420P;
    scaled.getBuffer(0);
    this.#scaled = scaled;
    const { width, height } = size;
    this.#surface = { width, height, planes: scaled.data!, strides: scaled.linesize };
  }

  /** False when there is none that can do it. */
  #openFilter(picture: Size, crop: PixelRect, format: AVPixelFormat, size: Size, quality: Quality): boolean {
    const source = PLANAR_420.has(format) ? crop : picture;
    const flags = filter(source, size, quality);
    try {
      if (format === AV_PIX_FMT_YUV420P && flags === SWS_BILINEAR && canResample(picture, crop, size))
        this.#resampler = new Resampler(picture, crop, size);
      else this.#scaling = scaling(source, format, size, flags);
      return true;
    } catch {
      return false;
    }
  }
}

/** The mean of the pixels that become one keeps text as sharp as it can be, without overshooting. */
function filter(from: Size, to: Size, quality: Quality): SwsFlags {
  const shrinks = to.width < from.width || to.height < from.height;
  return quality === 'sharp' && shrinks ? SWS_AREA : SWS_BILINEAR;
}

function scaling(from: Size, format: AVPixelFormat, to: Size, flags: SwsFlags): SoftwareScaleContext {
  const context = new SoftwareScaleContext();
  context.getContext(from.width, from.height, format, to.width, to.height, AV_PIX_FMT_YUV420P, flags);
  return context;
}

const isWhole = (picture: Frame, part: Size) =>
  part.width === picture.width && part.height === picture.height;

function cropped(picture: Frame, crop: PixelRect): Buffer[] {
  const data = picture.data!;
  const strides = picture.linesize;
  return [
    data[0]!.subarray(crop.y * strides[0]! + crop.x),
    data[1]!.subarray((crop.y / 2) * strides[1]! + crop.x / 2),
    data[2]!.subarray((crop.y / 2) * strides[2]! + crop.x / 2),
  ];
}
