import { AV_PIX_FMT_YUV420P } from 'node-av/constants';
import { Frame } from 'node-av/lib';
import type { Planes } from './planes.ts';

/** A frame with a copy of a picture of ours, as a decoder would give it. Whoever asked frees it. */
export function frameOver(planes: Planes): Frame {
  const frame = new Frame();
  frame.alloc();
  frame.width = planes.width;
  frame.height = planes.height;
  frame.format = AV_PIX_FMT_YUV420P;
  frame.getBuffer(0);
  const targets = frame.data!;
  const strides = frame.linesize;
  for (const [index, from] of [planes.y, planes.u, planes.v].entries()) {
    const width = index === 0 ? planes.width : planes.width / 2;
    for (let row = 0; row * width < from.length; row++)
      from.copy(targets[index]!, row * strides[index]!, row * width, (row + 1) * width);
  }
  return frame;
}
