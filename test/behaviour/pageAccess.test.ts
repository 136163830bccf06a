/** The page for people who do not see, do not point, or have a small screen: axe in all main views, and the keyboard. */

import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { barriers, tabThrough } from '../harness/accessible.ts';
import { House } from '../harness/house.ts';
import { until } from '../harness/until.ts';
import type { Visitor } from '../harness/visitor.ts';

jest.setTimeout(90_000);

const desktop = { width: 1280, height: 800 };
const phone = { width: 390, height: 844 };

let house: House;
/** At their desk all the time: what is looked at first is tried by keyboard afterwards. */
let host: Visitor;
beforeAll(async () => {
  house = await House.open();
  host = await house.visit(await house.link('host', 'Mira'));
  await host.at('listen-only').click();
  await host.at('live').waitFor();
});
afterAll(async () => {
  expect(await house?.empty()).toEqual([]);
  await house?.close();
});

/** Looks at what is shown, wide in light and narrow in dark. */
async function expectNoBarriers({ page }: Visitor, view: string, within?: string): Promise<void> {
  for (const [size, colorScheme] of [
    [desktop, 'light'],
    [phone, 'dark'],
  ] as const) {
    await page.setViewportSize(size);
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    expect({ view, size, barriers: await barriers(page, within) }).toEqual({ view, size, barriers: [] });
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
    for (const said of ['Microphone off.', 'Microphone on.']) {
      await panelist.page.keyboard.press('m');
      await until(`it is said: ${said}`, async () => (await panelist.at('own-state').textContent()) === said);
    }
    await panelist.at('devices').click();
    await expectNoBarriers(panelist, 'devices', 'dialog');
    // Somebody without a picture is enough for the desk.
    await panelist.page.keyboard.press('Escape');
    await panelist.page.keyboard.press('v');
  });

  test('as a host, at each section of the desk and in each dialog', async () => {
    for (const section of ['people', 'picture', 'graphics', 'media', 'sound', 'show']) {
      await host.at(`desk-${section}`).click();
      await expectNoBarriers(host, `desk ${section}`, section === 'people' ? 'html' : '[data-test=desk]');
    }
    await host.at('desk-graphics').click();
    await host.at('graphic-new').click();
    await expectNoBarriers(host, 'graphic form', '[data-test=desk]');
    for (const dialog of ['invite', 'recording', 'outputs', 'quality']) {
      await host.at(dialog).focus();
      await host.page.keyboard.press('Enter');
      await host.page.locator('dialog[open]').waitFor();
      await expectNoBarriers(host, `dialog ${dialog}`, 'dialog');
      await host.page.keyboard.press('Escape');
      await host.page.locator('dialog').waitFor({ state: 'detached' });
      await untilFocused(host, dialog);
    }
    await host.page.keyboard.press('s');
    await host.at('stats-overlay').waitFor();
    await expectNoBarriers(host, 'statistics', 'main');
    await host.at('stats-close').click();
  });
});

/** `data-test` of what has the focus. */
const focused = ({ page }: Visitor) =>
  page.evaluate(() => document.activeElement?.getAttribute('data-test') ?? document.activeElement?.tagName);

const untilFocused = (visitor: Visitor, name: string) =>
  until(`${name} has the focus`, async () => {
    const now = await focused(visitor);
    if (now === name) return true;
    throw new Error(`it is ${now}`);
  });

describe('by keyboard', () => {
  test('everything is reached and seen to be, at each section of the desk', async () => {
    for (const section of ['people', 'picture', 'graphics', 'media', 'sound', 'show']) {
      await host.at(`desk-${section}`).click();
      const { stops, missed } = await tabThrough(host.page);
      expect({ section, missed }).toEqual({ section, missed: [] });
      expect({ section, unmarked: stops.filter(({ marked }) => !marked) }).toEqual({ section, unmarked: [] });
      expect(stops.length).toBeGreaterThan(15);
    }
  });

  test('the focus is never lost when what had it goes away', async () => {
    const press = (key: string) => host.page.keyboard.press(key);
    await host.at('stats').focus();
    await press('Enter');
    await host.at('stats-close').focus();
    await press('Enter');
    await untilFocused(host, 'stats');

    await host.at('edit-title').focus();
    await press('Enter');
    await untilFocused(host, 'title-input');
    await press('Enter');
    await untilFocused(host, 'edit-title');

    await host.at('desk-graphics').click();
    await host.at('graphic-type').focus();
    await host.at('graphic-type').selectOption('ticker');
    await press('Tab');
    await press('Enter');
    await until('its first field has the focus', async () =>
      host.page.evaluate(() => document.activeElement?.closest('form')?.dataset.test === 'graphic-form'),
    );
    await host.page.keyboard.type('News');
    await press('Enter');
    await host.at('graphic').waitFor();
    await until('the focus is somewhere', async () => (await focused(host)) !== 'BODY');
    await host.at('graphic-delete').focus();
    await press('Enter');
    await host.at('graphic').waitFor({ state: 'detached' });
    await until('the focus is somewhere', async () => (await focused(host)) !== 'BODY');

    await host.at('people').focus();
    await host.at('people-close').focus();
    await press('Enter');
    await untilFocused(host, 'people');
  });
});

test('what goes wrong is said in the dialog in which it did, since nothing behind one is heard', async () => {
  await host.at('outputs').click();
  await host.at('output-type').selectOption('rtmp');
  await host.at('output-url').fill('rtmp://127.0.0.1/live/key');
  await host.page.keyboard.press('Enter');
  const notice = host.page.locator('dialog [role=status] [data-test=notice]');
  await notice.waitFor();
  expect(await notice.textContent()).toMatch('The URL cannot be used');
  await notice.locator('[data-test=notice-close]').click();
  await notice.waitFor({ state: 'detached' });
  await host.at('outputs-dialog-close').click();
});
