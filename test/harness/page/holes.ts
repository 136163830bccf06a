const COLUMNS = 32;
const ROWS = 18;

/** Searches pictures for places where nothing was drawn: black, or green as empty memory is in YUV. */
export class Holes {
  readonly #context: CanvasRenderingContext2D;
  blackShare = 0;
  greenShare = 0;

  constructor() {
    const canvas = document.createElement('canvas');
    canvas.width = COLUMNS;
    canvas.height = ROWS;
    this.#context = canvas.getContext('2d', { willReadFrequently: true, alpha: false })!;
  }

  look(video: HTMLVideoElement): void {
    this.#context.drawImage(video, 0, 0, COLUMNS, ROWS);
    const pixels = this.#context.getImageData(0, 0, COLUMNS, ROWS).data;
    let black = 0;
    let green = 0;
    for (let at = 0; at < pixels.length; at += 4) {
      const [red, lime, blue] = [pixels[at]!, pixels[at + 1]!, pixels[at + 2]!];
      if (red < 12 && lime < 12 && blue < 12) black++;
      if (red < 40 && blue < 40 && lime > 90) green++;
    }
    this.blackShare = Math.max(this.blackShare, black / (COLUMNS * ROWS));
    this.greenShare = Math.max(this.greenShare, green / (COLUMNS * ROWS));
  }
}
