/**
 * One source on its way to many viewers: keeps what joining and repairing need, asks for key frames, and
 * hands each picture to every track. A source may be described, restarted and removed while tracks wait
 * for it.
 */

import type { SourceDescription } from '../contract.ts';
import { KeyFrameGate } from '../keyFrameGate.ts';
import { sequenceOf } from '../rtp/header.ts';
import { sequenceDistance } from '../sequence.ts';
import { PacketCache } from './packetCache.ts';
import { PictureGroup } from './pictureGroup.ts';
import { findPackets, type ReadPicture } from './pictureReader.ts';
import { Rounds } from './rounds.ts';

const CACHE_US = 1_500_000;
const GROUP_US = 1_000_000;
/** A source whose numbers jump further than this has begun anew without saying so. */
const MAX_JUMP = 1_000;

/** A stretch of a source in which its numbers are continuous. */
export interface Run {
  readonly forwarder: Forwarder;
}

export interface Receiver {
  /** True while it can go on only with a key frame of this source. */
  waitsFor(forwarder: Forwarder): boolean;
  picture(forwarder: Forwarder, picture: ReadPicture, nowUs: number): void;
}

export class Forwarder {
  readonly source: string;
  readonly cache = new PacketCache(CACHE_US);
  #description: SourceDescription | undefined;
  #run: Run = { forwarder: this };
  #lastSequence = -1;
  readonly #group = new PictureGroup(GROUP_US);
  readonly #holders = new Set<Receiver>();
  readonly #receivers = new Set<Receiver>();
  readonly #gate: KeyFrameGate;
  readonly #rounds = new Rounds<Receiver>((receiver, picture, nowUs) => {
    if (this.#receivers.has(receiver)) receiver.picture(this, picture, nowUs);
  });

  /** @param keyFrameWanted passes one request on to the source */
  constructor(source: string, keyFrameWanted: () => void) {
    this.source = source;
    this.#gate = new KeyFrameGate({ intervalMs: 300, answerMs: 1_000 }, keyFrameWanted, () => this.#waited());
  }

  get description(): SourceDescription | undefined {
    return this.#description;
  }

  /** Nobody needs it any more: neither described nor watched. */
  get idle(): boolean {
    return this.#description === undefined && this.#holders.size === 0;
  }

  /** Changes whenever the source's numbers begin anew. */
  get run(): Run {
    return this.#run;
  }

  describe(description: SourceDescription): void {
    this.#description = description;
    this.restart();
    if (this.#waited()) this.wantKeyFrame();
  }

  /** Numbers will jump: everyone waits for the next key frame. */
  restart(): void {
    this.#run = { forwarder: this };
    this.#lastSequence = -1;
    // What is left of the run before would be taken for the new one's.
    this.#rounds.clear();
    this.#group.clear();
    this.cache.clear();
    this.#gate.keyFrame();
  }

  remove(): void {
    this.#description = undefined;
    this.restart();
  }

  /** Keeps the source for a receiver that is not ready for pictures yet. */
  hold(receiver: Receiver): void {
    this.#holders.add(receiver);
  }

  /** From now on the receiver is given each picture. */
  add(receiver: Receiver): void {
    this.#holders.add(receiver);
    this.#receivers.add(receiver);
  }

  delete(receiver: Receiver): void {
    this.#holders.delete(receiver);
    this.#receivers.delete(receiver);
  }

  /** The pictures a receiver can begin with right now; empty when it must wait for a key frame. */
  young(nowUs: number): readonly ReadPicture[] {
    return this.#group.young(nowUs);
  }

  wantKeyFrame(): void {
    if (this.#description?.media === 'video') this.#gate.request();
  }

  push(bytes: Uint8Array, nowUs: number): void {
    const picture = this.#description === undefined ? null : findPackets(bytes);
    if (picture === null || picture.bounds.length === 0) return;
    this.#remember(picture, nowUs);
    this.#rounds.push(picture, this.#receivers, nowUs);
  }

  close(): void {
    this.#gate.close();
    this.remove();
  }

  #remember(picture: ReadPicture, nowUs: number): void {
    const { buffer, bounds } = picture;
    const first = buffer.readUInt16BE(bounds[0]! + 2);
    if (this.#lastSequence >= 0 && Math.abs(sequenceDistance(first, this.#lastSequence)) > MAX_JUMP) {
      this.restart();
    }
    for (let i = 0; i < bounds.length; i += 2) {
      const start = bounds[i]!;
      this.#lastSequence = sequenceOf(buffer.subarray(start, start + 4));
      this.cache.put(this.#lastSequence, buffer, start, bounds[i + 1]!, nowUs);
    }
    if (this.#description?.media !== 'video') return;
    if (picture.keyFrame) this.#gate.keyFrame();
    this.#group.push(picture, nowUs);
  }

  #waited(): boolean {
    if (this.#description === undefined) return false;
    for (const receiver of this.#receivers) if (receiver.waitsFor(this)) return true;
    return false;
  }
}
