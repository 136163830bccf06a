import type { SourceKind } from '../../mixer/protocol/control.ts';
import { asksMore, type Need, needInReserve, needOf, needOfHeight, noNeed } from '../rooms/need.ts';
import type { Composition } from './composition.ts';

/** Less is asked for only after it has sufficed this long, so that a glance elsewhere costs nothing. */
const DOWN_AFTER_MS = 5_000;

/** Somebody who sends a picture, and how they are told what is needed of it. */
export interface Sender {
  participant: string;
  kind: SourceKind;
  /** Their session: one that takes the place of another has been told nothing yet. */
  session: string;
  /** Packets of theirs go to the mixer. */
  attached: boolean;
  /** Their own tracks are recorded, or viewers are sent them as they come: all of it is needed. */
  wholly: boolean;
  tell(need: Need): void;
}

export interface EconomyParts {
  /** Pictures per second of the program, and its height. */
  fps: number;
  height: number;
  /** Asked of anybody at most. */
  maxKbps: number;
  nowMs(): number;
}

interface Told {
  participant: string;
  kind: SourceKind;
  need: Need;
  /** Since when less would do. */
  lessSinceMs: number | null;
}

/** Asks each speaker for the size and rate that their tiles need: for more at once, for less after a while. */
export class Economy {
  readonly #parts: EconomyParts;
  /** By session. */
  readonly #told = new Map<string, Told>();

  constructor(parts: EconomyParts) {
    this.#parts = parts;
  }

  /** What somebody was last asked for. */
  asked(participant: string): { kind: SourceKind; need: Need }[] {
    const theirs = [...this.#told.values()].filter((told) => told.participant === participant);
    return theirs.map(({ kind, need }) => ({ kind, need }));
  }

  /** @param pictures those whose tiles are seen now */
  update(senders: Iterable<Sender>, pictures: readonly Composition[]): void {
    const here = new Set<string>();
    for (const sender of senders) {
      const { participant, kind, session } = sender;
      here.add(session);
      const need = this.#need(sender, pictures);
      const told = this.#told.get(session);
      const settled = told && this.#settle(told, need);
      if (settled && same(settled, told.need)) continue;
      this.#told.set(session, { participant, kind, need, lessSinceMs: null });
      sender.tell(need);
    }
    for (const session of this.#told.keys()) if (!here.has(session)) this.#told.delete(session);
  }

  /** What to ask for now: `need`, or still what was asked before. */
  #settle(told: Told, need: Need): Need {
    if (same(told.need, need) || asksMore(need, told.need)) {
      told.lessSinceMs = null;
      return need;
    }
    const nowMs = this.#parts.nowMs();
    told.lessSinceMs ??= nowMs;
    return nowMs - told.lessSinceMs >= DOWN_AFTER_MS ? need : told.need;
  }

  #need({ participant, kind, attached, wholly }: Sender, pictures: readonly Composition[]): Need {
    const { fps, height, maxKbps } = this.#parts;
    if (wholly) return needOfHeight(height, fps, maxKbps);
    if (!attached) return noNeed;
    const tiles = pictures
      .flatMap(({ tiles }) => tiles)
      .filter(({ person }) => person.participant === participant && person.kind === kind);
    if (tiles.length === 0) return needInReserve(fps, maxKbps);
    const seen = tiles.map(({ px, fit }) => ({ kind, size: { w: px.w, h: px.h }, fit }));
    return needOf(seen, fps, maxKbps);
  }
}

const same = (one: Need, other: Need): boolean => JSON.stringify(one) === JSON.stringify(other);
