import type { RoomView, Slot } from '../../../src/live/contract.ts';
import { Gallery } from '../media/gallery.ts';
import type { LinkState } from '../media/mediaLink.ts';
import { Player, type PlayerCommon } from '../media/player.ts';
import type { Problem } from '../media/problem.ts';
import { ProgramScreen } from '../media/programScreen.ts';
import { Sound } from '../media/sound.ts';
import { createStore, type Store } from '../state/store.ts';
import { needsOf, satisfies, type WatchNeeds } from './watchNeeds.ts';

/** One way of watching: a connection, and what shows it. */
export interface Watch extends WatchNeeds {
  readonly id: number;
  readonly player: Player;
  /** Of a room that mixes. */
  readonly program: ProgramScreen | null;
  /** Of a room that forwards. */
  readonly gallery: Gallery | null;
}

export interface AudienceState {
  /** What is seen, and behind it, until it has a picture, what takes its place. */
  watches: readonly Watch[];
}

/** A gallery is shown after this at the latest: not everybody has a camera. */
const READY_AFTER_MS = 2_000;
/** Sessions whose slots are remembered: word of them may come before their answer. */
const MOST_SESSIONS = 8;

/**
 * This person as one of the audience. The room says in which way it is watched; when that changes, what is
 * seen stays until the new way has a picture.
 */
export class Audience {
  readonly store: Store<AudienceState> = createStore<AudienceState>({ watches: [] });
  readonly sound = new Sound();
  readonly #common: Omit<PlayerCommon, 'changed'>;
  readonly #changed: (state: LinkState, problem: Problem | null) => void;
  readonly #slots = new Map<string, readonly Slot[]>();
  readonly #timers = new Set<ReturnType<typeof setTimeout>>();
  #needs: WatchNeeds = { mode: 'mcu', pairs: 1 };
  #started = false;
  #next = 1;

  constructor(
    common: Omit<PlayerCommon, 'changed'>,
    changed: (state: LinkState, problem: Problem | null) => void,
  ) {
    this.#common = common;
    this.#changed = changed;
  }

  /** What is seen now; undefined before the start. */
  get current(): Watch | undefined {
    return this.store.get().watches[0];
  }

  get connection(): RTCPeerConnection | null {
    return this.current?.player.link.connection ?? null;
  }

  get state(): LinkState {
    return this.current?.player.link.state ?? 'idle';
  }

  /** @param participant who watches: they are not shown to themselves */
  follow(room: RoomView, participant: string): void {
    this.#needs = needsOf(room, participant);
    const { watches } = this.store.get();
    const newest = watches.at(-1);
    if (!newest || satisfies(newest, this.#needs)) return;
    if (satisfies(watches[0]!, this.#needs)) this.#stay();
    else this.#replace();
  }

  /** Whom the sections of a session carry now. */
  told(session: string, slots: readonly Slot[]): void {
    this.#slots.delete(session);
    this.#slots.set(session, slots);
    for (const oldest of this.#slots.keys()) {
      if (this.#slots.size <= MOST_SESSIONS) break;
      this.#slots.delete(oldest);
    }
    for (const { gallery } of this.store.get().watches) gallery?.told(session, slots);
  }

  start(): void {
    this.#started = true;
    const { watches } = this.store.get();
    if (watches.length === 0) this.#replace();
    else watches[0]!.player.link.start();
  }

  /** The server is known to be back, or the person asked. */
  retryNow(): void {
    for (const { player } of this.store.get().watches) player.link.retryNow();
  }

  close(): void {
    this.#started = false;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    for (const { player } of this.store.get().watches) player.close();
  }

  /** What is seen will do after all. */
  #stay(): void {
    const [current, ...others] = this.store.get().watches;
    this.store.set({ watches: [current!] });
    for (const { player } of others) player.close();
  }

  #replace(): void {
    if (!this.#started) return;
    const { watches } = this.store.get();
    // What is seen is worth keeping only while it is there.
    const kept = watches.slice(0, 1).filter(({ player }) => player.link.state === 'connected');
    const watch = this.#open();
    this.store.set({ watches: [...kept, watch] });
    for (const old of watches) if (!kept.includes(old)) old.player.close();
    if (kept.length === 0) this.#hear(watch);
    watch.player.link.start();
  }

  #open(): Watch {
    const needs = this.#needs;
    const program = needs.mode === 'mcu' ? new ProgramScreen(this.sound) : null;
    const gallery = program ? null : new Gallery((session) => this.#slots.get(session) ?? []);
    const screen = program ?? gallery!;
    const changed = (state: LinkState, problem: Problem | null) => this.#follow(watch, state, problem);
    const player = new Player({ ...this.#common, changed }, needs.pairs, screen);
    const watch: Watch = { ...needs, id: this.#next++, player, program, gallery };
    screen.store.subscribe(() => {
      if (screen.store.get().ready) this.#promote(watch);
    });
    return watch;
  }

  #follow(watch: Watch, state: LinkState, problem: Problem | null): void {
    const { watches } = this.store.get();
    if (watch === watches[0]) this.#changed(state, problem);
    if (!watches.includes(watch)) return;
    if (state === 'connected' && watch.gallery) {
      this.#after(READY_AFTER_MS, () => watch.gallery?.isReady());
    }
    if (watch === watches[0] && state !== 'connected' && watches[1]?.player.link.state === 'connected') {
      this.#promote(watches[1]);
    }
  }

  /** It is seen and heard from now on, and what was before ends. */
  #promote(watch: Watch): void {
    const { watches } = this.store.get();
    const [old] = watches;
    if (old === watch || !watches.includes(watch)) return;
    this.#hear(watch);
    this.store.set({ watches: watches.slice(watches.indexOf(watch)) });
    old?.player.close();
    this.#changed(watch.player.link.state, null);
  }

  #hear({ program, gallery }: Watch): void {
    program?.hear();
    gallery?.hear();
  }

  #after(ms: number, then: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      then();
    }, ms);
    this.#timers.add(timer);
  }
}
