import {
  AV_PICTURE_TYPE_I,
  AV_PICTURE_TYPE_NONE,
  AV_PIX_FMT_YUV420P,
  FF_ENCODER_LIBSVTAV1,
  FF_ENCODER_LIBVPX_VP9,
} from 'node-av/constants';
import { Codec, CodecContext, type Frame, Packet, Rational } from 'node-av/lib';
import { Obu, obuPayload, obuType, readLeb128, writeLeb128 } from '../../../mixer/rtp/av1Obu.ts';
import type { Size } from '../../../mixer/video/fit.ts';
import { frameOver } from '../../../mixer/video/frameOver.ts';
import type { Yuv } from '../../../mixer/video/planes.ts';
import { solid } from './camera.ts';
import { PacketStream } from './packets.ts';
import './quiet.ts';

const PAYLOAD_BYTES = 1000;

/** A speaker's camera in VP9 or AV1: pictures of one colour, really encoded, cut as browsers do. */
export class NewerCamera {
  readonly stream = new PacketStream();
  rtpTimestamp = 2 ** 32 - 30_000;
  readonly #codec: 'vp9' | 'av1';
  readonly #size: Size;
  readonly #bytes: number;
  readonly #context = new CodecContext();
  readonly #packet = new Packet();
  #pts = 0n;

  /** @param bytes of a packet's payload */
  constructor(codec: 'vp9' | 'av1', size: Size, bytes = PAYLOAD_BYTES) {
    this.#bytes = bytes;
    this.#codec = codec;
    this.#size = size;
    const encoder = Codec.findEncoderByName(codec === 'vp9' ? FF_ENCODER_LIBVPX_VP9 : FF_ENCODER_LIBSVTAV1);
    const context = this.#context;
    context.allocContext3(encoder);
    context.width = size.width;
    context.height = size.height;
    context.pixelFormat = AV_PIX_FMT_YUV420P;
    context.timeBase = new Rational(1, 30);
    if (codec === 'vp9') context.bitRate = 1_000_000n;
    context.gopSize = 300;
    const options =
      codec === 'vp9'
        ? { deadline: 'realtime', 'cpu-used': 8, 'lag-in-frames': 0 }
        : { preset: 12, 'svtav1-params': 'pred-struct=1:lookahead=0:lp=1:rc=0' };
    for (const [name, value] of Object.entries(options)) context.setOption(name, value);
    const opened = context.open2Sync(encoder, null);
    if (opened < 0) throw new Error(`no ${codec} encoder: ${opened}`);
    this.#packet.alloc();
  }

  /** One coded picture. */
  coded(colour: Yuv, keyFrame = this.#pts === 0n): Buffer {
    const frame: Frame = frameOver(solid(this.#size, colour));
    frame.pts = this.#pts++;
    frame.pictType = keyFrame ? AV_PICTURE_TYPE_I : AV_PICTURE_TYPE_NONE;
    this.#context.sendFrameSync(frame);
    frame.free();
    const received = this.#context.receivePacketSync(this.#packet);
    if (received < 0) throw new Error(`the encoder gave nothing: ${received}`);
    const data = Buffer.from(this.#packet.data!);
    this.#packet.unref();
    return data;
  }

  shoot(colour: Yuv, keyFrame?: boolean): Buffer[] {
    const coded = this.coded(colour, keyFrame);
    this.rtpTimestamp = (this.rtpTimestamp + 3000) % 2 ** 32;
    const payloads = this.#codec === 'vp9' ? cutVp9([coded], this.#bytes) : cutAv1(coded, this.#bytes);
    return this.stream.picture(
      payloads.map((payload) => [payload]),
      this.rtpTimestamp,
    );
  }

  close(): void {
    this.#packet.free();
    this.#context.freeContext();
  }
}

/** Payloads of the layers of one picture (RFC 9628 4.2), with a picture id of 15 bits, in flexible mode. */
export function cutVp9(layers: Buffer[], bytes = PAYLOAD_BYTES): Buffer[] {
  return layers.flatMap((layer, sid) => {
    const count = Math.max(1, Math.ceil(layer.length / bytes));
    return Array.from({ length: count }, (_, i) => {
      const flags = 0x80 | 0x20 | 0x10 | (i === 0 ? 0x08 : 0) | (i === count - 1 ? 0x04 : 0);
      const head = Buffer.from([flags, 0x80, 0x07, (sid << 1) & 0x0e]);
      return Buffer.concat([head, layer.subarray(i * bytes, (i + 1) * bytes)]);
    });
  });
}

/** OBUs of a temporal unit without delimiter and without sizes, as the payload format wants them. */
export function obusOf(unit: Buffer): Buffer[] {
  const obus: Buffer[] = [];
  for (let at = 0; at < unit.length; ) {
    const head = unit[at]! & 0x04 ? 2 : 1;
    const size = readLeb128(unit, at + head)!;
    const end = at + head + size.length + size.value;
    const obu = unit.subarray(at, end);
    const plain = Buffer.concat([obu.subarray(0, head), obuPayload(obu)!]);
    plain[0]! &= ~0x02;
    if (obuType(obu) !== Obu.DELIMITER) obus.push(plain);
    at = end;
  }
  return obus;
}

/** Payloads of one temporal unit: all of its OBUs with their lengths, cut wherever a packet is full. */
export function cutAv1(unit: Buffer, bytes = PAYLOAD_BYTES): Buffer[] {
  const payloads: Buffer[] = [];
  let parts: Buffer[] = [];
  let room = bytes;
  let continues = false;
  const flush = (isContinued: boolean) => {
    const head = Buffer.from([(continues ? 0x80 : 0) | (isContinued ? 0x40 : 0)]);
    payloads.push(Buffer.concat([head, ...parts]));
    parts = [];
    room = bytes;
    continues = isContinued;
  };
  for (const obu of obusOf(unit)) {
    for (let at = 0; at < obu.length; ) {
      const part = obu.subarray(at, at + room);
      parts.push(writeLeb128(part.length), part);
      at += part.length;
      room -= part.length;
      if (room <= 0) flush(at < obu.length);
    }
  }
  if (parts.length > 0) flush(false);
  return payloads;
}
