import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { SceneElement, SceneStyle } from '../../../mixer/protocol/control.ts';
import { toYuv } from '../../../mixer/video/overlay.ts';
import { BLUE, GREEN, RED } from '../harness/camera.ts';
import { expectColour, pixelAt } from '../harness/canvas.ts';
import { Random } from '../harness/random.ts';
import { Stage, sideBySide, tile } from '../harness/stage.ts';

const GROUND = toYuv(0x20, 0x60, 0xa0);
const SPEAKING = toYuv(0xff, 0xff, 0x00);
const BORDER = toYuv(0xff, 0xff, 0xff);
const style: SceneStyle = {
  background: '#2060a0',
  backgroundImage: null,
  radius: 0,
  border: 0,
  borderColor: '#ffffff',
  speakingColor: '#ffff00',
};

let stage: Stage;
beforeEach(() => {
  stage = new Stage();
});
afterEach(() => stage.close());

function show(colours: Record<string, typeof RED>): void {
  for (const [participant, colour] of Object.entries(colours)) {
    stage.join(participant);
    stage.film(participant, colour);
  }
}

describe('depth', () => {
  const pip = (z: number) => [
    tile('ada', { z: 1 }),
    tile('bob', { x: 0.5, y: 0.5, w: 0.4, h: 0.4, z, nameShown: false }),
  ];

  test('the higher one lies over the other, whichever of them has a new picture', () => {
    show({ ada: RED, bob: GREEN });
    stage.scene(pip(2));
    stage.tick();
    for (const [participant, colour] of [
      ['ada', BLUE],
      ['bob', GREEN],
      ['ada', RED],
    ] as const) {
      stage.film(participant, colour);
      expect(stage.tick()).toBe(true);
      expectColour(stage.at(0.7, 0.7), GREEN);
      expectColour(stage.at(0.3, 0.3), participant === 'ada' ? colour : BLUE);
    }
    stage.scene(pip(0));
    stage.tick();
    expectColour(stage.at(0.7, 0.7), RED);
  });

  test('through its rounded corners the picture below is seen as it is now', () => {
    show({ ada: RED, bob: GREEN });
    stage.scene(pip(2), undefined, { style: { ...style, radius: 0.05 } });
    stage.tick();
    stage.film('ada', BLUE);
    stage.tick();
    expectColour(pixelAt(stage.canvas, 320, 180), BLUE, 8);
    expectColour(stage.at(0.52, 0.7), GREEN);
    stage.film('bob', RED);
    stage.tick();
    expectColour(pixelAt(stage.canvas, 320, 180), BLUE, 8);
    expectColour(stage.at(0.52, 0.7), RED);
  });
});

describe('style', () => {
  test('the background stands behind and between the tiles', () => {
    show({ ada: RED });
    stage.scene([tile('ada', { x: 0.25, y: 0.25, w: 0.5, h: 0.5 })], undefined, { style });
    stage.tick();
    expect(stage.at(0.1, 0.1)).toEqual(GROUND);
    expectColour(stage.at(0.5, 0.4), RED);
  });

  test('corners are round, smooth at their edge, and stay so with every picture', () => {
    show({ ada: RED });
    stage.scene([tile('ada', { x: 0.25, y: 0.25, w: 0.5, h: 0.5 })], undefined, {
      style: { ...style, radius: 0.1 },
    });
    stage.tick();
    const corners = [
      [160, 90],
      [479, 90],
      [160, 269],
      [479, 269],
    ] as const;
    const check = () => {
      for (const [x, y] of corners) expectColour(pixelAt(stage.canvas, x, y), GROUND, 2);
      expectColour(pixelAt(stage.canvas, 320, 90), RED);
      expectColour(pixelAt(stage.canvas, 160, 180), RED);
    };
    check();
    const once = Buffer.from(stage.canvas.y);
    for (let i = 0; i < 20; i++) {
      stage.film('ada', RED);
      stage.tick();
    }
    check();
    const row = [...stage.canvas.y.subarray(95 * 640 + 160, 95 * 640 + 200)];
    const between = row.filter((luma) => luma !== GROUND.y && Math.abs(luma - RED.y) > 2);
    expect(between.length).toBeGreaterThan(0);
    const differing = once.filter((luma, at) => Math.abs(luma - stage.canvas.y[at]!) > 3);
    expect(differing.length).toBe(0);
  });

  test('who speaks has a frame, while they do; others have the border', () => {
    show({ ada: RED, bob: GREEN });
    stage.scene(sideBySide(tile('ada'), tile('bob')), undefined, { style: { ...style, border: 4 / 360 } });
    stage.tick();
    expectColour(pixelAt(stage.canvas, 1, 180), BORDER, 3);
    stage.speakers.add('ada');
    expect(stage.tick()).toBe(true);
    expectColour(pixelAt(stage.canvas, 1, 180), SPEAKING, 3);
    expectColour(pixelAt(stage.canvas, 318, 180), SPEAKING, 3);
    expectColour(pixelAt(stage.canvas, 322, 180), BORDER, 3);
    expectColour(pixelAt(stage.canvas, 5, 180), RED);
    expect(stage.tick()).toBe(false);
    stage.speakers.clear();
    expect(stage.tick()).toBe(true);
    expectColour(pixelAt(stage.canvas, 1, 180), BORDER, 3);
  });

  test('a colour that is none, lengths that are none or huge, do no harm', () => {
    show({ ada: RED });
    for (const radius of [Number.NaN, -1, 1e9, 0.5])
      for (const border of [Number.NaN, -1, 1e9]) {
        const odd = { ...style, background: 'red', borderColor: '', speakingColor: '#12', radius, border };
        stage.scene([tile('ada', { w: 0.3, h: 0.3 })], undefined, { style: odd });
        stage.tick();
        expectColour(stage.at(0.15, 0.13), RED);
      }
  });
});

