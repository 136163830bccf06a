/** A shared screen: a source beside the camera, from the click to the browser's own bar. */

import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../harness/browser.ts';
import { House } from '../harness/house.ts';
import { until } from '../harness/until.ts';
import { Visitor } from '../harness/visitor.ts';

jest.setTimeout(90_000);

let house: House;
let browser: Browser;
const visitors: Visitor[] = [];

beforeAll(async () => {
  // The browser shares the tab of this title without a question.
  const unasked = ['--use-fake-ui-for-media-stream', '--auto-select-tab-capture-source-by-title=Rostrum'];
  [house, browser] = await Promise.all([House.open(), launchBrowser(unasked)]);
});
afterEach(async () => {
  for (const visitor of visitors.splice(0)) {
    expect(visitor.faults).toEqual([]);
    await visitor.close();
  }
  expect(await house.empty()).toEqual([]);
});
afterAll(async () => {
  await browser?.close();
  await house?.close();
});

/** Somebody on stage in a browser that can share. */
async function sharer(before?: (visitor: Visitor) => Promise<unknown>): Promise<Visitor> {
  const visitor = await Visitor.open(browser, `${house.server.url}/healthz`, ['camera', 'microphone']);
  visitors.push(visitor);
  await before?.(visitor);
  await visitor.page.goto(await house.link('panelist', 'Jonas'));
  await visitor.join();
  return visitor;
}

const kinds = async () => (await house.tiles()).map(({ kind }) => kind).sort();

test('a panelist shares beside their camera, viewers see it, and the browser’s bar ends it', async () => {
  const panelist = await sharer();
  const viewer = await house.visit(await house.link('viewer', 'Priya'));
  await viewer.at('watch').click();
  await viewer.seesProgram();
  await panelist.page.evaluate(() => {
    const get = navigator.mediaDevices.getDisplayMedia.bind(navigator.mediaDevices);
    navigator.mediaDevices.getDisplayMedia = async (asked) => {
      const stream = await get(asked);
      Object.assign(globalThis, { shared: stream.getVideoTracks()[0] });
      return stream;
    };
  });
  await panelist.at('share-screen').click();
  await until('both have a tile', async () => (await kinds()).join() === 'camera,screen');
  const drawn = async () => (await house.tiles()).find(({ kind }) => kind === 'screen')?.picture;
  await until('the screen is drawn', drawn, { timeoutMs: 15_000 });
  const hint = await panelist.page.evaluate(
    () => (globalThis as unknown as { shared: MediaStreamTrack }).shared.contentHint,
  );
  expect(hint).toBe('detail');
  await viewer.seesProgram();
  expect((await house.server.rest.participants('demo')).map(({ name }) => name).sort()).toEqual([
    'Jonas',
    'Priya',
  ]);
  // The bar's button ends the track; the page only hears of it.
  await panelist.page.evaluate(() => {
    const { shared } = globalThis as unknown as { shared: MediaStreamTrack };
    shared.stop();
    shared.dispatchEvent(new Event('ended'));
  });
  await until('the screen is gone', async () => (await kinds()).join() === 'camera');
  expect(await panelist.at('share-screen').getAttribute('aria-pressed')).toBe('false');

  await panelist.at('share-screen').click();
  await until('it is back', async () => (await kinds()).join() === 'camera,screen');
  await panelist.at('share-screen').click();
  await until('it is gone again', async () => (await kinds()).join() === 'camera');
});

test('a screen that cannot be shared is explained; a change of mind is not', async () => {
  const panelist = await sharer();
  const failWith = (name: string, message: string) =>
    panelist.page.evaluate(
      ([which, why]) => {
        navigator.mediaDevices.getDisplayMedia = () => Promise.reject(new DOMException(why, which));
      },
      [name, message] as const,
    );
  await failWith('NotAllowedError', 'Permission denied');
  await panelist.at('share-screen').click();
  await until('it can be tried again', () => panelist.at('share-screen').isEnabled());
  expect(await panelist.page.locator('[data-test=notice][data-topic=screen]').count()).toBe(0);
  await failWith('NotReadableError', 'Could not start video source');
  await panelist.at('share-screen').click();
  const notice = panelist.page.locator('[data-test=notice][data-topic=screen]');
  await notice.waitFor();
  expect(await notice.textContent()).toContain('cannot be shared now');
  expect(await kinds()).toEqual(['camera']);
});

test('nobody is offered to share where the browser cannot', async () => {
  const panelist = await sharer((visitor) =>
    visitor.page.addInitScript(() => {
      Object.defineProperty(MediaDevices.prototype, 'getDisplayMedia', { value: undefined });
    }),
  );
  await panelist.at('mute').waitFor();
  expect(await panelist.at('share-screen').count()).toBe(0);
});
