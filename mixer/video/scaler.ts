import { AV_PIX_FMT_YUV420P, AV_PIX_FMT_YUVJ420P, type AVPixelFormat, SWS_BILINEAR } from 'node-av/constants';
import { type Frame, SoftwareScaleContext } from 'node-av/lib';
import type { PixelRect } from './fit.ts';
import { type Planes, planesAt } from './planes.ts';

/** Formats whose planes can be cropped by offset: what browsers send. */
const PLANAR_420: ReadonlySet<number> = new Set([AV_PIX_FMT_YUV420P, AV_PIX_FMT_YUVJ420P]);

/** Scales pictures of one tile straight into the canvas; its context is kept while sizes stay. */
export class Scaler {
  #context: SoftwareScaleContext | undefined;
  #key = '';

  draw(picture: Frame, crop: PixelRect, canvas: Planes, target: PixelRect): void {
    const format = picture.format as AVPixelFormat;
    const planar = PLANAR_420.has(format);
    const source = planar ? crop : { x: 0, y: 0, width: picture.width, height: picture.height };
    const context = this.#open(source, format, target);
    const strides = picture.linesize;
    const data = picture.data!;
    const planes = planar
      ? [
          data[0]!.subarray(crop.y * strides[0]! + crop.x),
          data[1]!.subarray((crop.y / 2) * strides[1]! + crop.x / 2),
          data[2]!.subarray((crop.y / 2) * strides[2]! + crop.x / 2),
        ]
      : data;
    const half = canvas.width / 2;
    const to = planesAt(canvas, target.x, target.y);
    context.scaleSync(planes, strides, 0, source.height, to, [canvas.width, half, half]);
  }

  close(): void {
    this.#context?.freeContext();
    this.#context = undefined;
    this.#key = '';
  }

  #open(
    source: { width: number; height: number },
    format: AVPixelFormat,
    target: PixelRect,
  ): SoftwareScaleContext {
    const key = `${source.width}x${source.height}/${format}/${target.width}x${target.height}`;
    if (this.#context !== undefined && key === this.#key) return this.#context;
    this.close();
    const context = new SoftwareScaleContext();
    context.getContext(
      source.width,
      source.height,
      format,
      target.width,
      target.height,
      AV_PIX_FMT_YUV420P,
      SWS_BILINEAR,
    );
    this.#context = context;
    this.#key = key;
    return context;
  }
}
