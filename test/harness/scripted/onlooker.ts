import { parseRtp } from '../../../mixer/rtp/packet.ts';
import { Vp8Depacketizer } from '../../../mixer/rtp/vp8.ts';
import { VideoDecoder } from '../../../mixer/video/decoder.ts';
import { giveFrame } from '../../../mixer/video/framePool.ts';
import type { AnsweredSection } from '../../../scripts/bench/load/sdp.ts';
import { LoadViewer } from '../../../scripts/bench/load/viewer.ts';
import { offerTo } from '../../../scripts/bench/load/whip.ts';
import { nowUs } from '../../../src/rtc/clock.ts';

const MAX_PIXELS = 1920 * 1080;
/** From one picture to the next a point that moves changes by more than coding ever does. */
const CHANGE = 6;

/** Y, U and V. */
export type Yuv = readonly [number, number, number];

/** A viewer by WHEP without a browser who decodes the program, and looks at one point of each picture. */
export class Onlooker {
  readonly #viewer: LoadViewer;
  readonly #depacketizer = new Vp8Depacketizer();
  readonly #decoder = new VideoDecoder('vp8', MAX_PIXELS);
  #waiting: { at: readonly [number, number]; resolve: (colour: Yuv) => void }[] = [];
  #watched: { at: readonly [number, number]; luma: number; changedUs: number; longestUs: number } | undefined;
  #ticks = 0;
  pictures = 0;

  /** @throws Error when the server refuses, or no picture comes */
  static async join(endpoint: string, token: string): Promise<Onlooker> {
    let onlooker: Onlooker | undefined;
    const { viewer } = await LoadViewer.join((offer) => offerTo(endpoint, token, offer), {
      pairs: 1,
      codecs: ['vp8'],
      each: (section, packet, arrivalUs) => onlooker?.hear(section, packet, arrivalUs),
    });
    onlooker = new Onlooker(viewer);
    return onlooker;
  }

  private constructor(viewer: LoadViewer) {
    this.#viewer = viewer;
  }

  /** The colour of a point of the next picture, in fractions of it. */
  colourAt(x: number, y: number): Promise<Yuv> {
    return new Promise((resolve) => {
      this.#waiting.push({ at: [x, y], resolve });
    });
  }

  /** From now on, how long a point stays as it is. */
  watch(x: number, y: number): void {
    this.#watched = { at: [x, y], luma: -1, changedUs: nowUs(), longestUs: 0 };
  }

  /** The longest time, in ms, that the watched point stood still, up to this moment. */
  get longestStillMs(): number {
    const { changedUs, longestUs } = this.#watched!;
    return Math.max(longestUs, nowUs() - changedUs) / 1000;
  }

  hear(section: AnsweredSection, bytes: Buffer, arrivalUs: number): void {
    const packet = parseRtp(bytes, arrivalUs);
    if (section.media !== 'video' || packet === null || packet.payload.length === 0) return;
    const frame = this.#depacketizer.push(packet);
    if (frame === null) return;
    this.#ticks += 3000;
    const decoded = this.#decoder.decode(frame, this.#ticks);
    if (decoded === null) return;
    if ('error' in decoded) {
      this.#viewer.requestKeyFrame(section);
      return;
    }
    this.#look(decoded.picture, arrivalUs);
    giveFrame(decoded.picture);
  }

  async close(): Promise<void> {
    await this.#viewer.close();
    this.#decoder.close();
  }

  #look(picture: Parameters<typeof giveFrame>[0], arrivalUs: number): void {
    this.pictures++;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const { at, resolve } of waiting) resolve(colour(picture, at));
    const watched = this.#watched;
    if (watched === undefined) return;
    const [luma] = colour(picture, watched.at);
    if (Math.abs(luma - watched.luma) < CHANGE) return;
    watched.longestUs = Math.max(watched.longestUs, arrivalUs - watched.changedUs);
    watched.luma = luma;
    watched.changedUs = arrivalUs;
  }
}

function colour(picture: Parameters<typeof giveFrame>[0], [x, y]: readonly [number, number]): Yuv {
  const planes = picture.data!;
  const [column, row] = [Math.floor(x * picture.width), Math.floor(y * picture.height)];
  return [0, 1, 2].map((plane) => {
    const by = plane === 0 ? 1 : 2;
    return planes[plane]![Math.floor(row / by) * picture.linesize[plane]! + Math.floor(column / by)]!;
  }) as unknown as Yuv;
}
