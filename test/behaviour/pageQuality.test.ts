/** What a viewer is sent: as large as they choose, and nothing to look at while nobody looks. */

import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { House } from '../harness/house.ts';
import { until } from '../harness/until.ts';
import { phone, type Visitor } from '../harness/visitor.ts';

jest.setTimeout(90_000);

let house: House;
beforeAll(async () => {
  house = await House.open();
});
afterEach(async () => {
  expect(await house.empty()).toEqual([]);
});
afterAll(() => house?.close());

const height = (visitor: Visitor): Promise<number> =>
  visitor.at('program-video').evaluate((video) => (video as HTMLVideoElement).videoHeight);

/** Pictures that were decoded so far. */
const pictures = (visitor: Visitor): Promise<number> =>
  visitor
    .at('program-video')
    .evaluate((video) => (video as HTMLVideoElement).getVideoPlaybackQuality().totalVideoFrames);

const isHeight = (visitor: Visitor, wanted: number) =>
  until(
    `the picture is ${wanted} high`,
    async () => {
      const now = await height(visitor);
      if (now === wanted) return true;
      throw new Error(`it is ${now}`);
    },
    { timeoutMs: 20_000 },
  );

/** Resolves when no picture has come for a second. */
async function untilStill(visitor: Visitor): Promise<void> {
  let before = -1;
  const still = async () => {
    const now = await pictures(visitor);
    const is = now === before;
    before = now;
    return is;
  };
  await until('no pictures come', still, { timeoutMs: 15_000, everyMs: 1000 });
}

/** As if its tab was covered by another, or seen again. */
const setHidden = (visitor: Visitor, hidden: boolean): Promise<void> =>
  visitor.page.evaluate((isHidden) => {
    const state = isHidden ? 'hidden' : 'visible';
    Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => state });
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => isHidden });
    document.dispatchEvent(new Event('visibilitychange'));
  }, hidden);

async function watching(options = {}): Promise<Visitor> {
  const host = await house.visit(await house.link('host', 'Mira'), ['camera', 'microphone']);
  await host.join();
  const viewer = await house.visit(await house.link('viewer', 'Priya'), [], options);
  await viewer.at('watch').click();
  await viewer.seesProgram();
  return viewer;
}

describe('a viewer', () => {
  test('pins a smaller picture by keyboard, hears sound only, and has all of it again', async () => {
    const viewer = await watching();
    await isHeight(viewer, 720);
    await viewer.page.keyboard.press('q');
    await viewer.at('quality-360').waitFor();
    await viewer.at('quality-auto').focus();
    expect(await viewer.page.getByRole('radio', { name: /Automatic/ }).isChecked()).toBe(true);
    for (const _step of ['720', '360']) await viewer.page.keyboard.press('ArrowDown');
    expect(await viewer.at('quality-360').isChecked()).toBe(true);
    await isHeight(viewer, 360);
    await until('the page says so', async () =>
      (await viewer.at('quality-now').textContent())?.startsWith('Now 360p.'),
    );
    await viewer.at('quality-sound').check();
    await untilStill(viewer);
    expect(await viewer.hears()).toBeGreaterThan(0.01);
    await viewer.at('quality-auto').check();
    await viewer.page.keyboard.press('Escape');
    await viewer.seesProgram();
    await viewer.at('sound-only').waitFor({ state: 'detached' });
    await isHeight(viewer, 720);
  });

  test('chooses on a phone, and the choice outlives the connection', async () => {
    const viewer = await watching(phone);
    await viewer.at('quality').tap();
    await viewer.at('quality-180').tap();
    await isHeight(viewer, 180);
    await viewer.at('quality-dialog-close').tap();
    await viewer.page.evaluate(() => dispatchEvent(new Event('online')));
    const sessions = await house.server.rest.participants('demo');
    expect(sessions.map(({ name }) => name).sort()).toEqual(['Mira', 'Priya']);
    await viewer.seesProgram();
    await isHeight(viewer, 180);
  });

  test('is sent sound only while the page is hidden, and sees within a second when it is shown', async () => {
    const viewer = await watching();
    await setHidden(viewer, true);
    await untilStill(viewer);
    expect(await viewer.hears()).toBeGreaterThan(0.01);
    const before = await pictures(viewer);
    const shownMs = performance.now();
    await setHidden(viewer, false);
    await until('a picture', async () => (await pictures(viewer)) > before);
    expect(performance.now() - shownMs).toBeLessThan(1000);
    await viewer.at('quality').click();
    await viewer.at('spare').uncheck();
    await setHidden(viewer, true);
    const goes = await pictures(viewer);
    await new Promise((resolve) => setTimeout(resolve, 7_000));
    expect((await pictures(viewer)) - goes).toBeGreaterThan(100);
  });
});

test('statistics say which rendition is sent and what the line carries', async () => {
  const viewer = await watching();
  await viewer.page.keyboard.press('s');
  await until('they say it', async () => {
    const text = (await viewer.at('stats-overlay').textContent()) ?? '';
    if (/Rendition720p/.test(text) && /Estimate\d+ kbit/.test(text) && /Freezes\d/.test(text)) return true;
    throw new Error(text);
  });
});
