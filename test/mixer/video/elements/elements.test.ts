import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createCanvas, loadImage } from '@napi-rs/canvas';
import type { SceneElement } from '../../../../mixer/protocol/control.ts';
import { clockText } from '../../../../mixer/video/elements/countdown.ts';
import { Elements } from '../../../../mixer/video/elements/elements.ts';
import { toYuv } from '../../../../mixer/video/overlay.ts';
import { BLUE, RED } from '../../harness/camera.ts';
import { expectColour } from '../../harness/canvas.ts';
import { Stage, tile } from '../../harness/stage.ts';

const TICK_MS = 1000 / 30;
const images = new Map<string, Awaited<ReturnType<typeof loadImage>>>();
const square = async (colour: string) => {
  const context = createCanvas(64, 64).getContext('2d');
  context.fillStyle = colour;
  context.fillRect(0, 0, 64, 64);
  return loadImage(context.canvas.toBuffer('image/png'));
};

let stage: Stage;
beforeEach(() => {
  images.clear();
  stage = new Stage({ width: 640, height: 360 }, { get: (asset) => (asset && images.get(asset)) || null });
  stage.join('ada');
  stage.film('ada', RED);
  show();
});
afterEach(() => stage.close());

const plain = [tile('ada', { nameShown: false })];
function show(elements: SceneElement[] = [], transitionMs = 0): void {
  stage.scene(plain, undefined, { elements, transitionMs });
  stage.tick();
}

/** Rows in which something differs from the plain red picture, of a part of the width. */
function rowsTouched(from = 0, to = 1): number[] {
  const rows: number[] = [];
  for (let y = 0; y < 360; y++) {
    const row = stage.canvas.y.subarray(y * 640 + from * 640, y * 640 + to * 640);
    if (row.some((luma) => Math.abs(luma - RED.y) > 6)) rows.push(y);
  }
  return rows;
}

const third: SceneElement = { id: 't', type: 'lower-third', title: 'Grace Hopper', subtitle: 'Admiral' };

test('a lower third stands in the lower left, over each new picture, and leaves nothing', () => {
  show([third]);
  const rows = rowsTouched();
  expect(rows[0]!).toBeGreaterThan(360 * 0.7);
  expect(rows.at(-1)!).toBeLessThan(360 * 0.92);
  expect(rowsTouched(0.7, 1)).toEqual([]);
  const before = Buffer.from(stage.canvas.y);
  for (let i = 0; i < 5; i++) {
    stage.film('ada', RED);
    stage.tick();
  }
  expect(stage.canvas.y.filter((luma, at) => Math.abs(luma - before[at]!) > 3).length).toBe(0);
  show();
  expect(rowsTouched()).toEqual([]);
});

test('elements fade in and out over the time of the transition', () => {
  const dark = () => Math.min(...stage.canvas.y.subarray(300 * 640 + 60, 300 * 640 + 80));
  const seen: number[] = [];
  for (const elements of [[third], []]) {
    show(elements, 250);
    for (let i = 0; i < 9; i++) {
      seen.push(dark());
      stage.tick(TICK_MS);
    }
  }
  const [coming, going] = [seen.slice(0, 9), seen.slice(9)];
  expect(coming.slice(1).every((luma, i) => luma <= coming[i]!)).toBe(true);
  expect(going.slice(1).every((luma, i) => luma >= going[i]!)).toBe(true);
  expect(new Set(coming).size).toBeGreaterThan(4);
  expect(rowsTouched()).toEqual([]);
});

