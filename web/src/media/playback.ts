import { loadPreferences, savePreferences } from '../state/preferences.ts';
import { createStore, type Store } from '../state/store.ts';
import type { Screen } from './player.ts';

export interface PlaybackState {
  muted: boolean;
  /** 0..1 */
  volume: number;
  /** The browser wants a click before it plays sound. */
  blocked: boolean;
  /** At least one picture of the program has been shown. */
  hasPicture: boolean;
  pictureInPicture: boolean;
}

/** The program on the screen: one video element, and a canvas behind it that bridges reconnections. */
export class Playback implements Screen {
  readonly store: Store<PlaybackState>;
  #video: HTMLVideoElement | null = null;
  #canvas: HTMLCanvasElement | null = null;
  #stream: MediaStream | null = null;

  constructor() {
    this.store = createStore<PlaybackState>({
      muted: false,
      volume: loadPreferences().volume,
      blocked: false,
      hasPicture: false,
      pictureInPicture: false,
    });
  }

  attach(video: HTMLVideoElement, canvas: HTMLCanvasElement): void {
    this.#video = video;
    this.#canvas = canvas;
    video.volume = this.store.get().volume;
    video.onplaying = () => this.store.set({ hasPicture: true });
    video.onenterpictureinpicture = () => this.store.set({ pictureInPicture: true });
    video.onleavepictureinpicture = () => this.store.set({ pictureInPicture: false });
    if (this.#stream) this.show(this.#stream);
  }

  show(stream: MediaStream): void {
    this.#stream = stream;
    if (!this.#video) return;
    this.#video.srcObject = stream;
    void this.#play(this.#video);
  }

  hold(): void {
    this.#stream = null;
    const [video, canvas] = [this.#video, this.#canvas];
    if (!video || !canvas || video.videoWidth === 0) return;
    canvas.width = video.videoWidth;
    canvas.height = video.videoHeight;
    canvas.getContext('2d')?.drawImage(video, 0, 0);
    // Without a source the video is transparent, and the canvas behind it shows.
    video.srcObject = null;
  }

  setMuted(muted: boolean): void {
    if (this.#video) this.#video.muted = muted;
    this.store.set({ muted, ...(!muted && { blocked: false }) });
    if (!muted && this.store.get().volume === 0) this.setVolume(0.5);
    if (!muted && this.#video?.paused) void this.#play(this.#video);
  }

  setVolume(volume: number): void {
    if (this.#video) this.#video.volume = volume;
    this.store.set({ volume });
    savePreferences({ volume });
    if (this.store.get().muted && volume > 0) this.setMuted(false);
  }

  get canPictureInPicture(): boolean {
    return document.pictureInPictureEnabled === true;
  }

  async togglePictureInPicture(): Promise<void> {
    try {
      if (document.pictureInPictureElement) await document.exitPictureInPicture();
      else await this.#video?.requestPictureInPicture();
    } catch {
      // Refused without a picture; the button stays where it is.
    }
  }

  /** @param frame what fills the screen, controls included; phones that cannot do that fill it with the video */
  async toggleFullScreen(frame: HTMLElement): Promise<void> {
    try {
      if (document.fullscreenElement) await document.exitFullscreen();
      else if (frame.requestFullscreen) await frame.requestFullscreen();
      else (this.#video as { webkitEnterFullscreen?(): void } | null)?.webkitEnterFullscreen?.();
    } catch {
      // Not allowed without a click: nothing is lost.
    }
  }

  detach(): void {
    if (this.#video) this.#video.srcObject = null;
    this.#video = null;
    this.#canvas = null;
  }

  async #play(video: HTMLVideoElement): Promise<void> {
    video.muted = this.store.get().muted;
    try {
      await video.play();
    } catch (error) {
      if ((error as DOMException).name !== 'NotAllowedError') return;
      video.muted = true;
      this.store.set({ muted: true, blocked: true });
      await video.play().catch(() => {});
    }
  }
}
