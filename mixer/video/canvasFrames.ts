import { AV_PIX_FMT_YUV420P, SWS_BILINEAR } from 'node-av/constants';
import { Frame, SoftwareScaleContext } from 'node-av/lib';
import type { Size } from './fit.ts';
import type { Planes } from './planes.ts';
import { canResample, Resampler } from './resampler.ts';

interface Form {
  frame: Frame;
  planes: Buffer[];
  strides: number[];
  /** How it comes to its size; undefined where the canvas is only copied. */
  scaling: SoftwareScaleContext | Resampler | undefined;
  /** The picture it holds, by its number. */
  picture: number;
}

/**
 * The canvas as frames for encoders, one for each size: what two codecs want in the same size is scaled
 * once. A frame holds its picture until `next` was called and the same size was asked for again. Sizes are
 * made of the whole one, which is copied out of the memory that the mixer draws on.
 */
export class CanvasFrames {
  readonly #canvas: Planes;
  readonly #forms = new Map<string, Form>();
  #picture = 0;

  constructor(canvas: Planes) {
    this.#canvas = canvas;
  }

  /** The canvas has changed. */
  next(): void {
    this.#picture++;
  }

  /**
   * The canvas in this size; the frame stays ours.
   * @param size even, at least 2×2
   */
  take(size: Size): Frame {
    const key = `${size.width}x${size.height}`;
    let form = this.#forms.get(key);
    if (form === undefined) {
      form = open(this.#canvas, size);
      this.#forms.set(key, form);
    }
    if (form.picture !== this.#picture) {
      form.picture = this.#picture;
      this.#load(form);
    }
    return form.frame;
  }

  /** Lets go of the sizes that are not among these. */
  keep(sizes: Size[]): void {
    const kept = new Set(sizes.map(({ width, height }) => `${width}x${height}`));
    for (const [key, form] of this.#forms) {
      if (kept.has(key)) continue;
      this.#forms.delete(key);
      if (form.scaling instanceof Resampler) form.scaling.close();
      else form.scaling?.freeContext();
      form.frame.free();
    }
  }

  close(): void {
    this.keep([]);
  }

  #load(form: Form): void {
    const { frame, scaling } = form;
    if (scaling instanceof Resampler) scaling.scale(this.take(this.#canvas), frame);
    else load(this.#canvas, form, scaling);
  }
}

function open(canvas: Planes, size: Size): Form {
  const frame = new Frame();
  frame.alloc();
  frame.width = size.width;
  frame.height = size.height;
  frame.format = AV_PIX_FMT_YUV420P;
  frame.getBuffer(0);
  return { frame, planes: frame.data!, strides: frame.linesize, scaling: scaling(canvas, size), picture: -1 };
}

function scaling(from: Size, to: Size): Form['scaling'] {
  if (from.width === to.width && from.height === to.height) return undefined;
  const whole = { x: 0, y: 0, width: from.width, height: from.height };
  if (canResample(from, whole, to)) return new Resampler(from, whole, to);
  const context = new SoftwareScaleContext();
  const [format, flags] = [AV_PIX_FMT_YUV420P, SWS_BILINEAR] as const;
  context.getContext(from.width, from.height, format, to.width, to.height, format, flags);
  return context;
}

function load(canvas: Planes, { planes, strides }: Form, scaling: SoftwareScaleContext | undefined): void {
  const half = canvas.width / 2;
  if (scaling !== undefined) {
    const from = [canvas.y, canvas.u, canvas.v];
    scaling.scaleSync(from, [canvas.width, half, half], 0, canvas.height, planes, strides);
    return;
  }
  copyPlane(canvas.y, canvas.width, planes[0]!, strides[0]!);
  copyPlane(canvas.u, half, planes[1]!, strides[1]!);
  copyPlane(canvas.v, half, planes[2]!, strides[2]!);
}

function copyPlane(from: Buffer, width: number, to: Buffer, stride: number): void {
  if (width === stride) {
    from.copy(to, 0, 0, from.length);
    return;
  }
  for (let row = 0; row * width < from.length; row++)
    from.copy(to, row * stride, row * width, (row + 1) * width);
}
