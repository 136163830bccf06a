import type { VideoCodec } from '../../../mixer/protocol/control.ts';
import type { Packetizer } from '../../../mixer/rtp/frame.ts';
import { H264Packetizer } from '../../../mixer/rtp/h264.ts';
import { Vp8Packetizer } from '../../../mixer/rtp/vp8.ts';
import type { Size } from '../../../mixer/video/fit.ts';
import type { Planes, Yuv } from '../../../mixer/video/planes.ts';
import { Camera, solid } from '../../mixer/harness/camera.ts';

/** One picture of a reel: of one colour all over. */
export interface Shot extends Size {
  colour: Yuv;
}

const KBPS = 4000;

/** Pictures that are shown over and over: coded beforehand, cut into packets as they are sent. */
export class Reel {
  readonly #coded: Buffer[];
  readonly #packetizer: Packetizer;

  /** Each a key frame. */
  static of(codec: VideoCodec, shots: readonly Shot[]): Reel {
    const coded = shots.map(({ colour, ...size }) => {
      const camera = new Camera({ codec, ...size, kbps: KBPS });
      const picture = camera.coded(colour, true);
      camera.close();
      return picture;
    });
    return new Reel(codec, coded);
  }

  /** Stripes that move all over the picture, in one colour; a key frame, and others that build upon it. */
  static ofStripes(codec: VideoCodec, { colour, ...size }: Shot, pictures: number): Reel {
    const camera = new Camera({ codec, ...size, kbps: 2 * KBPS });
    const coded = Array.from({ length: pictures }, (_, index) =>
      camera.coded(stripes(size, colour, index), index === 0),
    );
    camera.close();
    return new Reel(codec, coded);
  }

  private constructor(codec: VideoCodec, coded: Buffer[]) {
    this.#packetizer = codec === 'vp8' ? new Vp8Packetizer() : new H264Packetizer();
    this.#coded = coded;
  }

  /** Payloads of the packets of a picture. */
  picture(index: number): Buffer[] {
    const coded = this.#coded[index % this.#coded.length]!;
    return this.#packetizer.cut(coded).map((parts) => Buffer.concat(parts));
  }
}

/** Eight lines a stripe, each a little brighter or darker than the colour says. */
function stripes(size: Size, colour: Yuv, index: number): Planes {
  const planes = solid(size, colour);
  for (let row = 0; row < size.height; row++) {
    const level = colour.y + (((row + 3 * index) >> 3) % 5) * 4 - 8;
    planes.y.fill(level, row * size.width, (row + 1) * size.width);
  }
  return planes;
}
