import type { Image } from '@napi-rs/canvas';
import type { SceneElement } from '../../protocol/control.ts';
import { drawOverlay } from '../drawing.ts';
import type { Size } from '../fit.ts';
import type { Graphic } from './graphic.ts';
import { Still } from './still.ts';

type Corner = Extract<SceneElement, { type: 'logo' }>['corner'];

/** Largest size, of the canvas. */
const LARGEST = { width: 0.18, height: 0.12 };
const MARGIN = 0.035;

/** An image in a corner, never larger than it is. */
export function logo(image: Image, corner: Corner, canvas: Size): Graphic {
  const scale = Math.min(
    1,
    (canvas.width * LARGEST.width) / image.width,
    (canvas.height * LARGEST.height) / image.height,
  );
  const even = (value: number) => Math.max(2, Math.round(value / 2) * 2);
  const size = { width: even(image.width * scale), height: even(image.height * scale) };
  const overlay = drawOverlay(size, (drawing) => {
    drawing.imageSmoothingQuality = 'high';
    drawing.drawImage(image, 0, 0, size.width, size.height);
  });
  const margin = even(canvas.height * MARGIN);
  const [vertical, horizontal] = corner.split('-');
  return new Still(overlay, {
    x: horizontal === 'left' ? margin : canvas.width - margin - size.width,
    y: vertical === 'top' ? margin : canvas.height - margin - size.height,
  });
}
