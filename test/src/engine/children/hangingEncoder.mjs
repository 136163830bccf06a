/** The real encoder thread; the thirtieth picture is never done. */
import { CodecContext } from 'node-av/lib';

const PICTURES = 30;
const { sendFrameSync } = CodecContext.prototype;
let pictures = 0;
CodecContext.prototype.sendFrameSync = function encode(frame) {
  if (++pictures === PICTURES) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  return sendFrameSync.call(this, frame);
};
await import(new URL('../../../../dist/mixer/video/encoderWorker.js', import.meta.url));
