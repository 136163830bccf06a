import {
  AV_PIX_FMT_YUV420P,
  AVCOL_RANGE_MPEG,
  AVCOL_SPC_BT709,
  AVCOL_SPC_SMPTE170M,
  AVCOL_SPC_UNSPECIFIED,
} from 'node-av/constants';
import { Frame, SoftwareScaleContext } from 'node-av/lib';
import type { Size } from '../video/fit.ts';
import { allocPlanes, type Planes } from '../video/planes.ts';
import { type Turns, turn } from './rotation.ts';
import { handedSize } from './slots.ts';

/** From here on pictures that do not say it are taken for BT.709. */
const HD_LINES = 720;

/** Any decoded picture as the room draws it: 4:2:0, limited-range BT.601, square pixels. */
export class PictureShaper {
  readonly #canvas: Size;
  readonly #turns: Turns;
  readonly #scaling = new SoftwareScaleContext();
  #shaped: Frame | undefined;
  #planes: Buffer[] = [];
  /** Before it is turned. */
  #lying: Planes | undefined;
  #closed = false;

  /** @param turns that each picture is turned by */
  constructor(canvas: Size, turns: Turns = 0) {
    this.#canvas = canvas;
    this.#turns = turns;
    this.#scaling.allocContext();
  }

  /** The size in which `picture` is handed over. */
  sizeOf(picture: Frame): Size {
    const { width, height } = picture;
    const { num, den } = picture.sampleAspectRatio;
    const isSquare = num <= 0 || den <= 0 || num / den > 8 || den / num > 8;
    const shown = { width: isSquare ? width : (width * num) / den, height };
    return handedSize(this.#turns % 2 === 1 ? swapped(shown) : shown, this.#canvas);
  }

  /** Draws `picture` into planes of that size. False when that cannot be done. */
  shape(picture: Frame, into: Planes): boolean {
    if (this.#turns === 0) return this.#shape(picture, into);
    const lying = this.#turns % 2 === 1 ? swapped(into) : into;
    if (this.#lying?.width !== lying.width || this.#lying.height !== lying.height)
      this.#lying = allocPlanes({ width: lying.width, height: lying.height });
    const done = this.#shape(picture, this.#lying);
    if (done) turn(this.#lying, into, this.#turns);
    return done;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#shaped?.free();
    this.#scaling.freeContext();
  }

  #shape(picture: Frame, into: Planes): boolean {
    const isHd = picture.height >= HD_LINES && picture.colorSpace === AVCOL_SPC_UNSPECIFIED;
    if (isHd && picture.data![1] !== undefined) picture.colorSpace = AVCOL_SPC_BT709;
    const shaped = this.#target(into);
    if (this.#scaling.scaleFrameSync(shaped, picture) < 0) return false;
    const strides = shaped.linesize;
    for (const [index, to] of [into.y, into.u, into.v].entries()) {
      const width = index === 0 ? into.width : into.width / 2;
      copyRows(this.#planes[index]!, strides[index]!, to, width);
    }
    return true;
  }

  #target({ width, height }: Size): Frame {
    if (this.#shaped?.width === width && this.#shaped.height === height) return this.#shaped;
    this.#shaped?.free();
    const frame = new Frame();
    frame.alloc();
    frame.width = width;
    frame.height = height;
    frame.format = AV_PIX_FMT_YUV420P;
    frame.colorSpace = AVCOL_SPC_SMPTE170M;
    frame.colorRange = AVCOL_RANGE_MPEG;
    frame.getBuffer(0);
    this.#shaped = frame;
    this.#planes = frame.data!;
    return frame;
  }
}

const swapped = ({ width, height }: Size): Size => ({ width: height, height: width });

function copyRows(from: Buffer, stride: number, to: Buffer, width: number): void {
  if (stride === width) {
    from.copy(to, 0, 0, to.length);
    return;
  }
  for (let row = 0; row * width < to.length; row++)
    from.copy(to, row * width, row * stride, row * stride + width);
}
