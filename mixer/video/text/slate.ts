import type { Image, SKRSContext2D } from '@napi-rs/canvas';
import { drawPlanes } from '../drawing.ts';
import type { Size } from '../fit.ts';
import type { Planes } from '../planes.ts';
import { colours } from './colours.ts';
import { ellipsis, oneLine, setFont } from './text.ts';

/** Room for text, of the width. */
const TEXT_WIDTH = 0.86;

/** What viewers see while there is nobody to see: a title, a line below it, on a plain ground or a picture. */
export function drawSlate(title: string, text: string, size: Size, image: Image | null = null): Planes {
  const { width, height } = size;
  return drawPlanes(size, (drawing) => {
    drawing.fillStyle = colours.background;
    drawing.fillRect(0, 0, width, height);
    const hasText = oneLine(title) !== '' || oneLine(text) !== '';
    if (image !== null) drawCovering(drawing, image, size);
    if (image !== null && hasText) {
      drawing.fillStyle = colours.shade;
      drawing.fillRect(0, height * 0.36, width, height * 0.27);
    }
    drawing.textAlign = 'center';
    drawing.textBaseline = 'middle';
    drawLine(
      drawing,
      title,
      { weight: 700, size: height / 13, colour: colours.text, y: height * 0.45 },
      size,
    );
    drawLine(
      drawing,
      text,
      { weight: 600, size: height / 26, colour: colours.quiet, y: height * 0.56 },
      size,
    );
  });
}

function drawLine(
  drawing: SKRSContext2D,
  text: string,
  line: { weight: 600 | 700; size: number; colour: string; y: number },
  { width }: Size,
): void {
  const shown = oneLine(text);
  setFont(drawing, shown, line.weight, line.size);
  drawing.fillStyle = line.colour;
  drawing.fillText(ellipsis(drawing, shown, width * TEXT_WIDTH), width / 2, line.y);
}

/** Fills `size` with the image, cutting what is too much. */
export function drawCovering(drawing: SKRSContext2D, image: Image, size: Size): void {
  const scale = Math.max(size.width / image.width, size.height / image.height);
  const [width, height] = [image.width * scale, image.height * scale];
  drawing.imageSmoothingQuality = 'high';
  drawing.drawImage(image, (size.width - width) / 2, (size.height - height) / 2, width, height);
}
