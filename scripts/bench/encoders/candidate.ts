import type { Frame } from 'node-av/lib';
import type { VideoCodec } from '../../../mixer/protocol/control.ts';
import { VideoDecoder } from '../../../mixer/video/decoder.ts';
import { VideoEncoder } from '../../../mixer/video/encoder.ts';
import { giveFrame } from '../../../mixer/video/framePool.ts';
import { type Luma, psnrDb, squaredError, ssim } from './likeness.ts';

export interface Rung {
  width: number;
  height: number;
  kbps: number;
}

export interface Measured extends Rung {
  codec: VideoCodec;
  effort: string | number;
  /** User and system milliseconds per picture, encoding alone. */
  cpuMs: number;
  /** The same as a share of one core at the rung's rate. */
  core: number;
  kbpsMeasured: number;
  psnrYDb: number;
  ssimY: number;
}

/** Pictures whose likeness is computed: one in so many. */
const JUDGED_EVERY = 5;

/** One way to encode one rung: fed picture by picture, measured and judged. */
export class Candidate {
  readonly #rung: Rung;
  readonly #codec: VideoCodec;
  readonly #effort: string | number;
  readonly #fps: number;
  readonly #encoder: VideoEncoder;
  readonly #decoder: VideoDecoder;
  #pictures = 0;
  #measured = 0;
  #judged = 0;
  #cpuUs = 0;
  #bytes = 0;
  #squares = 0;
  #likeness = 0;

  constructor(codec: VideoCodec, effort: string | number, rung: Rung, fps: number) {
    this.#rung = rung;
    this.#codec = codec;
    this.#effort = effort;
    this.#fps = fps;
    this.#encoder = new VideoEncoder({ codec, ...rung, fps, effort });
    this.#decoder = new VideoDecoder(codec, rung.width * rung.height);
  }

  /** @param counts false while the rate still settles */
  feed(frame: Frame, luma: Luma, counts: boolean): void {
    const before = process.cpuUsage();
    const [coded] = this.#encoder.encode(frame, this.#pictures === 0);
    const { user, system } = process.cpuUsage(before);
    const number = this.#pictures++;
    if (coded === undefined) return;
    const head = {
      rtpTimestamp: 0,
      keyFrame: coded.keyFrame,
      arrivalUs: 0,
      size: undefined,
      afterLoss: false,
    };
    const decoded = this.#decoder.decode({ ...head, data: coded.data }, number);
    if (decoded === null || 'error' in decoded) throw new Error(`${this.#codec} cannot be decoded`);
    if (counts) {
      this.#measured++;
      this.#cpuUs += user + system;
      this.#bytes += coded.data.length;
      if (number % JUDGED_EVERY === 0) this.#judge(decoded.picture, luma);
    }
    giveFrame(decoded.picture);
  }

  close(): Measured {
    this.#encoder.close();
    this.#decoder.close();
    const cpuMs = this.#cpuUs / 1000 / this.#measured;
    return {
      codec: this.#codec,
      effort: this.#effort,
      ...this.#rung,
      cpuMs,
      core: (cpuMs / 1000) * this.#fps,
      kbpsMeasured: (this.#bytes * 8 * this.#fps) / 1000 / this.#measured,
      psnrYDb: psnrDb(this.#squares, this.#judged * this.#rung.width * this.#rung.height),
      ssimY: this.#likeness / this.#judged,
    };
  }

  #judge(picture: Frame, luma: Luma): void {
    const shown = {
      bytes: picture.data![0]!,
      stride: picture.linesize[0]!,
      width: luma.width,
      height: luma.height,
    };
    this.#judged++;
    this.#squares += squaredError(luma, shown);
    this.#likeness += ssim(luma, shown);
  }
}
