import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { toYuv } from '../../../mixer/video/overlay.ts';
import { BLUE, GREEN, RED, WHITE } from '../harness/camera.ts';
import { expectColour } from '../harness/canvas.ts';
import { Stage, sideBySide, tile } from '../harness/stage.ts';

const CARD = toYuv(0x1f, 0x24, 0x2e);
const SLATE = toYuv(0x14, 0x17, 0x1d);
const BACKGROUND = { y: 27, u: 130, v: 127 };
const MS = 1000;

let stage: Stage;
beforeEach(() => {
  stage = new Stage();
});
afterEach(() => {
  stage.close();
});

/** Ada on the left, Bob on the right. */
function two(): void {
  stage.join('ada');
  stage.join('bob', { codec: 'h264' });
  stage.scene(sideBySide(tile('ada'), tile('bob')));
}

describe('an empty stage', () => {
  test('shows the slate', () => {
    stage.scene([], { title: 'Rostrum', text: 'Waiting' });
    expect(stage.tick()).toBe(true);
    expectColour(stage.at(0.02, 0.02), SLATE, 1);
    const luma = stage.canvas.y.subarray(640 * 150, 640 * 175);
    expect(Math.max(...luma)).toBeGreaterThan(200);
    expect(stage.tick()).toBe(false);
  });
});

describe('two speakers', () => {
  test('stand side by side, each with their newest picture', () => {
    two();
    stage.film('ada', RED);
    stage.film('bob', GREEN);
    expect(stage.tick()).toBe(true);
    expectColour(stage.at(0.25, 0.3), RED);
    expectColour(stage.at(0.75, 0.3), GREEN);
    expectColour(stage.at(0.49, 0.3), RED);
    expectColour(stage.at(0.51, 0.3), GREEN);
    stage.film('ada', BLUE);
    expect(stage.tick()).toBe(true);
    expectColour(stage.at(0.25, 0.3), BLUE);
    expectColour(stage.at(0.75, 0.3), GREEN);
    expect(stage.tick()).toBe(false);
  });

  test('have their names in the lower left corner of their tile', () => {
    two();
    stage.film('ada', RED);
    stage.film('bob', GREEN);
    stage.tick();
    const dark = stage.at(0.02, 0.955);
    expect(dark.y).toBeLessThan(RED.y * 0.7);
    expect(stage.at(0.52, 0.955).y).toBeLessThan(GREEN.y * 0.7);
    expectColour(stage.at(0.4, 0.955), RED);
  });

  test('who has no picture yet is an avatar', () => {
    two();
    stage.film('ada', RED);
    stage.tick();
    expectColour(stage.at(0.25, 0.3), RED);
    expectColour(stage.at(0.97, 0.05), CARD, 2);
    stage.film('bob', GREEN);
    stage.tick();
    expectColour(stage.at(0.97, 0.05), GREEN);
  });
});

describe('states of a tile', () => {
  beforeEach(() => {
    stage.join('ada');
    stage.scene([tile('ada')]);
    stage.film('ada', RED);
    stage.tick();
  });

  test('poor: the last picture, dimmed and nearly grey; live again: in full', () => {
    stage.scene([tile('ada', { state: 'poor' })]);
    expect(stage.tick()).toBe(true);
    const dimmed = stage.at(0.5, 0.3);
    expect(dimmed.y).toBeLessThan(RED.y * 0.6);
    expect(Math.abs(dimmed.v - 128)).toBeLessThan((RED.v - 128) / 3);
    stage.film('ada', RED);
    stage.tick();
    expect(stage.at(0.5, 0.3)).toEqual(dimmed);
    stage.scene([tile('ada')]);
    stage.tick();
    expectColour(stage.at(0.5, 0.3), RED);
  });

  test.each(['off', 'reconnecting'] as const)('%s: the avatar, whatever comes', (state) => {
    stage.scene([tile('ada', { state })]);
    stage.tick();
    expectColour(stage.at(0.02, 0.05), CARD, 2);
    stage.film('ada', GREEN);
    stage.tick();
    expectColour(stage.at(0.02, 0.05), CARD, 2);
    expect(stage.compositor.takePlaced()).toEqual([{ participant: 'ada', kind: 'camera', picture: null }]);
  });
});

describe('a change of scene', () => {
  test('shows the last pictures at once, in their new places', () => {
    two();
    stage.film('ada', RED);
    stage.film('bob', GREEN);
    stage.tick();
    stage.scene(sideBySide(tile('bob'), tile('ada')));
    expect(stage.tick()).toBe(true);
    expectColour(stage.at(0.25, 0.3), GREEN);
    expectColour(stage.at(0.75, 0.3), RED);
  });

  test('shows somebody who was not on stage with their newest picture', () => {
    two();
    stage.scene([tile('ada')]);
    stage.film('ada', RED);
    for (let i = 0; i < 40; i++) stage.film('bob', i < 39 ? WHITE : GREEN);
    stage.tick();
    expectColour(stage.at(0.75, 0.3), RED);
    stage.scene(sideBySide(tile('ada'), tile('bob')));
    stage.tick();
    expectColour(stage.at(0.75, 0.3), GREEN);
  });

  test('leaves nothing of the scene before where no tile stands', () => {
    two();
    stage.film('ada', RED);
    stage.film('bob', GREEN);
    stage.tick();
    stage.scene([tile('ada', { w: 0.5, h: 0.5 })]);
    stage.tick();
    expectColour(stage.at(0.25, 0.2), RED);
    expect(stage.at(0.75, 0.3)).toEqual(BACKGROUND);
    expect(stage.at(0.25, 0.75)).toEqual(BACKGROUND);
  });

  test('ten times a second for a while leaves the last scene standing', () => {
    two();
    stage.film('ada', RED);
    stage.film('bob', GREEN);
    for (let i = 0; i < 40; i++) {
      stage.scene(
        i % 2 === 0 ? sideBySide(tile('bob'), tile('ada')) : [tile('ada', { x: 0.25, w: 0.5, h: 0.5 })],
      );
      stage.tick();
    }
    expectColour(stage.at(0.5, 0.2), RED);
    expect(stage.at(0.1, 0.2)).toEqual(BACKGROUND);
  });
});

