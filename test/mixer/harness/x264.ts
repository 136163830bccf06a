import {
  AV_CODEC_FLAG_INTERLACED_DCT,
  AV_CODEC_FLAG_INTERLACED_ME,
  AV_PIX_FMT_YUV420P,
  AV_PIX_FMT_YUV422P,
  AV_PIX_FMT_YUV444P,
  FF_ENCODER_LIBX264,
} from 'node-av/constants';
import './quiet.ts';
import { Codec, CodecContext, Frame, Packet, Rational } from 'node-av/lib';

const formats = { yuv420p: AV_PIX_FMT_YUV420P, yuv422p: AV_PIX_FMT_YUV422P, yuv444p: AV_PIX_FMT_YUV444P };

/** One key frame (Annex B) as other senders may encode it: any profile, chroma format or interlaced. */
export function encodeH264(settings: {
  width: number;
  height: number;
  profile?: 'baseline' | 'high';
  chroma?: keyof typeof formats;
  interlaced?: boolean;
  /** Luma of the whole picture. */
  luma?: number;
}): Buffer {
  const { width, height, profile, chroma = 'yuv420p', interlaced = false, luma = 128 } = settings;
  const codec = Codec.findEncoderByName(FF_ENCODER_LIBX264);
  const context = new CodecContext();
  context.allocContext3(codec);
  context.width = width;
  context.height = height;
  context.pixelFormat = formats[chroma];
  context.timeBase = new Rational(1, 25);
  context.threadCount = 1;
  context.setOption('preset', 'veryfast');
  context.setOption('tune', 'zerolatency');
  if (profile) context.setOption('profile', profile);
  if (interlaced) context.setFlags(AV_CODEC_FLAG_INTERLACED_DCT, AV_CODEC_FLAG_INTERLACED_ME);
  if (context.open2Sync(codec, null) < 0) throw new Error('x264 does not open');
  const frame = new Frame();
  frame.alloc();
  frame.width = width;
  frame.height = height;
  frame.format = formats[chroma];
  frame.getBuffer(0);
  for (const [plane, bytes] of frame.data!.entries()) bytes.fill(plane === 0 ? luma : 128);
  frame.pts = 0n;
  const packet = new Packet();
  packet.alloc();
  if (context.sendFrameSync(frame) < 0 || context.receivePacketSync(packet) < 0)
    throw new Error('nothing coded');
  const data = Buffer.from(packet.data!);
  packet.free();
  frame.free();
  context.freeContext();
  return data;
}

/** A clip with B-frames in coding order: `at` is the place of a picture in the order of showing. */
export function encodeWithBFrames(size: { width: number; height: number }, lumas: number[]) {
  const codec = Codec.findEncoderByName(FF_ENCODER_LIBX264);
  const context = new CodecContext();
  context.allocContext3(codec);
  context.width = size.width;
  context.height = size.height;
  context.pixelFormat = AV_PIX_FMT_YUV420P;
  context.timeBase = new Rational(1, 30);
  context.threadCount = 1;
  context.setOption('preset', 'veryfast');
  context.setOption('x264-params', 'bframes=3:b-adapt=0:scenecut=0');
  if (context.open2Sync(codec, null) < 0) throw new Error('x264 does not open');
  const coded: { data: Buffer; at: number }[] = [];
  const packet = new Packet();
  packet.alloc();
  const take = () => {
    while (context.receivePacketSync(packet) >= 0) {
      coded.push({ data: Buffer.from(packet.data!), at: Number(packet.pts) });
      packet.unref();
    }
  };
  for (const [at, luma] of lumas.entries()) {
    const frame = new Frame();
    frame.alloc();
    frame.width = size.width;
    frame.height = size.height;
    frame.format = AV_PIX_FMT_YUV420P;
    frame.getBuffer(0);
    for (const [plane, bytes] of frame.data!.entries()) bytes.fill(plane === 0 ? luma : 128);
    frame.pts = BigInt(at);
    context.sendFrameSync(frame);
    frame.free();
    take();
  }
  context.sendFrameSync(null);
  take();
  packet.free();
  context.freeContext();
  return coded;
}
