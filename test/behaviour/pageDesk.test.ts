/** What a host does at their desk, as a viewer sees it in the pixels that arrive. */

import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { createCanvas } from '@napi-rs/canvas';
import { programColour } from '../harness/gallery.ts';
import { House } from '../harness/house.ts';
import type { Rgb } from '../harness/reports.ts';
import { isColour } from '../harness/stage.ts';
import { Studio } from '../harness/studio.ts';
import { until } from '../harness/until.ts';
import { phone, type Visitor } from '../harness/visitor.ts';

jest.setTimeout(90_000);

const RED: Rgb = [200, 48, 40];
const GREEN: Rgb = [40, 160, 70];

let house: House;
let studio: Studio;
beforeAll(async () => {
  [house, studio] = await Promise.all([House.open(), Studio.open()]);
});
afterEach(async () => {
  await house.server.rest.patchRoom('demo', { layout: 'grid', spotlight: null, live: true });
  expect(await house.empty()).toEqual([]);
});
afterAll(async () => {
  await studio?.close();
  await house?.close();
});

/** A speaker of one colour; returns what ends it. */
async function speak(name: string, colour: Rgb): Promise<{ id: string; stop(): Promise<unknown> }> {
  const token = await house.server.rest.token('demo', 'panelist', name);
  const speaker = await studio.speak({ server: house.server.url, room: 'demo', token, colour });
  const { id } = (await house.known(name))!;
  return { id, stop: () => studio.call('stopSpeaking', speaker) };
}

/** A host who listens only, at their desk. */
async function hostAt(section: string, options = {}): Promise<Visitor> {
  const host = await house.visit(await house.link('host', 'Mira'), [], options);
  await host.at('listen-only').click();
  await host.at('live').waitFor();
  await host.at(`desk-${section}`).click();
  return host;
}

async function watching(): Promise<Visitor> {
  const viewer = await house.visit(await house.link('viewer', 'Priya'));
  await viewer.at('watch').click();
  await viewer.seesProgram();
  return viewer;
}

const untilColour = (viewer: Visitor, x: number, y: number, colour: Rgb, is = true) =>
  until(`${is ? '' : 'not '}${colour} at ${x}, ${y}`, async () => {
    const pixel = await programColour(viewer, x, y);
    if (pixel !== null && isColour(pixel, colour) === is) return true;
    throw new Error(`it is ${pixel}`);
  });

function image([red, green, blue]: Rgb): Buffer {
  const canvas = createCanvas(64, 64);
  const drawing = canvas.getContext('2d');
  drawing.fillStyle = `rgb(${red}, ${green}, ${blue})`;
  drawing.fillRect(0, 0, 64, 64);
  return canvas.toBuffer('image/png');
}

describe('the layout', () => {
  test('is drawn with who is on stage, chosen by keyboard, and seen by a viewer', async () => {
    const red = await speak('Red', RED);
    const green = await speak('Green', GREEN);
    const host = await hostAt('picture');
    const viewer = await watching();
    await until(
      'two tiles in small',
      async () => (await host.at('layout-grid').locator('rect').count()) === 2,
    );
    expect(await host.at('layout-solo').locator('rect').count()).toBe(1);
    await untilColour(viewer, 0.1, 0.5, RED);
    await host.at('layout-solo').focus();
    await host.page.keyboard.press('Enter');
    await host.page.locator('[data-test=layout-solo][aria-pressed=true]').waitFor();
    await host.at('spotlight').selectOption(green.id);
    for (const at of [0.1, 0.85]) await untilColour(viewer, at, 0.4, GREEN);
    await host.at('desk-people').click();
    const row = host.page.locator(`[data-test=person][data-person="${red.id}"]`);
    await row.locator('[data-test=spotlight-person]').click();
    for (const at of [0.1, 0.85]) await untilColour(viewer, at, 0.4, RED);
    await row.locator('[data-test=spotlight-person][aria-pressed=true]').waitFor();
    await row.locator('[data-test=stage-person]').click();
    await untilColour(viewer, 0.85, 0.4, GREEN);
    await red.stop();
    await green.stop();
  });
});

describe('graphics', () => {
  test('a lower third is written, seen in a preview, put on the air and taken off', async () => {
    const red = await speak('Red', RED);
    const host = await hostAt('graphics');
    const viewer = await watching();
    await untilColour(viewer, 0.5, 0.5, RED);
    const before = await lowerThird(viewer);
    await host.at('graphic-new').click();
    await host.at('graphic-title').fill('Dr. Ada Lovelace');
    await host.at('graphic-subtitle').fill('Analytical engines');
    expect(await host.at('graphic-preview').textContent()).toContain('Dr. Ada Lovelace');
    await host.at('graphic-save').click();
    const third = host.page.locator('[data-test=graphic][data-type=lower-third]');
    expect(await third.getAttribute('data-on-air')).toBe('false');
    expect(await lowerThird(viewer)).toBeCloseTo(before, 1);
    await third.getByRole('switch').focus();
    await host.page.keyboard.press('Space');
    await until('text is in the picture', async () => {
      const share = await lowerThird(viewer);
      if (share > before + 0.1) return true;
      throw new Error(`${share} of it is not red, before ${before}`);
    });
    await host.page.locator('[data-test=graphic][data-on-air=true]').waitFor();
    await host.at('graphic-edit').click();
    await host.at('graphic-subtitle').fill('Notes');
    await host.at('graphic-save').click();
    await until('the change is on the air', async () => {
      const { elements } = await house.server.rest.room('demo');
      return elements[0]?.type === 'lower-third' && elements[0].subtitle === 'Notes';
    });
    await host.at('graphic-switch').click();
    await until('it is gone', async () => (await lowerThird(viewer)) < before + 0.02);
    await host.page.reload();
    await host.at('listen-only').click();
    await host.at('desk-graphics').click();
    await third.waitFor();
    await host.at('graphic-delete').click();
    await third.waitFor({ state: 'detached' });
    await red.stop();
  });
});

