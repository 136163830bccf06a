import { Frame } from 'node-av/lib';

/**
 * Frames to decode into, used again and again: a native object made and collected for every picture
 * would cost more than its decoding. Whoever takes one gives it back once.
 */
const idle: Frame[] = [];
const MAX_IDLE = 64;

export function takeFrame(): Frame {
  const frame = idle.pop();
  if (frame !== undefined) return frame;
  const made = new Frame();
  made.alloc();
  return made;
}

/** Lets go of the picture's memory and keeps the object. */
export function giveFrame(frame: Frame): void {
  frame.unref();
  if (idle.length < MAX_IDLE) idle.push(frame);
  else frame.free();
}
