/** The page for people who do not see, do not point, or have a small screen: axe in all main views, and the keyboard. */

import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { barriers } from '../harness/accessible.ts';
import { House } from '../harness/house.ts';
import type { Visitor } from '../harness/visitor.ts';

jest.setTimeout(90_000);

const desktop = { width: 1280, height: 800 };
const phone = { width: 390, height: 844 };

let house: House;
beforeAll(async () => {
  house = await House.open();
});
afterAll(async () => {
  await house?.close();
});

/** Looks at what is shown, wide in light and narrow in dark. */
async function expectNoBarriers({ page }: Visitor, view: string): Promise<void> {
  for (const [size, colorScheme] of [
    [desktop, 'light'],
    [phone, 'dark'],
  ] as const) {
    await page.setViewportSize(size);
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    expect({ view, size, barriers: await barriers(page) }).toEqual({ view, size, barriers: [] });
  }
  await page.setViewportSize(desktop);
}

describe('nobody is kept out', () => {
  test('on the way in and out', async () => {
    const guest = await house.visit(house.server.url);
    await guest.at('landing').waitFor();
    await expectNoBarriers(guest, 'start page');
    await guest.page.goto(`${house.server.url}/watch/demo`);
    await guest.at('hls-status').waitFor();
    await expectNoBarriers(guest, 'stream');
    await guest.page.goto(await house.link('viewer', 'Priya'));
    await guest.at('watch').waitFor();
    await expectNoBarriers(guest, 'lobby');
    await guest.at('watch').click();
    await guest.at('live').waitFor();
    await expectNoBarriers(guest, 'viewer');
    await guest.at('leave').click();
    await guest.at('ended').waitFor();
    await expectNoBarriers(guest, 'end');
  });

  test('as a panelist', async () => {
    const panelist = await house.visit(await house.link('panelist', 'Ada'), ['camera', 'microphone']);
    await panelist.at('allow').click();
    await panelist.at('join').waitFor();
    await expectNoBarriers(panelist, 'green room');
    await panelist.at('join').click();
    await panelist.at('live').waitFor();
    await expectNoBarriers(panelist, 'panelist');
    await panelist.at('devices').click();
    await expectNoBarriers(panelist, 'devices');
  });

  test('as a host, at each section of the desk and in each dialog', async () => {
    const host = await house.visit(await house.link('host', 'Mira'));
    await host.at('listen-only').click();
    await host.at('live').waitFor();
    for (const section of ['people', 'picture', 'graphics', 'media', 'sound', 'show']) {
      await host.at(`desk-${section}`).click();
      await expectNoBarriers(host, `desk ${section}`);
    }
    await host.at('desk-graphics').click();
    await host.at('graphic-new').click();
    await expectNoBarriers(host, 'graphic form');
    for (const dialog of ['invite', 'recording', 'outputs', 'quality']) {
      await host.at(dialog).click();
      await host.page.locator('dialog[open]').waitFor();
      await expectNoBarriers(host, `dialog ${dialog}`);
      await host.page.keyboard.press('Escape');
      await host.page.locator('dialog').waitFor({ state: 'detached' });
    }
    await host.at('stats').click();
    await host.at('stats-overlay').waitFor();
    await expectNoBarriers(host, 'statistics');
  });
});
