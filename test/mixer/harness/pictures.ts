import { AV_PIX_FMT_YUV420P, type AVPixelFormat } from 'node-av/constants';
import { Frame } from 'node-av/lib';
import type { Planes, Yuv } from '../../../mixer/video/planes.ts';
import './quiet.ts';

/** A decoded picture as a decoder gives it, of one colour or with the pixels of `planes`. */
export function frameOf(
  picture: Planes | (Yuv & { width: number; height: number }),
  format: AVPixelFormat = AV_PIX_FMT_YUV420P,
): Frame {
  const frame = new Frame();
  frame.alloc();
  frame.width = picture.width;
  frame.height = picture.height;
  frame.format = format;
  frame.getBuffer(0);
  const planes = frame.data!;
  for (const [index, name] of (['y', 'u', 'v'] as const).entries()) {
    const from = picture[name];
    const plane = planes[index];
    if (plane === undefined) continue;
    if (typeof from === 'number') plane.fill(from);
    else copyRows(from, index === 0 ? picture.width : picture.width / 2, plane, frame.linesize[index]!);
  }
  return frame;
}

function copyRows(from: Buffer, width: number, to: Buffer, stride: number): void {
  for (let row = 0; row * width < from.length; row++)
    from.copy(to, row * stride, row * width, (row + 1) * width);
}
