import { createCanvas } from '@napi-rs/canvas';

/** A real image of this size, as an encoder writes it. */
export function image(type: 'png' | 'jpeg' | 'webp', width: number, height: number): Buffer {
  const canvas = createCanvas(width, height);
  const drawing = canvas.getContext('2d');
  drawing.fillStyle = '#cc3344';
  drawing.fillRect(0, 0, width, height);
  if (type === 'png') return canvas.toBuffer('image/png');
  return type === 'jpeg' ? canvas.toBuffer('image/jpeg') : canvas.toBuffer('image/webp');
}

/** The signature and the header chunk of a PNG that claims to be this large. */
export function pngHead(width: number, height: number): Buffer {
  const head = Buffer.alloc(33);
  head.set([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 13]);
  head.write('IHDR', 12);
  head.writeUInt32BE(width, 16);
  head.writeUInt32BE(height, 20);
  return head;
}
