import { BLOCK_LENGTH, BLOCK_US } from '../../../mixer/audio/format.ts';
import { Player, type Playing } from '../../../mixer/media/player.ts';
import type { Play } from '../../../mixer/protocol/control.ts';
import { giveFrame } from '../../../mixer/video/framePool.ts';
import { InlineThreads } from './inlineThreads.ts';
import './quiet.ts';
import { joined } from './sound.ts';

const TICK_US = 1e6 / 30;
const CANVAS = { width: 640, height: 360 };

/** A picture that was shown: its middle, and when. */
export interface Shown {
  atMs: number;
  luma: number;
  width: number;
  height: number;
  /** The corner with the most light. */
  brightest: string;
}

/** A player in front of a clock that only moves when it is told to; decoding takes no time at all. */
export class Turntable {
  readonly player: Player;
  readonly said: Playing['state'][] = [];
  readonly shown: Shown[] = [];
  left = false;
  nowUs = 1e9;
  readonly #startUs = this.nowUs;
  readonly #path: string;
  readonly #threads = new InlineThreads();
  #blocks: Float32Array[] = [];
  #nextSoundUs = this.nowUs;
  #nextPictureUs = this.nowUs;
  /** False: nothing is decoded any more. */
  decodes = true;

  constructor(path: string, play: Partial<Play> = {}, maxPixels = 1920 * 1080) {
    this.#path = path;
    const parts = { openThread: this.#threads.open, canvas: CANVAS, maxPixels, nowUs: () => this.nowUs };
    this.player = new Player(this.#order(play), parts, {
      opened: () => {},
      changed: () => this.said.push(this.player.status(this.nowUs).state),
      left: () => {
        this.left = true;
      },
    });
  }

  play(changes: Partial<Play>): void {
    this.player.play(this.#order({ positionMs: null, ...changes }));
  }

  get status(): Playing {
    return this.player.status(this.nowUs);
  }

  /** Time passes: a block of sound every 20 ms, a picture thirty times a second. */
  async advance(ms: number): Promise<this> {
    for (const endUs = this.nowUs + ms * 1000; this.nowUs < endUs; ) {
      if (this.decodes) this.#threads.work();
      this.nowUs = Math.min(endUs, this.#nextSoundUs, this.#nextPictureUs);
      if (this.nowUs === this.#nextSoundUs) this.#pull();
      if (this.nowUs === this.#nextPictureUs) this.#look();
      await Promise.resolve();
    }
    return this;
  }

  /** What was heard since the last call. */
  take(): Float32Array {
    const sound = joined(this.#blocks);
    this.#blocks = [];
    return sound;
  }

  get lastShown(): Shown | undefined {
    return this.shown.at(-1);
  }

  close(): void {
    this.player.close();
  }

  #order(changes: Partial<Play>): Play {
    const usual = { loop: false, state: 'playing', positionMs: 0 } as const;
    return { type: 'play', participant: 'clip', path: this.#path, ...usual, ...changes };
  }

  #pull(): void {
    const block = this.player.sound.pull(this.nowUs);
    this.#blocks.push(block === null ? new Float32Array(BLOCK_LENGTH) : Float32Array.from(block));
    this.#nextSoundUs += BLOCK_US;
  }

  #look(): void {
    const { pictures } = this.player;
    pictures.decode();
    const picture = pictures.due(this.nowUs, TICK_US / 2);
    this.#nextPictureUs += TICK_US;
    if (picture === null) return;
    const { frame } = picture;
    const { width, height } = frame;
    const [plane] = frame.data!;
    const at = (x: number, y: number) =>
      plane![Math.floor(y * height) * frame.linesize[0]! + Math.floor(x * width)]!;
    const luma = at(0.5, 0.5);
    const corners = [
      { name: 'top left', light: at(0.1, 0.1) },
      { name: 'top right', light: at(0.9, 0.1) },
      { name: 'bottom left', light: at(0.1, 0.9) },
      { name: 'bottom right', light: at(0.9, 0.9) },
    ];
    const brightest = corners.sort((one, other) => other.light - one.light)[0]!.name;
    giveFrame(frame);
    this.shown.push({ atMs: (this.nowUs - this.#startUs) / 1000, luma, width, height, brightest });
  }
}
