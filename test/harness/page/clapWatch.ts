import type { Claps } from '../clapping/offsets.ts';
import type { ClapPlace } from '../reports.ts';
import { FlashEye } from './flashEye.ts';
import { ToneEar } from './toneEar.ts';

/** Notes when each clapper in a picture and its sound is seen and heard. */
export class ClapWatch {
  readonly #eye: FlashEye;
  readonly #ear: ToneEar;

  static async open(
    video: HTMLVideoElement,
    sound: MediaStreamTrack,
    places: ClapPlace[],
  ): Promise<ClapWatch> {
    const tonesHz = places.map(({ toneHz }) => toneHz);
    return new ClapWatch(new FlashEye(video, places), await ToneEar.open(sound, tonesHz));
  }

  private constructor(eye: FlashEye, ear: ToneEar) {
    this.#eye = eye;
    this.#ear = ear;
  }

  /** Per clapper, in ms of the page's clock. */
  get claps(): Claps[] {
    return this.#eye.flashesMs.map((flashesMs, index) => ({ flashesMs, beepsMs: this.#ear.beepsMs[index]! }));
  }

  close(): void {
    this.#eye.close();
    this.#ear.close();
  }
}
