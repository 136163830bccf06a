import type { VideoCodec } from '../../../mixer/protocol/control.ts';
import type { Packetizer } from '../../../mixer/rtp/frame.ts';
import { H264Packetizer } from '../../../mixer/rtp/h264.ts';
import { Vp8Packetizer } from '../../../mixer/rtp/vp8.ts';
import type { Size } from '../../../mixer/video/fit.ts';
import type { Yuv } from '../../../mixer/video/planes.ts';
import { Camera } from '../../mixer/harness/camera.ts';

/** One picture of a reel: of one colour all over. */
export interface Shot extends Size {
  colour: Yuv;
}

/** Pictures that are shown over and over, each a key frame: coded beforehand, cut into packets as they are sent. */
export class Reel {
  readonly #coded: Buffer[];
  readonly #packetizer: Packetizer;

  constructor(codec: VideoCodec, shots: readonly Shot[]) {
    this.#packetizer = codec === 'vp8' ? new Vp8Packetizer() : new H264Packetizer();
    this.#coded = shots.map(({ colour, ...size }) => {
      const camera = new Camera({ codec, ...size, kbps: 4000 });
      const coded = camera.coded(colour, true);
      camera.close();
      return coded;
    });
  }

  /** Payloads of the packets of a picture. */
  picture(index: number): Buffer[] {
    const coded = this.#coded[index % this.#coded.length]!;
    return this.#packetizer.cut(coded).map((parts) => Buffer.concat(parts));
  }
}