describe('a source that ends', () => {
  test('leaves its avatar until the scene changes, and its picture is forgotten', () => {
    two();
    stage.film('ada', RED);
    stage.film('bob', GREEN);
    stage.tick();
    stage.leave('bob');
    expect(stage.tick()).toBe(true);
    expectColour(stage.at(0.25, 0.3), RED);
    expectColour(stage.at(0.97, 0.05), CARD, 2);
    stage.join('bob');
    stage.scene([tile('bob')]);
    stage.tick();
    expectColour(stage.at(0.97, 0.05), CARD, 2);
  });
});

describe('a stream that breaks', () => {
  test('keeps its last picture for a second, then the avatar, and the picture again when it is back', () => {
    const ada = stage.join('ada');
    stage.scene([tile('ada')]);
    stage.film('ada', RED);
    stage.tick();
    // A lost key frame: what follows cannot be decoded.
    ada.camera.shoot(GREEN, true);
    const brokenUs = () =>
      ada.track.brokenSinceUs === undefined ? 0 : stage.nowUs - ada.track.brokenSinceUs;
    while (brokenUs() < 900 * MS) {
      stage.film('ada', GREEN);
      stage.tick();
      expectColour(stage.at(0.02, 0.05), RED);
    }
    while (brokenUs() < 1100 * MS) {
      stage.film('ada', GREEN);
      stage.tick();
    }
    expectColour(stage.at(0.02, 0.05), CARD, 2);
    expect(stage.compositor.takePlaced()).toEqual([{ participant: 'ada', kind: 'camera', picture: null }]);
    expect(stage.tick()).toBe(false);
    stage.film('ada', BLUE, 1, true);
    stage.tick();
    expectColour(stage.at(0.02, 0.05), BLUE);
  });
});

describe('shapes', () => {
  test('contain shows the whole picture before the background, and drawing it again changes nothing', () => {
    stage.join('ada', { width: 180, height: 320 });
    stage.scene([tile('ada', { fit: 'contain' })]);
    stage.film('ada', RED);
    stage.tick();
    expectColour(stage.at(0.5, 0.5), RED);
    expect(stage.at(0.1, 0.5)).toEqual(BACKGROUND);
    expect(stage.at(0.9, 0.5)).toEqual(BACKGROUND);
    const once = Buffer.from(stage.canvas.y);
    const caption = (luma: Buffer) => luma.subarray(640 * 336, 640 * 356).filter((_, i) => i % 640 < 200);
    for (let i = 0; i < 5; i++) {
      stage.film('ada', RED);
      stage.tick();
    }
    expect(Buffer.from(caption(stage.canvas.y)).equals(Buffer.from(caption(once)))).toBe(true);
  });

  test('a picture that turns on its side leaves nothing of itself beside it', () => {
    const first = stage.join('ada', { width: 320, height: 180 });
    stage.scene([tile('ada', { fit: 'contain' })]);
    stage.film('ada', RED);
    stage.tick();
    expectColour(stage.at(0.1, 0.5), RED);
    const turned = new Stage();
    const other = turned.join('ada', { width: 180, height: 320, sequence: first.camera.stream.sequence });
    first.deliver(other.camera.shoot(RED));
    stage.nowUs += 40 * MS;
    stage.tick();
    expectColour(stage.at(0.5, 0.5), RED);
    expect(stage.at(0.1, 0.5)).toEqual(BACKGROUND);
    turned.close();
  });

  test('where each picture stands is told once after every change', () => {
    stage.join('ada', { width: 640, height: 180 });
    stage.scene(sideBySide(tile('ada'), tile('bob')));
    stage.tick();
    const bob = { participant: 'bob', kind: 'camera', picture: null };
    expect(stage.compositor.takePlaced()).toEqual([{ ...bob, participant: 'ada' }, bob]);
    expect(stage.compositor.takePlaced()).toBeNull();
    stage.film('ada', RED);
    stage.tick();
    const placed = stage.compositor.takePlaced()!;
    expect(placed[0]!.picture!.y).toBeCloseTo(0, 6);
    expect(placed[0]!.picture!.w).toBeCloseTo(2, 2);
    expect(placed[0]!.picture!.x).toBeCloseTo(-0.75, 2);
    stage.film('ada', GREEN);
    stage.tick();
    expect(stage.compositor.takePlaced()).toBeNull();
  });

  test('twenty-five tiles are drawn, each where it belongs', () => {
    stage.join('ada');
    stage.film('ada', RED);
    stage.scene(
      Array.from({ length: 25 }, (_, i) =>
        tile(i === 12 ? 'ada' : `p${i}`, { x: (i % 5) / 5, y: Math.floor(i / 5) / 5, w: 0.2, h: 0.2 }),
      ),
    );
    stage.tick();
    expectColour(stage.at(0.5, 0.45), RED);
    for (let i = 0; i < 25; i++) {
      if (i !== 12) expectColour(stage.at((i % 5) / 5 + 0.005, Math.floor(i / 5) / 5 + 0.01), CARD, 2);
    }
  });
});

test('closing twice is legal', () => {
  two();
  stage.film('ada', RED);
  stage.tick();
  stage.compositor.close();
  stage.compositor.close();
});