describe('signs', () => {
  const lumaIn = (x: number, y: number, width: number, height: number) => {
    const found: number[] = [];
    for (let row = y; row < y + height; row++)
      found.push(...stage.canvas.y.subarray(row * 640 + x, row * 640 + x + width));
    return found;
  };

  test('a name that is not to be shown is not, a switched-off microphone is seen with or without it', () => {
    show({ ada: RED });
    const bar = () => {
      stage.tick();
      return lumaIn(10, 320, 40, 30);
    };
    stage.scene([tile('ada', { nameShown: false })]);
    expect(Math.max(...bar()) - Math.min(...bar())).toBeLessThan(8);
    stage.scene([tile('ada', { nameShown: false, micOff: true })]);
    expect(Math.max(...bar()) - Math.min(...bar())).toBeGreaterThan(30);
    stage.scene([tile('ada')]);
    const plain = bar();
    stage.scene([tile('ada', { micOff: true })]);
    expect(bar()).not.toEqual(plain);
  });

  test('a title stands below the name', () => {
    show({ ada: RED });
    stage.scene([tile('ada')]);
    stage.tick();
    expectColour(pixelAt(stage.canvas, 30, 305), RED);
    stage.scene([tile('ada', { title: 'Analyst' })]);
    stage.tick();
    expect(pixelAt(stage.canvas, 14, 305).y).toBeLessThan(RED.y * 0.75);
  });

  test('a poor connection has its sign in the upper right corner', () => {
    show({ ada: RED });
    stage.scene([tile('ada', { state: 'poor' })]);
    stage.tick();
    const sign = lumaIn(600, 10, 30, 30);
    expect(Math.max(...sign) - Math.min(...sign)).toBeGreaterThan(60);
  });

  test('who has no tile is counted', () => {
    stage.scene([tile('ada', { w: 0.5 })], undefined, {
      overflow: { x: 0.6, y: 0.4, w: 0.2, h: 0.2, count: 7 },
    });
    stage.tick();
    expectColour(stage.at(0.63, 0.5), toYuv(0x1f, 0x24, 0x2e), 2);
    expect(Math.max(...lumaIn(400, 150, 100, 60))).toBeGreaterThan(200);
  });
});

test('one source in two tiles gets its new pictures in both', () => {
  show({ ada: RED });
  stage.scene(sideBySide(tile('ada'), tile('ada')));
  stage.tick();
  for (const colour of [GREEN, BLUE]) {
    stage.film('ada', colour);
    stage.tick();
    expectColour(stage.at(0.25, 0.3), colour);
    expectColour(stage.at(0.75, 0.3), colour);
  }
  expect(stage.compositor.takePlaced()).toHaveLength(2);
});

describe('drawing only what is new', () => {
  const elements: SceneElement[] = [
    { id: 'third', type: 'lower-third', title: 'Ada Lovelace', subtitle: 'Analyst' },
    { id: 'card', type: 'card', title: 'Which?', lines: [{ text: 'This', share: 0.4 }] },
    { id: 'run', type: 'ticker', text: 'News from everywhere' },
  ];

  /** A canvas on which the same state is drawn in one go. */
  function fresh(setUp: (other: Stage) => void): Stage {
    const other = new Stage();
    setUp(other);
    return other;
  }

  test('gives the same canvas as drawing everything, after any sequence of pictures', () => {
    const random = new Random(3);
    const colours = [RED, GREEN, BLUE];
    const looks = { ...style, radius: 0.06, border: 0.01 };
    for (let round = 0; round < 6; round++) {
      const tiles = Array.from({ length: 2 + random.below(3) }, (_, i) =>
        tile(`p${i}`, {
          x: random.below(60) / 100,
          y: random.below(60) / 100,
          w: 0.2 + random.below(20) / 100,
          h: 0.2 + random.below(20) / 100,
          z: random.below(3),
          fit: random.pick(['cover', 'contain'] as const),
          state: random.pick(['live', 'live', 'poor', 'off'] as const),
        }),
      );
      const one = new Stage();
      for (const { participant } of tiles) one.join(participant);
      const scene = (other: Stage) => other.scene(tiles, undefined, { style: looks, elements });
      scene(one);
      for (let step = 0; step < 12; step++) {
        const { participant } = random.pick(tiles);
        if (random.below(4) === 0) one.speakers.add(participant);
        else one.film(participant, random.pick(colours));
        one.tick();
      }
      const other = fresh((each) => {
        each.nowUs = one.nowUs;
        scene(each);
        for (const speaker of one.speakers) each.speakers.add(speaker);
        each.compositor.tick({ nowUs: each.nowUs, wallMs: 0 }, one.pictures, ({ participant }) =>
          one.speakers.has(participant),
        );
      });
      const strip = 640 * (360 - 24);
      const wrong = one.canvas.y
        .subarray(0, strip)
        .filter((luma, at) => Math.abs(luma - other.canvas.y[at]!) > 2);
      expect(wrong.length).toBe(0);
      one.close();
      other.close();
    }
  });
});
