import { BLOCK_LENGTH, BLOCK_US } from '../audio/format.ts';
import type { SoundInput } from '../audio/strip.ts';
import type { FromMixer, Play } from '../protocol/control.ts';
import { PICTURE_LEAD_US } from '../sync/sourceTimeline.ts';
import type { Size } from '../video/fit.ts';
import { MediaClock } from './mediaClock.ts';
import type { FromMediaThread } from './mediaDesk.ts';
import type { MediaThread, OpenMediaThread } from './mediaThread.ts';
import { PictureQueue } from './pictureQueue.ts';
import { Ramp } from './ramp.ts';
import { SoundQueue } from './soundQueue.ts';

/** A file that has not been read by then never will be. */
const PATIENCE_US = 10_000_000;

/** Where a pause or a jump would click: the shortest ramp. */
const CUT_MS = 20;

/** How much sound is heard until the thread that decodes is told. */
const REPORT_US = 100_000;

export type Playing = Extract<FromMixer, { type: 'playing' }>;

export interface PlayerParts {
  openThread: OpenMediaThread;
  canvas: Size;
  maxPixels: number;
  nowUs: () => number;
}

export interface PlayerEvents {
  /** What there is in it; from now on it can be drawn and heard. */
  opened(pictures: boolean, sound: boolean): void;
  /** Its state has changed. */
  changed(): void;
  /** It has faded out after `leave`. */
  left(): void;
}

/**
 * A file that plays in the room: its sound is the clock, and its pictures follow. It promises that
 * - what a viewer hears and sees of one moment is as far apart as with speakers;
 * - it never waits: what is not decoded yet is silence and the picture before;
 * - whatever happens to its file, nobody else notices.
 */
