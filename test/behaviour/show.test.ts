import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { createCanvas } from '@napi-rs/canvas';
import type { Rgb } from '../harness/reports.ts';
import { ServerProcess } from '../harness/server.ts';
import { isColour, Stage } from '../harness/stage.ts';
import { Studio } from '../harness/studio.ts';
import { until } from '../harness/until.ts';

/** What hosts do to the picture, as a viewer sees it. */

jest.setTimeout(60_000);

const RED: Rgb = [200, 48, 40];
const BLUE: Rgb = [40, 72, 200];
const GREEN: Rgb = [40, 160, 70];
const RED_HZ = 820;

let server: ServerProcess;
let studio: Studio;
beforeAll(async () => {
  server = await ServerProcess.start();
  studio = await Studio.open();
});
afterAll(async () => {
  await studio?.close();
  await server?.stop();
});

/** An image of one colour. */
function plain([red, green, blue]: Rgb, width: number, height: number): Buffer {
  const canvas = createCanvas(width, height);
  const drawing = canvas.getContext('2d');
  drawing.fillStyle = `rgb(${red}, ${green}, ${blue})`;
  drawing.fillRect(0, 0, width, height);
  return canvas.toBuffer('image/png');
}

/** Waits until the viewer's picture is of this colour, or is not, at a point in fractions. */
async function untilAt(viewer: number, x: number, y: number, colour: Rgb, is = true): Promise<void> {
  const what = `${is ? '' : 'not '}${colour} at ${x}, ${y}`;
  await until(what, async () => {
    const pixel = await studio.call('pixel', viewer, x, y);
    if (isColour(pixel, colour) === is) return true;
    throw new Error(`the pixel is ${pixel}`);
  });
}

describe('a host', () => {
  test('changes the layout, and everybody moves to where the room says', async () => {
    const stage = await Stage.open(server, studio);
    const { viewer } = await stage.watch();
    const red = await stage.speak('Red', { colour: RED });
    const blue = await stage.speak('Blue', { colour: BLUE, toneHz: 0.0001 });
    await stage.untilSeen(viewer, red, RED);

    const { layout } = await server.rest.patchRoom(stage.room, { layout: 'pip' });
    expect(layout.tiles.map(({ participant, w }) => [participant, w])).toEqual([
      [red.id, 1],
      [blue.id, expect.closeTo(0.25, 2)],
    ]);
    await stage.untilSeen(viewer, blue, BLUE);
    await untilAt(viewer, 0.2, 0.2, RED);

    await server.rest.patchRoom(stage.room, { layout: 'stage', spotlight: blue.id });
    await stage.untilSeen(viewer, blue, BLUE);
    await untilAt(viewer, 0.75, 0.4, BLUE);

    const tiles = [
      {
        id: 'left',
        x: 0.05,
        y: 0.3,
        w: 0.4,
        h: 0.4,
        fill: [{ by: 'participant' as const, participant: blue.id }],
      },
      { id: 'right', x: 0.55, y: 0.3, w: 0.4, h: 0.4, flow: { arrange: 'grid' as const } },
    ];
    const mine = { ...layout.document, name: 'mine', background: '#28a046', tiles, variants: [] };
    await server.rest.patchRoom(stage.room, { layout: mine });
    await untilAt(viewer, 0.5, 0.1, GREEN);
    await stage.untilSeen(viewer, blue, BLUE);
    await stage.untilSeen(viewer, red, RED);
    await studio.call('stopWatching', viewer);
    for (const { speaker } of [red, blue]) await studio.call('stopSpeaking', speaker);
  });

  test('puts a logo over the picture and takes it away', async () => {
    const stage = await Stage.open(server, studio);
    const { viewer } = await stage.watch();
    const red = await stage.speak('Red', { colour: RED });
    await stage.untilSeen(viewer, red, RED);
    await server.rest.upload(stage.room, 'logo.png', plain(GREEN, 200, 200));
    await server.rest.setElement(stage.room, 'brand', {
      type: 'logo',
      image: 'logo.png',
      corner: 'top-right',
    });
    const corner = [0.94, 0.1] as const;
    await untilAt(viewer, ...corner, GREEN);
    await server.rest.removeElement(stage.room, 'brand');
    await untilAt(viewer, ...corner, GREEN, false);
    await stage.untilSeen(viewer, red, RED);
    await server.rest.setElement(stage.room, 'pause', { type: 'slate', title: 'Back soon' });
    await untilAt(viewer, 0.85, 0.85, RED, false);
    await studio.call('stopWatching', viewer);
    await studio.call('stopSpeaking', red.speaker);
  });
});

describe('before the room is live', () => {
  test('those on stage see and hear one another, viewers a slate and nothing, until it is', async () => {
    const stage = await Stage.open(server, studio, { live: false });
    await server.rest.patchRoom(stage.room, { stageProgram: true });
    await server.rest.upload(stage.room, 'soon.png', plain(GREEN, 1280, 720));
    await server.rest.patchRoom(stage.room, { slate: { image: 'soon.png', title: '', text: '' } });
    const red = await stage.speak('Red', { colour: RED, toneHz: RED_HZ });
    const token = await server.rest.token(stage.room, 'panelist', 'Blue');
    const panelist = await stage.watch({ token });
    const viewer = await stage.watch();
    await untilAt(panelist.viewer, 0.85, 0.5, RED);
    await stage.untilHeard(panelist.viewer, [RED_HZ], ([level]) => level! > -60);
    await untilAt(viewer.viewer, 0.85, 0.2, GREEN);
    const [unheard] = await studio.call('tonesDb', viewer.viewer, [RED_HZ]);
    expect(unheard).toBeLessThan(-80);

    await server.rest.patchRoom(stage.room, { live: true });
    await stage.untilSeen(viewer.viewer, red, RED);
    await stage.untilHeard(viewer.viewer, [RED_HZ], ([level]) => level! > -60);
    await untilAt(panelist.viewer, 0.85, 0.5, RED);
    for (const one of [panelist, viewer]) await studio.call('stopWatching', one.viewer);
    await studio.call('stopSpeaking', red.speaker);
  });
});