/** How much of where a lower third stands is not the speaker's red. */
const lowerThird = (viewer: Visitor): Promise<number> =>
  viewer.at('program-video').evaluate((element, [red, green, blue]) => {
    const video = element as HTMLVideoElement;
    const canvas = new OffscreenCanvas(video.videoWidth, video.videoHeight);
    const drawing = canvas.getContext('2d')!;
    drawing.drawImage(video, 0, 0);
    const { width, height } = canvas;
    const area = [width * 0.04, height * 0.7, width * 0.4, height * 0.28].map(Math.round) as [
      number,
      number,
      number,
      number,
    ];
    const { data } = drawing.getImageData(...area);
    let other = 0;
    for (let at = 0; at < data.length; at += 4) {
      const far =
        Math.abs(data[at]! - red) + Math.abs(data[at + 1]! - green) + Math.abs(data[at + 2]! - blue);
      if (far > 120) other += 1;
    }
    return other / (data.length / 4);
  }, RED);

describe('media', () => {
  test('a file is uploaded, shown to viewers, and ended; a bad one is refused in words', async () => {
    const host = await hostAt('media');
    const viewer = await watching();
    await host.at('upload').setInputFiles([
      { name: 'Grün & plain.png', mimeType: 'image/png', buffer: image(GREEN) },
      { name: 'none.png', mimeType: 'image/png', buffer: Buffer.from('this is no image') },
    ]);
    const file = host.page.locator('[data-test=file][data-name="Grun - plain.png"]');
    await file.waitFor();
    await host.at('upload-problem').waitFor();
    expect(await host.at('upload-problem').textContent()).not.toBe('');
    await host.at('upload-stop').click();
    await file.locator('[data-test=file-play]').click();
    await untilColour(viewer, 0.5, 0.5, GREEN);
    await host.at('media-stop').click();
    await untilColour(viewer, 0.5, 0.5, GREEN, false);
    await file.locator('[data-test=file-delete]').click();
    await file.waitFor({ state: 'detached' });
  });
});

describe('show and sound', () => {
  test('off the air viewers see the slate with its words; volume and ducking reach the room', async () => {
    const red = await speak('Red', RED);
    const host = await hostAt('show', phone);
    const viewer = await watching();
    await untilColour(viewer, 0.85, 0.5, RED);
    await host.at('slate-title').fill('Back after lunch');
    await host.at('slate-save').click();
    await until('saved', async () => (await host.at('slate-save').textContent()) === 'Saved');
    await host.at('desk-live').click();
    await host.at('confirm-yes').click();
    await viewer.at('waiting').waitFor();
    await untilColour(viewer, 0.85, 0.5, RED, false);
    const { slate, live } = await house.server.rest.room('demo');
    expect({ slate, live }).toMatchObject({ slate: { title: 'Back after lunch' }, live: false });
    await host.at('desk-live').click();
    await untilColour(viewer, 0.85, 0.5, RED);

    await host.at('desk-sound').click();
    await host.at('person-volume').fill('-12');
    await until('quieter', async () => (await house.known('Red'))?.volumeDb === -12);
    await host.at('ducking').fill('20');
    await host.at('automatic-gain').uncheck();
    await host.at('panning').check();
    const sound = async () => (await house.server.rest.room('demo')).sound;
    await until(
      'the mix behaves',
      async () => JSON.stringify(await sound()) === '{"duckingDb":20,"automaticGain":false,"panning":true}',
    );
    const wide = await host.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(wide).toBeLessThanOrEqual(0);
    await red.stop();
  });
});

test('the desk’s sections are tabs: one stop for the tab key, arrows within', async () => {
  const host = await hostAt('people');
  await host.page.keyboard.press('ArrowLeft');
  await host.page.locator('[data-test=desk-section][data-section=show]').waitFor();
  await host.page.keyboard.press('ArrowRight');
  await host.page.keyboard.press('ArrowRight');
  await host.page.locator('[data-test=desk-section][data-section=picture]').waitFor();
  const nameless = await host.page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('button, input, select, textarea')]
      .filter((each) => !each.ariaLabel && !each.textContent && !(each as HTMLInputElement).labels?.length)
      .map((each) => each.outerHTML),
  );
  expect(nameless).toEqual([]);
});
