import type { SourceDescription } from '../contract.ts';
import { KeyFrameGate } from '../keyFrameGate.ts';
import { YoungPictures } from './youngPictures.ts';

/** A source as the main thread knows it: what it is, what it has shown last, and who asks it for key frames. */
export class Source {
  readonly description: SourceDescription;
  readonly #gate: KeyFrameGate;
  readonly #young = new YoungPictures();

  /** @param keyFrameWanted passes one request of all threads on to the source */
  constructor(description: SourceDescription, keyFrameWanted: () => void) {
    this.description = description;
    this.#gate = new KeyFrameGate({ intervalMs: 300, answerMs: 1_000 }, keyFrameWanted);
  }

  /** @param picture kept as long as it is young, so it must stay as it is */
  push(picture: Uint8Array, nowMs: number): void {
    if (this.description.media !== 'video') return;
    const keyFrame = (picture[0]! & 1) === 1;
    if (keyFrame) this.#gate.keyFrame();
    this.#young.push(picture, keyFrame, nowMs);
  }

  /** What a thread can begin with right now. */
  young(nowMs: number): readonly Uint8Array[] {
    return this.#young.at(nowMs);
  }

  wantKeyFrame(): void {
    this.#gate.request();
  }

  restart(): void {
    this.#gate.keyFrame();
    this.#young.clear();
  }

  close(): void {
    this.#gate.close();
    this.#young.clear();
  }
}
