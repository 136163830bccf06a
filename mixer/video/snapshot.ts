import { AV_PIX_FMT_YUVJ420P, FF_ENCODER_MJPEG } from 'node-av/constants';
import { Codec, CodecContext, Frame, Packet, Rational } from 'node-av/lib';
import type { Planes } from './planes.ts';

/** Quantizers of a picture that people look at, from 2 (best) to 31. */
const QUANTIZERS = { qmin: 3, qmax: 5 };
const FPS = 25;

/** JPEG knows full range only, the canvas is of limited range (BT.601). */
const fullLuma = table((value) => ((value - 16) * 255) / 219);
const fullChroma = table((value) => ((value - 128) * 255) / 224 + 128);

/** The canvas as a JPEG. @throws Error when libav refuses. */
export function jpegOf(canvas: Planes): Buffer {
  const context = new CodecContext();
  const frame = new Frame();
  const packet = new Packet();
  try {
    const codec = Codec.findEncoderByName(FF_ENCODER_MJPEG);
    context.allocContext3(codec);
    context.width = canvas.width;
    context.height = canvas.height;
    context.pixelFormat = AV_PIX_FMT_YUVJ420P;
    context.timeBase = new Rational(1, FPS);
    // As many bits as the quantizers ask for.
    const bitRate = canvas.width * canvas.height * FPS * 8;
    context.bitRate = BigInt(bitRate);
    context.setOption('bt', bitRate);
    for (const [name, value] of Object.entries(QUANTIZERS)) context.setOption(name, value);
    check(context.open2Sync(codec, null));
    load(frame, canvas);
    packet.alloc();
    check(context.sendFrameSync(frame));
    check(context.receivePacketSync(packet));
    return Buffer.from(packet.data!);
  } finally {
    packet.free();
    frame.free();
    context.freeContext();
  }
}

function load(frame: Frame, canvas: Planes): void {
  frame.alloc();
  frame.width = canvas.width;
  frame.height = canvas.height;
  frame.format = AV_PIX_FMT_YUVJ420P;
  frame.pts = 0n;
  frame.getBuffer(0);
  const [y, u, v] = frame.data!;
  const strides = frame.linesize;
  expand(canvas.y, canvas.width, y!, strides[0]!, fullLuma);
  expand(canvas.u, canvas.width / 2, u!, strides[1]!, fullChroma);
  expand(canvas.v, canvas.width / 2, v!, strides[2]!, fullChroma);
}

function expand(from: Buffer, width: number, to: Buffer, stride: number, full: Uint8Array): void {
  for (let row = 0; row * width < from.length; row++) {
    const start = row * width;
    const target = row * stride;
    for (let at = 0; at < width; at++) to[target + at] = full[from[start + at]!]!;
  }
}

function table(map: (value: number) => number): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, value) => Math.min(255, Math.max(0, Math.round(map(value)))));
}

function check(result: number): void {
  if (result < 0) throw new Error(`the picture cannot be made a JPEG: ${result}`);
}
