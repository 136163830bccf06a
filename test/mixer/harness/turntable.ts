import { BLOCK_LENGTH, BLOCK_US } from '../../../mixer/audio/format.ts';
import { MediaDesk } from '../../../mixer/media/mediaDesk.ts';
import type { OpenMediaThread } from '../../../mixer/media/mediaThread.ts';
import { Player, type Playing } from '../../../mixer/media/player.ts';
import type { Play } from '../../../mixer/protocol/control.ts';
import { giveFrame } from '../../../mixer/video/framePool.ts';
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
  #desk: MediaDesk | undefined;
  #blocks: Float32Array[] = [];
  #nextSoundUs = this.nowUs;
  #nextPictureUs = this.nowUs;
  /** False: nothing is decoded any more. */
  decodes = true;

  constructor(path: string, play: Partial<Play> = {}, maxPixels = 1920 * 1080) {
    this.#path = path;
    const parts = { openThread: this.#openThread, canvas: CANVAS, maxPixels, nowUs: () => this.nowUs };
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
      while (this.decodes && this.#desk?.work());
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

  #openThread: OpenMediaThread = (heard) => {
    const desk = new MediaDesk((message) => heard(message));
    this.#desk = desk;
    const waiting: (() => void)[] = [];
    // As in a thread: what is posted while the player is being made is heard later.
    const post = (act: () => void) => {
      waiting.push(act);
      queueMicrotask(() => waiting.shift()?.());
    };
    return { post: (message) => post(() => desk.handle(message)), close: () => desk.close() };
  };

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
    const luma = frame.data![0]![(height >> 1) * frame.linesize[0]! + (width >> 1)]!;
    giveFrame(frame);
    this.shown.push({ atMs: (this.nowUs - this.#startUs) / 1000, luma, width, height });
  }
}
