import { OpusDecoder } from '../../../mixer/audio/opusDecoder.ts';
import { parseRtp } from '../../../mixer/rtp/packet.ts';
import { Vp8Depacketizer } from '../../../mixer/rtp/vp8.ts';
import { VideoDecoder } from '../../../mixer/video/decoder.ts';
import { giveFrame } from '../../../mixer/video/framePool.ts';
import type { AnsweredSection } from '../../../scripts/bench/load/sdp.ts';
import { LoadViewer } from '../../../scripts/bench/load/viewer.ts';
import { offerTo } from '../../../scripts/bench/load/whip.ts';
import { BeepEar } from './beepEar.ts';
import { offsetsMs } from './offsets.ts';

/** Somebody to be told apart by where they are seen and how they sound. */
export interface Clapper {
  name: string;
  toneHz: number;
  /** A point in the middle of their picture, in fractions of the canvas. */
  x: number;
  y: number;
}

/** Luma from which on a tile is white, and below which it is not any more. */
const WHITE = 180;
const DARK = 110;
const MAX_PIXELS = 1920 * 1080;

/** Maps one stream's timestamps to the server's clock, by its last sender report (RFC 3550 6.4.1). */
class ReportedClock {
  readonly #rate: number;
  #report: { ntpUs: number; rtpTimestamp: number } | undefined;

  constructor(rate: number) {
    this.#rate = rate;
  }

  note(report: { ntpUs: number; rtpTimestamp: number }): void {
    this.#report = report;
  }

  /** ms; undefined before the first report. */
  ms(rtpTimestamp: number): number | undefined {
    const report = this.#report;
    if (report === undefined) return undefined;
    return report.ntpUs / 1000 + (((rtpTimestamp - report.rtpTimestamp) | 0) * 1000) / this.#rate;
  }
}

/** A viewer by WHEP who decodes the program, and notes when each clapper's flashes and beeps begin in it. */
export class Audience {
  readonly #viewer: LoadViewer;
  readonly #clappers: readonly Clapper[];
  readonly #depacketizer = new Vp8Depacketizer();
  readonly #video = new VideoDecoder('vp8', MAX_PIXELS);
  readonly #opus = new OpusDecoder();
  readonly #clocks = { audio: new ReportedClock(48_000), video: new ReportedClock(90_000) };
  readonly #ears: BeepEar[];
  readonly #white: boolean[];
  #ticks = 0;
  /** Per clapper, ms of the server's clock. */
  readonly flashes: number[][];
  readonly beeps: number[][];

  /** @throws Error when the server refuses, or no picture comes */
  static async join(endpoint: string, token: string, clappers: readonly Clapper[]): Promise<Audience> {
    let audience: Audience | undefined;
    const { viewer } = await LoadViewer.join((offer) => offerTo(endpoint, token, offer), {
      pairs: 1,
      codecs: ['vp8'],
      each: (section, packet, arrivalUs) => audience?.hear(section, packet, arrivalUs),
      report: (section, report) => audience?.note(section, report),
    });
    audience = new Audience(viewer, clappers);
    return audience;
  }

  private constructor(viewer: LoadViewer, clappers: readonly Clapper[]) {
    this.#viewer = viewer;
    this.#clappers = clappers;
    this.#ears = clappers.map(({ toneHz }) => new BeepEar(toneHz));
    this.#white = clappers.map(() => true);
    this.flashes = clappers.map(() => []);
    this.beeps = clappers.map(() => []);
  }

  note({ media }: AnsweredSection, report: { ntpUs: number; rtpTimestamp: number }): void {
    this.#clocks[media].note(report);
  }

  hear(section: AnsweredSection, bytes: Buffer, arrivalUs: number): void {
    const packet = parseRtp(bytes, arrivalUs);
    if (packet === null || packet.payload.length === 0) return;
    if (section.media === 'audio') this.#listen(packet.payload, packet.rtpTimestamp);
    else this.#look(section, packet);
  }

  /** By how much each flash is later than its beep, ms, per clapper. */
  offsetsMs(): number[][] {
    return this.#clappers.map((_, index) =>
      offsetsMs({ flashesMs: this.flashes[index]!, beepsMs: this.beeps[index]! }),
    );
  }

  async close(): Promise<void> {
    await this.#viewer.close();
    this.#video.close();
    this.#opus.close();
  }

  #listen(payload: Buffer, rtpTimestamp: number): void {
    const samples = this.#opus.decode(payload);
    const startMs = this.#clocks.audio.ms(rtpTimestamp);
    if (samples === null) return;
    for (const [index, ear] of this.#ears.entries()) {
      for (const sample of ear.push(samples)) {
        if (startMs !== undefined) this.beeps[index]!.push(startMs + sample / 48);
      }
    }
  }

  #look(section: AnsweredSection, packet: Parameters<Vp8Depacketizer['push']>[0]): void {
    const frame = this.#depacketizer.push(packet);
    if (frame === null) return;
    this.#ticks += 3000;
    const decoded = this.#video.decode(frame, this.#ticks);
    if (decoded === null) return;
    if ('error' in decoded) {
      this.#viewer.requestKeyFrame(section);
      return;
    }
    const { picture } = decoded;
    const [luma] = picture.data!;
    const [stride] = picture.linesize;
    const shownMs = this.#clocks.video.ms(frame.rtpTimestamp);
    for (const [index, { x, y }] of this.#clappers.entries()) {
      const at = Math.floor(y * picture.height) * stride! + Math.floor(x * picture.width);
      const value = luma![at]!;
      if (value >= WHITE && !this.#white[index] && shownMs !== undefined) this.flashes[index]!.push(shownMs);
      if (value >= WHITE) this.#white[index] = true;
      else if (value < DARK) this.#white[index] = false;
    }
    giveFrame(picture);
  }
}
