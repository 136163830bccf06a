import { Screen } from './screen.ts';
import { Spectrum } from './sound.ts';

interface HlsPlayer {
  loadSource(url: string): void;
  attachMedia(video: HTMLVideoElement): void;
  on(event: string, each: (event: string, details: { details: string; fatal: boolean }) => void): void;
  destroy(): void;
}

/** Somebody who watches over HLS, with hls.js as it comes. */
export class HlsViewer {
  readonly #video = document.createElement('video');
  readonly screen = new Screen(this.#video);
  readonly #spectrum: Spectrum;
  readonly #player: HlsPlayer;
  /** What hls.js complained about. */
  readonly complaints: string[] = [];

  static async open(url: string, options: object): Promise<HlsViewer> {
    const path = '/hls.mjs';
    const { default: Hls } = await import(path);
    return new HlsViewer(new Hls(options), url);
  }

  private constructor(player: HlsPlayer, url: string) {
    this.#player = player;
    this.#video.autoplay = true;
    document.body.append(this.#video);
    player.on('hlsError', (_event, { details, fatal }) =>
      this.complaints.push(fatal ? `fatal ${details}` : details),
    );
    player.loadSource(url);
    player.attachMedia(this.#video);
    this.#spectrum = new Spectrum(this.#video);
  }

  /** Where the player is, in seconds. */
  get positionS(): number {
    return this.#video.currentTime;
  }

  tonesDb(frequenciesHz: number[]): number[] {
    return this.#spectrum.levelsDb(frequenciesHz);
  }

  async leave(): Promise<number> {
    this.close();
    return 200;
  }

  close(): void {
    this.#spectrum.close();
    this.#player.destroy();
    this.#video.remove();
  }
}