describe('elements that change faster than they fade', () => {
  const canvas = { width: 640, height: 360 };
  const third = (id: string, title: string): SceneElement => ({
    id,
    type: 'lower-third',
    title,
    subtitle: '',
  });
  /** Parts drawn for each picture while `at` shows something else each time. */
  const drawn = (at: (n: number) => SceneElement[]) => {
    const elements = new Elements(canvas, { get: () => null });
    const counts: number[] = [];
    for (let n = 0; n < 100; n++) {
      elements.set(at(n), n * 33_000, 2_000_000);
      elements.advance({ nowUs: n * 33_000, wallMs: 0 });
      counts.push(elements.advance({ nowUs: n * 33_000 + 16_000, wallMs: 0 }).length);
    }
    return { most: Math.max(...counts), elements };
  };

  test('are drawn twice at most: what stood there, and what comes', () => {
    expect(drawn((n) => [third('a', `Title ${n}`)]).most).toBeLessThanOrEqual(2);
    expect(drawn((n) => (n % 2 ? [] : [third('a', `Title ${n}`)])).most).toBeLessThanOrEqual(2);
  });

  test('under ever new names are a few', () => {
    expect(drawn((n) => [third(`a${n}`, 'Title')]).most).toBeLessThanOrEqual(17);
  });

  test('are seen in the end, and alone', () => {
    const { elements } = drawn((n) => [third('a', `Title ${n}`)]);
    expect(elements.advance({ nowUs: 10e6, wallMs: 0 }).length).toBeGreaterThan(0);
    expect(elements.advance({ nowUs: 11e6, wallMs: 0 })).toEqual([]);
    elements.set([], 12e6, 0);
    expect(elements.advance({ nowUs: 12e6, wallMs: 0 })).toHaveLength(1);
  });

  test('leave nothing on the canvas, and the last one stands there as if it had come alone', () => {
    const [short, long] = ['Ada', 'A very long title that reaches far to the right'];
    for (let n = 0; n < 20; n++) {
      show([{ id: 'a', type: 'lower-third', title: n % 2 ? short! : `${long} ${n}`, subtitle: '' }], 500);
      stage.tick(TICK_MS);
    }
    for (let n = 0; n < 20; n++) stage.tick(TICK_MS);
    const hurried = Buffer.from(stage.canvas.y);
    show();
    expect(rowsTouched()).toEqual([]);
    show([{ id: 'a', type: 'lower-third', title: short!, subtitle: '' }]);
    expect(Buffer.from(stage.canvas.y).equals(hurried)).toBe(true);
  });
});

test('an element that stays does not flicker when another comes', () => {
  show([third]);
  const before = stage.at(0.08, 0.8);
  show([{ ...third }, { id: 'c', type: 'card', title: 'Which?', lines: [] }], 250);
  for (let i = 0; i < 9; i++) {
    expect(stage.at(0.08, 0.8)).toEqual(before);
    stage.tick(TICK_MS);
  }
});

describe('a ticker', () => {
  const ticker: SceneElement = { id: 'r', type: 'ticker', text: 'News from everywhere, and then some more' };
  const strip = () => Buffer.from(stage.canvas.y.subarray(640 * 344, 640 * 350));

  test('runs evenly through its strip, which is all that is drawn', () => {
    show([ticker]);
    const above = Buffer.from(stage.canvas.y.subarray(0, 640 * 330));
    const before = strip();
    stage.tick(100);
    const after = strip();
    // A sixth of the height each second.
    for (let row = 0; row < 6; row++)
      expect(after.subarray(row * 640, row * 640 + 600)).toEqual(
        before.subarray(row * 640 + 6, row * 640 + 606),
      );
    expect(stage.canvas.y.subarray(0, 640 * 330).equals(above)).toBe(true);
    expect(stage.tick(1000)).toBe(true);
  });

  test('comes round again, and takes text of any length', () => {
    for (const text of ['a', '', 'W'.repeat(10_000)]) {
      show([{ ...ticker, text }]);
      const before = strip();
      let again = false;
      for (let ms = 0; ms < 400_000 && !again; ms += 100) {
        stage.tick(100);
        again = strip().equals(before);
      }
      expect(again).toBe(true);
    }
  });
});

describe('a countdown', () => {
  test.each([
    [0, '0:00'],
    [59, '0:59'],
    [61, '1:01'],
    [3599, '59:59'],
    [3600, '1:00:00'],
    [360_000, '100:00:00'],
  ])('of %i seconds says %s', (seconds, text) => {
    expect(clockText(seconds)).toBe(text);
  });

  test('is drawn anew each second, and stays at zero', () => {
    const nowMs = () => stage.wallMs + stage.nowUs / 1000;
    show([{ id: 'c', type: 'countdown', title: 'Starting in', untilMs: nowMs() + 2500 }]);
    let changes = 0;
    for (let i = 0; i < 50; i++) if (stage.tick(100)) changes++;
    expect(changes).toBe(3);
    expect(rowsTouched(0.4, 0.6).length).toBeGreaterThan(60);
  });

  test('to a time that is none is harmless', () => {
    show([{ id: 'c', type: 'countdown', title: '', untilMs: Number.NaN }]);
    expect(rowsTouched(0.4, 0.6).length).toBeGreaterThan(30);
  });
});

