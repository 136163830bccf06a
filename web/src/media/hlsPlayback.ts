import type Hls from 'hls.js';
import { createStore, type Store } from '../state/store.ts';

export interface HlsState {
  state: 'loading' | 'playing' | 'waiting' | 'unsupported';
  /** Browsers play without sound until the person has pressed something. */
  muted: boolean;
}

const RETRY_MS = 3_000;
const TYPE = 'application/vnd.apple.mpegurl';

/** Plays a playlist, by hls.js or where the browser can by itself, and goes on trying. */
export class HlsPlayback {
  readonly store: Store<HlsState> = createStore<HlsState>({ state: 'loading', muted: false });
  readonly #video: HTMLVideoElement;
  readonly #playlist: string;
  #player: Hls | undefined;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  constructor(video: HTMLVideoElement, playlist: string) {
    this.#video = video;
    this.#playlist = playlist;
    video.addEventListener('playing', this.#playing);
    void this.#start();
  }

  turnOnSound(): void {
    this.#video.muted = false;
    this.store.set({ muted: false });
    void this.#video.play().catch(() => {});
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#retry);
    this.#video.removeEventListener('playing', this.#playing);
    this.#video.removeEventListener('error', this.#again);
    this.#player?.destroy();
    this.#video.removeAttribute('src');
  }

  readonly #playing = () => this.store.set({ state: 'playing' });

  async #start(): Promise<void> {
    const { default: Player } = await import('hls.js');
    if (this.#closed) return;
    if (Player.isSupported()) this.#playBy(Player);
    else if (this.#video.canPlayType(TYPE) !== '') this.#playByBrowser();
    else return this.store.set({ state: 'unsupported' });
    // With sound, where the browser allows it at once.
    await this.#video.play().catch(() => {
      this.#video.muted = true;
      this.store.set({ muted: true });
      return this.#video.play().catch(() => {});
    });
  }

  #playBy(Player: typeof Hls): void {
    this.#player?.destroy();
    // Fragmented mp4 needs no conversion that a worker could take over.
    const player = new Player({ enableWorker: false, lowLatencyMode: true });
    this.#player = player;
    player.on(Player.Events.ERROR, (_event, { fatal }) => {
      if (fatal) this.#again();
    });
    player.loadSource(this.#playlist);
    player.attachMedia(this.#video);
  }

  #playByBrowser(): void {
    this.#video.addEventListener('error', this.#again);
    this.#video.src = this.#playlist;
  }

  /** The stream may not have begun yet, or begins anew. */
  readonly #again = () => {
    if (this.#closed || this.#retry) return;
    this.store.set({ state: 'waiting' });
    this.#player?.destroy();
    this.#player = undefined;
    this.#retry = setTimeout(() => {
      this.#retry = undefined;
      void this.#start();
    }, RETRY_MS);
  };
}
