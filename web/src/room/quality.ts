import type { DeliveryView } from '../../../src/live/contract.ts';
import { loadPreferences, savePreferences } from '../state/preferences.ts';
import { createStore, type Store } from '../state/store.ts';

export interface QualityState {
  /** What the person chose: pictures of at most this height, 0 for sound only, null for what fits. */
  pin: number | null;
  /** Whether only sound is asked for while nobody looks. */
  spares: boolean;
  /** What the server can send; empty before it was asked, and in a room that forwards. */
  renditions: DeliveryView['renditions'];
}

export interface QualityParts {
  /** Tells the server; rejects when it could not. */
  tell(maxHeight: number | null): Promise<unknown>;
  ask(): Promise<DeliveryView>;
  /** Whether somebody may be looking at the picture. */
  isSeen(): boolean;
  /** Calls back when that may have changed; returns its own undo. */
  onSight(changed: () => void): () => void;
  /** How long nobody looks before only sound is asked for; default 5,000 ms. */
  patienceMs?: number;
}

const PATIENCE_MS = 5_000;

/**
 * How large a picture this person is sent: as they choose, and none while nobody looks.
 * - The server is told of changes only, and again after it was away.
 * - After `close()` nothing is told any more; closing twice is legal.
 */
export class Quality {
  readonly store: Store<QualityState>;
  readonly #parts: QualityParts;
  readonly #unlisten: () => void;
  #started = false;
  #closed = false;
  #unseen = false;
  /** What the server knows; it begins with everything. */
  #told: number | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(parts: QualityParts) {
    this.#parts = parts;
    const spares = loadPreferences().sparesInBackground;
    this.store = createStore<QualityState>({ pin: null, spares, renditions: [] });
    this.#unlisten = parts.onSight(() => this.#look());
  }

  /** Watching begins. */
  start(): void {
    this.#started = true;
    this.#look();
  }

  /** The server is (back) there and may have forgotten what it was told. */
  rejoined(wish: number | null): void {
    this.#told = wish;
    this.#tell();
  }

  choose(pin: number | null): void {
    this.store.set({ pin });
    this.#tell();
  }

  setSpares(spares: boolean): void {
    savePreferences({ sparesInBackground: spares });
    this.store.set({ spares });
    this.#tell();
  }

  /** Asks what there is to choose from, and what is sent now. Null when the server cannot be asked. */
  async look(): Promise<DeliveryView | null> {
    const delivery = await this.#parts.ask().catch(() => null);
    if (delivery) this.store.set({ renditions: delivery.renditions });
    return delivery;
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#unlisten();
  }

  #look(): void {
    clearTimeout(this.#timer);
    if (this.#parts.isSeen()) {
      this.#unseen = false;
      this.#tell();
      return;
    }
    this.#timer = setTimeout(() => {
      this.#unseen = true;
      this.#tell();
    }, this.#parts.patienceMs ?? PATIENCE_MS);
  }

  #tell(): void {
    if (!this.#started || this.#closed) return;
    const { pin, spares } = this.store.get();
    const wanted = this.#unseen && spares ? 0 : pin;
    if (wanted === this.#told) return;
    const before = this.#told;
    this.#told = wanted;
    this.#parts.tell(wanted).catch(() => {
      // Said again when the server is back, or with the next change.
      if (this.#told === wanted) this.#told = before;
    });
  }
}