describe('a slate', () => {
  const slate: SceneElement = { id: 's', type: 'slate', title: 'Back soon', text: '', image: null };

  test('covers everything, and what happens below is not drawn', () => {
    show([slate]);
    expectColour(stage.at(0.02, 0.02), toYuv(0x14, 0x17, 0x1d), 1);
    stage.film('ada', BLUE);
    expect(stage.tick()).toBe(false);
    show();
    expectColour(stage.at(0.02, 0.02), BLUE);
  });

  test('has a picture as soon as there is one', async () => {
    show([{ ...slate, title: '', image: 'sky' }]);
    expectColour(stage.at(0.5, 0.5), toYuv(0x14, 0x17, 0x1d), 1);
    images.set('sky', await square('#0000ff'));
    stage.compositor.imageChanged('sky');
    expect(stage.tick()).toBe(true);
    expectColour(stage.at(0.5, 0.5), BLUE, 3);
  });
});

test.each([
  ['top-left', 0.03, 0.06],
  ['top-right', 0.97, 0.06],
  ['bottom-left', 0.03, 0.94],
  ['bottom-right', 0.97, 0.94],
] as const)('a logo stands %s, once its image is there', async (corner, x, y) => {
  show([{ id: 'l', type: 'logo', image: 'mark', corner }]);
  expectColour(stage.at(x, y), RED);
  images.set('mark', await square('#0000ff'));
  stage.compositor.imageChanged('mark');
  stage.tick();
  expectColour(stage.at(x, y), BLUE, 3);
  expectColour(stage.at(0.5, 0.5), RED);
  images.clear();
  stage.compositor.imageChanged('mark');
  stage.tick();
  expectColour(stage.at(x, y), RED);
});

test('a background image fills what is behind the tiles', async () => {
  images.set('wall', await square('#0000ff'));
  stage.scene([tile('ada', { w: 0.5 })], undefined, {
    style: {
      background: '#101010',
      backgroundImage: 'wall',
      radius: 0,
      border: 0,
      borderColor: '#000000',
      speakingColor: null,
    },
  });
  stage.tick();
  expectColour(stage.at(0.75, 0.5), BLUE, 3);
  images.clear();
  stage.compositor.imageChanged('wall');
  stage.tick();
  expectColour(stage.at(0.75, 0.5), toYuv(0x10, 0x10, 0x10), 1);
});

describe('a card', () => {
  test('shows as many lines as it has room for, and bars as long as their share', () => {
    const lines = [0.25, 0.75, Number.NaN, 7].map((share, i) => ({ text: `Answer ${i}`, share }));
    show([{ id: 'c', type: 'card', title: 'Which of these?', lines }]);
    const accent = toYuv(0x4f, 0x8c, 0xff);
    const lengths: number[] = [];
    for (let y = 0; y < 360; y += 2) {
      let length = 0;
      for (let x = 0; x < 320; x++) if (Math.abs(stage.canvas.u[(y / 2) * 320 + x]! - accent.u) < 6) length++;
      if (length > 4 && Math.abs(length - (lengths.at(-1) ?? 0)) > 12) lengths.push(length);
    }
    expect(lengths.length).toBeGreaterThanOrEqual(2);
    expect(Math.max(...lengths)).toBeGreaterThan(90);
  });

  test('of a thousand lines stays within the canvas', () => {
    const lines = Array.from({ length: 1000 }, (_, i) => ({ text: `${i}`, share: null }));
    show([{ id: 'c', type: 'card', title: 'W'.repeat(1000), lines }]);
    const rows = rowsTouched();
    expect(rows[0]!).toBeGreaterThan(20);
    expect(rows.at(-1)!).toBeLessThan(340);
  });
});

test.each([
  [160, 90],
  [64, 36],
  [90, 160],
  [1920, 200],
  [16, 16],
])('on a canvas of %i×%i all of them are drawn, and nothing beside it', async (width, height) => {
  const odd = new Stage({ width, height }, { get: (asset) => (asset && images.get(asset)) || null });
  images.set('mark', await square('#0000ff'));
  const all: SceneElement[] = [
    third,
    { id: 'l', type: 'logo', image: 'mark', corner: 'bottom-right' },
    { id: 'r', type: 'ticker', text: 'News' },
    { id: 'c', type: 'countdown', title: 'In', untilMs: 5000 },
    { id: 'k', type: 'card', title: 'Which?', lines: [{ text: 'This', share: 0.5 }] },
  ];
  for (const element of all) {
    odd.scene([tile('ada')], undefined, { elements: [element], transitionMs: 250 });
    for (let i = 0; i < 10; i++) odd.tick(TICK_MS);
  }
  expect(odd.canvas.y.length).toBe(width * height);
  odd.close();
});
