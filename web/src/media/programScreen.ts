import { createStore, type Store } from '../state/store.ts';
import type { Screen } from './player.ts';
import type { Sound } from './sound.ts';

interface ProgramScreenState {
  /** At least one picture of the program has been shown. */
  ready: boolean;
}

/** The program on the screen: one video element, and a canvas behind it that bridges reconnections. */
export class ProgramScreen implements Screen {
  readonly store: Store<ProgramScreenState> = createStore<ProgramScreenState>({ ready: false });
  readonly #sound: Sound;
  /** Before its turn it is not heard: something else is still there. */
  #heard = false;
  #video: HTMLVideoElement | null = null;
  #canvas: HTMLCanvasElement | null = null;
  #stream: MediaStream | null = null;

  constructor(sound: Sound) {
    this.#sound = sound;
  }

  get video(): HTMLVideoElement | null {
    return this.#video;
  }

  attach(video: HTMLVideoElement, canvas: HTMLCanvasElement): void {
    this.#video = video;
    this.#canvas = canvas;
    video.muted = true;
    if (this.#heard) this.#sound.add(video);
    video.onplaying = () => this.store.set({ ready: true });
    if (this.#stream) this.#show(this.#stream);
  }

  show(connection: RTCPeerConnection): void {
    this.#stream = new MediaStream(connection.getReceivers().map(({ track }) => track));
    this.#show(this.#stream);
  }

  /** From now on it is this that is heard. */
  hear(): void {
    this.#heard = true;
    if (!this.#video) return;
    this.#sound.add(this.#video);
    if (this.#stream) void this.#sound.play(this.#video);
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

  detach(): void {
    if (this.#video) {
      this.#video.srcObject = null;
      this.#sound.remove(this.#video);
    }
    this.#video = null;
    this.#canvas = null;
  }

  #show(stream: MediaStream): void {
    if (!this.#video) return;
    this.#video.srcObject = stream;
    void this.#sound.play(this.#video);
  }
}
