import type { Need } from '../../../src/rooms/need.ts';
import type { LinkState } from '../media/mediaLink.ts';
import type { Problem } from '../media/problem.ts';
import { Publisher, screenManner } from '../media/publisher.ts';
import { captureScreen, type ScreenTracks } from '../media/screenCapture.ts';
import { createStore, type Store } from '../state/store.ts';
import type { Notices } from './notices.ts';

export interface ScreenShareState {
  /** `asking`: the browser's question stands open. */
  stage: 'off' | 'asking' | 'on';
  link: LinkState;
}

export interface ScreenShareOptions {
  endpoint: string;
  token: string;
  iceServers(): RTCIceServer[];
  notices: Notices;
}

const TOPIC = 'screen';

/** This person's shared screen: a source beside their camera, with a connection of its own. */
export class ScreenShare {
  readonly store: Store<ScreenShareState> = createStore<ScreenShareState>({ stage: 'off', link: 'idle' });
  readonly #options: ScreenShareOptions;
  #tracks: ScreenTracks | null = null;
  #publisher: Publisher | null = null;
  #need: Need | null = null;
  #closed = false;

  constructor(options: ScreenShareOptions) {
    this.#options = options;
  }

  /** Called on a click: the browser asks what is to be shared. */
  async toggle(): Promise<void> {
    const { stage } = this.store.get();
    if (stage === 'asking') return;
    if (stage === 'on') this.stop();
    else await this.#begin();
  }

  need(need: Need): void {
    this.#need = need;
    this.#publisher?.need(need);
  }

  /** The server is (back) there. */
  retryNow(): void {
    this.#publisher?.link.retryNow();
  }

  stop(): void {
    this.#need = null;
    this.#publisher?.close();
    this.#publisher = null;
    for (const track of [this.#tracks?.audio, this.#tracks?.video]) {
      if (!track) continue;
      track.onended = null;
      track.stop();
    }
    this.#tracks = null;
    this.store.set({ stage: 'off', link: 'idle' });
  }

  close(): void {
    this.#closed = true;
    this.stop();
  }

  async #begin(): Promise<void> {
    this.store.set({ stage: 'asking' });
    const got = await captureScreen();
    if (got && !('video' in got)) {
      this.#options.notices.show({ topic: TOPIC, tone: 'warning', ...got });
    }
    if (!got || !('video' in got)) {
      this.store.set({ stage: 'off' });
      return;
    }
    this.#tracks = got;
    if (this.#closed) return this.stop();
    // The browser's own bar has a button that ends it, and a window can be closed.
    got.video.onended = () => this.stop();
    this.#publish(got);
  }

  #publish(tracks: ScreenTracks): void {
    this.#options.notices.clear(TOPIC);
    this.#publisher = new Publisher(tracks, screenManner, {
      ...this.#options,
      changed: (link, problem) => this.#follow(link, problem),
    });
    if (this.#need) this.#publisher.need(this.#need);
    this.store.set({ stage: 'on' });
    this.#publisher.link.start();
  }

  #follow(link: LinkState, problem: Problem | null): void {
    this.store.set({ link });
    if (link !== 'refused' || !problem) return;
    const { title, detail } = problem;
    this.stop();
    this.#options.notices.show({ topic: TOPIC, tone: 'error', title, detail });
  }
}
