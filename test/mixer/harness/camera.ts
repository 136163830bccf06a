import type { VideoCodec } from '../../../mixer/protocol/control.ts';
import { H264Packetizer } from '../../../mixer/rtp/h264.ts';
import { Vp8Packetizer } from '../../../mixer/rtp/vp8.ts';
import { CanvasFrames } from '../../../mixer/video/canvasFrames.ts';
import { VideoEncoder } from '../../../mixer/video/encoder.ts';
import type { Size } from '../../../mixer/video/fit.ts';
import { allocPlanes, fill, type Planes, type Yuv } from '../../../mixer/video/planes.ts';
import './quiet.ts';
import { PacketStream } from './packets.ts';

export const RED: Yuv = { y: 81, u: 90, v: 240 };
export const GREEN: Yuv = { y: 145, u: 54, v: 34 };
export const BLUE: Yuv = { y: 41, u: 240, v: 110 };
export const WHITE: Yuv = { y: 235, u: 128, v: 128 };

export function solid(size: Size, colour: Yuv): Planes {
  const planes = allocPlanes(size);
  fill(planes, { x: 0, y: 0, ...size }, colour);
  return planes;
}

export interface CameraSettings extends Size {
  codec: VideoCodec;
  fps?: number;
  kbps?: number;
  ssrc?: number;
  /** RTP timestamp of its first picture. */
  rtpTimestamp?: number;
  sequence?: number;
}

/** A speaker's camera: pictures of one colour, really encoded and packetized. */
export class Camera {
  readonly size: Size;
  readonly ticksPerPicture: number;
  readonly stream: PacketStream;
  rtpTimestamp: number;
  readonly #encoder: VideoEncoder;
  readonly #packetizer;
  #first = true;

  constructor(settings: CameraSettings) {
    const { codec, width, height, fps = 30, kbps = 1000 } = settings;
    this.size = { width, height };
    this.ticksPerPicture = 90_000 / fps;
    this.rtpTimestamp = settings.rtpTimestamp ?? 2 ** 32 - 30_000;
    this.stream = new PacketStream(settings.sequence, settings.ssrc);
    this.#encoder = new VideoEncoder({ codec, width, height, fps, kbps });
    this.#packetizer = codec === 'vp8' ? new Vp8Packetizer() : new H264Packetizer();
  }

  /** One coded picture; the first is a key frame, others are when asked for. */
  coded(picture: Yuv | Planes, keyFrame = this.#first): Buffer {
    this.#first = false;
    const planes = picture instanceof Object && 'width' in picture ? picture : solid(this.size, picture);
    const frames = new CanvasFrames(planes);
    const [coded] = this.#encoder.encode(frames.take(this.size), keyFrame);
    frames.close();
    return coded!.data;
  }

  /** The packets of one picture. */
  shoot(picture: Yuv | Planes, keyFrame?: boolean): Buffer[] {
    return this.packets(this.coded(picture, keyFrame));
  }

  packets(coded: Buffer): Buffer[] {
    const timestamp = this.rtpTimestamp;
    this.rtpTimestamp = (timestamp + this.ticksPerPicture) % 2 ** 32;
    return this.stream.picture(this.#packetizer.cut(coded), timestamp);
  }

  close(): void {
    this.#encoder.close();
  }
}
