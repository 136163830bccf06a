import { drawCounter } from './counter.ts';
import { paintHead } from './head.ts';
import { CameraNoise } from './noise.ts';
import { seededRandom } from './random.ts';

/** How one speaker differs from the others: colours as Y, U, V; places and periods as fractions. */
interface Look {
  wall: [number, number, number];
  shirt: [number, number, number];
  skin: [number, number, number];
  hair: [number, number, number];
  centre: number;
  /** Whole turns of the head's sway per clip, so that a looped clip has no jump. */
  sways: number;
}

const looks: Look[] = [
  {
    wall: [112, 136, 118],
    shirt: [78, 156, 110],
    skin: [168, 110, 152],
    hair: [48, 124, 134],
    centre: 0.46,
    sways: 4,
  },
  {
    wall: [96, 118, 126],
    shirt: [120, 112, 172],
    skin: [124, 112, 154],
    hair: [34, 127, 129],
    centre: 0.54,
    sways: 5,
  },
  {
    wall: [134, 124, 140],
    shirt: [64, 132, 96],
    skin: [184, 112, 146],
    hair: [120, 104, 148],
    centre: 0.5,
    sways: 3,
  },
  {
    wall: [84, 142, 116],
    shirt: [156, 104, 128],
    skin: [146, 108, 156],
    hair: [58, 118, 140],
    centre: 0.42,
    sways: 6,
  },
];

/** Pictures of one talking head before a textured wall, as a camera would see them: moving and noisy. */
export class SpeakerPicture {
  readonly #look: Look;
  readonly #wall: Uint8Array;
  readonly #noise: CameraNoise;
  readonly #width: number;
  readonly #height: number;

  constructor(speaker: number, width: number, height: number) {
    this.#look = looks[speaker % looks.length]!;
    this.#width = width;
    this.#height = height;
    this.#noise = new CameraNoise(speaker);
    this.#wall = paintWall(this.#look, width, height, speaker);
  }

  /** The frame as planar YUV 4:2:0, limited range; `frames` is the length of the loop. */
  draw(frame: number, frames: number): Uint8Array {
    const picture = this.#wall.slice();
    const turn = (frame / frames) * 2 * Math.PI;
    const { sways, centre, shirt, skin, hair } = this.#look;
    paintHead(picture, this.#width, this.#height, {
      x: this.#width * (centre + 0.05 * Math.sin(turn * sways) + 0.02 * Math.sin(turn * 7)),
      y: this.#height * (0.45 + 0.02 * Math.sin(turn * sways * 2)),
      tilt: 0.22 * Math.sin(turn * sways + 1),
      mouth: Math.abs(Math.sin(turn * 23)) * Math.abs(Math.sin(turn * 5)),
      shirt,
      skin,
      hair,
    });
    this.#noise.add(picture, this.#width * this.#height);
    drawCounter(picture, this.#width, frame);
    return picture;
  }
}

/** A wall with a soft texture, shelves and an uneven light. */
function paintWall(look: Look, width: number, height: number, speaker: number): Uint8Array {
  const picture = new Uint8Array((width * height * 3) / 2);
  const random = seededRandom(9 + speaker);
  const grain = Float32Array.from({ length: 64 * 64 }, () => random() - 0.5);
  const [wallY, wallU, wallV] = look.wall;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const light = 24 * (0.5 - y / height) + 14 * Math.sin((x / width) * 3 + speaker);
      const shelf =
        y % 180 < 10 ? -30 : y % 180 > 70 ? 16 * smooth(grain, x / 34, Math.floor(y / 180) * 9) : 0;
      picture[y * width + x] =
        wallY + light + shelf + 26 * smooth(grain, x / 22, y / 22) + 10 * smooth(grain, x / 6, y / 6);
    }
  }
  const luma = width * height;
  picture.fill(wallU, luma, luma + luma / 4);
  picture.fill(wallV, luma + luma / 4);
  return picture;
}

/** Value noise: a 64×64 lattice, interpolated, repeating. */
function smooth(lattice: Float32Array, x: number, y: number): number {
  const left = Math.floor(x);
  const top = Math.floor(y);
  const fx = x - left;
  const fy = y - top;
  const at = (column: number, row: number) => lattice[(row & 63) * 64 + (column & 63)]!;
  const upper = at(left, top) * (1 - fx) + at(left + 1, top) * fx;
  const lower = at(left, top + 1) * (1 - fx) + at(left + 1, top + 1) * fx;
  return upper * (1 - fy) + lower * fy;
}
