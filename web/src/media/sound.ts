import { loadPreferences, savePreferences } from '../state/preferences.ts';
import { createStore, type Store } from '../state/store.ts';

export interface SoundState {
  muted: boolean;
  /** 0..1 */
  volume: number;
  /** The browser wants a click before it plays sound. */
  blocked: boolean;
}

/** What is heard, of however many elements: one volume, one switch, one question when the browser refuses. */
export class Sound {
  readonly store: Store<SoundState>;
  /** With the gain of each, which comes on top of the common volume. */
  readonly #elements = new Map<HTMLMediaElement, number>();

  constructor() {
    this.store = createStore<SoundState>({ muted: false, volume: loadPreferences().volume, blocked: false });
  }

  /**
   * Follows the volume with this element from now on, or its gain if it does already.
   * @param gain 0..1: an element cannot be louder than what it plays
   */
  add(element: HTMLMediaElement, gain = 1): void {
    this.#elements.set(element, Math.min(1, gain));
    this.#apply(element);
  }

  remove(element: HTMLMediaElement): void {
    this.#elements.delete(element);
  }

  setMuted(muted: boolean): void {
    this.store.set({ muted, ...(!muted && { blocked: false }) });
    if (!muted && this.store.get().volume === 0) this.setVolume(0.5);
    for (const element of this.#elements.keys()) {
      this.#apply(element);
      if (!muted && element.paused) void this.play(element);
    }
  }

  setVolume(volume: number): void {
    this.store.set({ volume });
    savePreferences({ volume });
    for (const element of this.#elements.keys()) this.#apply(element);
    if (this.store.get().muted && volume > 0) this.setMuted(false);
  }

  /** Plays an element, without sound where the browser allows no other. */
  async play(element: HTMLMediaElement): Promise<void> {
    this.#apply(element);
    try {
      await element.play();
    } catch (error) {
      if ((error as DOMException).name !== 'NotAllowedError') return;
      this.store.set({ muted: true, blocked: true });
      for (const each of this.#elements.keys()) this.#apply(each);
      await element.play().catch(() => {});
    }
  }

  #apply(element: HTMLMediaElement): void {
    const gain = this.#elements.get(element);
    if (gain === undefined) return;
    const { muted, volume } = this.store.get();
    element.volume = volume * gain;
    element.muted = muted;
  }
}