export class Player {
  readonly participant: string;
  readonly path: string;
  readonly pictures: PictureQueue;
  readonly sound: SoundInput = {
    channels: 2,
    pull: (nowUs) => this.#pull(nowUs),
    /** Another file may be heard in its place before it has faded. */
    close: () => {
      if (this.#leaving) this.#events.left();
    },
  };
  readonly #parts: PlayerParts;
  readonly #events: PlayerEvents;
  readonly #thread: MediaThread;
  readonly #clock = new MediaClock();
  readonly #queue = new SoundQueue();
  readonly #ramp = new Ramp();
  readonly #block = new Float32Array(BLOCK_LENGTH);
  #state: Playing['state'];
  #detail = '';
  #wanted: Play['state'] = 'paused';
  #loop = false;
  #fadeMs = 0;
  #generation = 0;
  #opened: Extract<FromMediaThread, { type: 'opened' }> | undefined;
  /** Enough is decoded to go on. */
  #ready = false;
  /** Since when it is waited for. */
  #askedUs: number;
  /** Of the next sample, on the timeline. */
  #soundUs = 0;
  #reportedUs = 0;
  #endUs: number | undefined;
  /** How much the timeline is ahead of the file's own: it is played again and again. */
  #offsetUs = 0;
  #loops: { fromUs: number; offsetUs: number }[] = [];
  /** The end of what was cut off, faded. */
  #tail = false;
  #leaving = false;
  #closed = false;

  constructor(play: Play, parts: PlayerParts, events: PlayerEvents) {
    this.participant = play.participant;
    this.path = play.path;
    this.#state = play.state;
    this.#parts = parts;
    this.#events = events;
    this.#askedUs = parts.nowUs();
    this.pictures = new PictureQueue(parts.canvas, {
      positionUs: (nowUs, aheadUs) => this.#positionUs(nowUs, aheadUs),
      freed: (slots) => this.#report(slots),
    });
    this.#thread = parts.openThread((message) => this.#hear(message));
    const { canvas, maxPixels } = parts;
    this.#thread.post({ type: 'open', path: this.path, canvas, maxPixels, memory: this.pictures.memory });
    this.play({ ...play, positionMs: play.positionMs ?? 0 });
  }

  get failed(): boolean {
    return this.#state === 'failed';
  }

  /** Goes on, stands, jumps, or loops from now on. What has ended only begins again at a position. */
  play({ state, loop, positionMs, fadeMs = 0 }: Play): void {
    const isOver = this.#state === 'ended' || this.#state === 'failed';
    if (this.#closed || this.#state === 'failed' || (isOver && positionMs === null)) return;
    const nowUs = this.#parts.nowUs();
    this.#fadeMs = fadeMs;
    if (loop !== this.#loop) this.#thread.post({ type: 'loop', on: loop });
    this.#loop = loop;
    this.#wanted = state;
    if (state === 'paused') this.#stand(nowUs);
    if (positionMs !== null) this.#jump(positionMs * 1000, nowUs, isOver || this.#generation === 0);
    this.#go(nowUs);
    this.#become(state);
  }

  /** Fades out; `left` is told when nothing is heard any more. */
  leave(): void {
    this.#leaving = true;
    if (this.#clock.running && this.#opened?.sound) this.#ramp.fall(Math.max(CUT_MS, this.#fadeMs));
    else this.#events.left();
  }

  /** Once a second: notices what never gets ready, and says where it is. */
  tick(nowUs: number): Playing {
    this.#settle(nowUs);
    const isWaiting = !this.#ready && !this.#closed && this.#state !== 'failed';
    if (isWaiting && nowUs - this.#askedUs > PATIENCE_US)
      this.#fail(`nothing of it could be decoded for ${PATIENCE_US / 1e6} seconds`);
    return this.status(nowUs);
  }

  status(nowUs: number): Playing {
    const durationUs = this.#opened?.durationUs ?? null;
    const positionUs = this.#filePositionUs(this.#clock.positionUs(nowUs));
    return {
      ...{ type: 'playing', participant: this.participant, state: this.#state, detail: this.#detail },
      positionMs: Math.round(Math.min(positionUs, durationUs ?? positionUs) / 1000),
      durationMs: durationUs === null ? null : Math.round(durationUs / 1000),
    };
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#thread.close();
    this.#queue.clear();
    this.pictures.close();
  }

  #hear(message: FromMediaThread): void {
    if (this.#closed) return;
    if (message.type === 'opened') {
      this.#opened = message;
      this.#events.opened(message.pictures, message.sound);
      this.#events.changed();
    } else if (message.type === 'failed') this.#fail(message.detail);
    else if (message.type === 'picture') this.pictures.push(message, message.generation === this.#generation);
    else if (message.generation === this.#generation) this.#take(message);
  }

  #take(message: Exclude<FromMediaThread, { type: 'opened' | 'failed' | 'picture' }>): void {
    switch (message.type) {
      case 'sound':
        this.#queue.push(message.samples);
        break;
      case 'looped':
        this.#loops.push(message);
        this.#endUs = undefined;
        break;
      case 'ended':
        this.#endUs = message.endUs;
        break;
      case 'ready':
        this.#ready = true;
        this.#go(this.#parts.nowUs());
        break;
    }
  }

  #pull(nowUs: number): Float32Array | null {
    this.#settle(nowUs);
    if (this.#tail) {
      this.#tail = false;
      return this.#block;
    }
    if (this.#closed || !this.#clock.running || !this.#opened?.sound) return null;
    const isLast = this.#endUs !== undefined;
    if (!this.#queue.ready && !(isLast && !this.#queue.empty)) {
      if (!isLast) this.#wait(nowUs);
      return null;
    }
    this.#clock.set(this.#soundUs, nowUs);
    this.#queue.take(this.#block);
    this.#soundUs += BLOCK_US;
    if (this.#soundUs - this.#reportedUs >= REPORT_US) this.#report([]);
    this.#ramp.process(this.#block);
    // Not at once: the desk is in the middle of its round.
    if (this.#leaving && this.#ramp.silent) queueMicrotask(() => this.#events.left());
    return this.#block;
  }

  /** The picture that is due is the one whose sound follows within the room's usual time. */
  #positionUs(nowUs: number, aheadUs: number): number {
    this.#settle(nowUs);
    const { running } = this.#clock;
    return this.#clock.positionUs(running ? nowUs + aheadUs + PICTURE_LEAD_US : nowUs);
  }

  /** Everything is heard and seen: the last picture stays. */
  #settle(nowUs: number): void {
    if (this.#endUs === undefined || this.#state === 'ended') return;
    if (this.#clock.positionUs(nowUs) < this.#endUs) return;
    this.#clock.stop(nowUs);
    this.#clock.set(this.#endUs, nowUs);
    this.#become('ended');
    if (this.#leaving) queueMicrotask(() => this.#events.left());
  }

  #go(nowUs: number): void {
    if (this.#wanted !== 'playing' || !this.#ready || this.#state === 'failed') return;
    this.#clock.start(nowUs);
  }

  #stand(nowUs: number): void {
    if (!this.#clock.running) return;
    this.#cut();
    this.#clock.stop(nowUs);
    this.#ramp.rise(CUT_MS);
  }

  /** Nothing is there to be heard: it stands until there is. */
  #wait(nowUs: number): void {
    this.#ready = false;
    this.#askedUs = nowUs;
    this.#clock.stop(nowUs);
    this.#clock.set(this.#soundUs, nowUs);
    if (this.#leaving) queueMicrotask(() => this.#events.left());
    this.#ramp.rise(CUT_MS);
    this.#report([]);
  }

  #jump(us: number, nowUs: number, isStart: boolean): void {
    // A picture has only one position.
    if (this.#opened?.still) return;
    if (this.#clock.running) this.#cut();
    const durationUs = this.#opened?.durationUs ?? null;
    const targetUs = durationUs === null ? us : Math.min(us, durationUs);
    this.#generation++;
    this.#ready = false;
    this.#askedUs = nowUs;
    this.#endUs = undefined;
    this.#loops = [];
    this.#offsetUs = 0;
    this.#queue.clear();
    this.#soundUs = targetUs;
    this.#reportedUs = targetUs;
    this.#clock.stop(nowUs);
    this.#clock.set(targetUs, nowUs);
    this.#ramp.rise(isStart ? this.#fadeMs : CUT_MS);
    this.#thread.post({ type: 'seek', generation: this.#generation, us: targetUs });
    this.pictures.restart();
  }

  /** What would be heard next is heard while it fades: sound that stops at once clicks. */
  #cut(): void {
    if (this.#queue.empty) return;
    this.#queue.peek(this.#block);
    this.#ramp.fall(CUT_MS);
    this.#ramp.process(this.#block);
    this.#tail = true;
  }

  #report(slots: number[]): void {
    this.#reportedUs = this.#soundUs;
    this.#thread.post({ type: 'taken', generation: this.#generation, slots, heardUs: this.#soundUs });
  }

  #filePositionUs(positionUs: number): number {
    while (this.#loops.length > 0 && this.#loops[0]!.fromUs <= positionUs)
      this.#offsetUs = this.#loops.shift()!.offsetUs;
    return positionUs - this.#offsetUs;
  }

  #fail(detail: string): void {
    if (this.#state === 'failed') return;
    this.#detail = detail;
    this.#clock.stop(this.#parts.nowUs());
    this.#thread.close();
    this.#become('failed');
    if (this.#leaving) this.#events.left();
  }

  #become(state: Playing['state']): void {
    const hasChanged = state !== this.#state;
    this.#state = state;
    if (hasChanged) this.#events.changed();
  }
}
