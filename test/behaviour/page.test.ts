import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { House } from '../harness/house.ts';
import { until } from '../harness/until.ts';
import { phone } from '../harness/visitor.ts';

jest.setTimeout(60_000);

const both = ['camera', 'microphone'] as const;

let house: House;

beforeAll(async () => {
  house = await House.open();
});

afterAll(() => house?.close());

afterEach(async () => {
  expect(await house.empty()).toEqual([]);
});

describe('the page', () => {
  test('host and panelist go on stage, the viewer sees and hears them, and all of it from one origin', async () => {
    const host = await house.visit(await house.link('host', 'Mira'), [...both]);
    const panelist = await house.visit(await house.link('panelist', 'Jonas'), [...both], phone);
    await host.join();
    await panelist.join();
    const viewer = await house.visit(await house.link('viewer', 'Priya'));
    await viewer.at('watch').click();
    await Promise.all([host, panelist, viewer].map((each) => each.seesProgram()));
    expect(await viewer.hears()).toBeGreaterThan(0.01);
    expect(await house.tiles()).toHaveLength(2);
    const rows = host.page.locator('[data-test=person]');
    await until('the list shows three', async () => (await rows.count()) === 3);
    for (const visitor of house.visitors) {
      expect(visitor.asked.filter((url) => new URL(url).host !== new URL(house.server.url).host)).toEqual([]);
    }
  });

  test('mute and camera off reach the room, and the camera is let go', async () => {
    const host = await house.visit(await house.link('host', 'Mira'), [...both]);
    await host.join();
    await host.seesProgram();
    await host.page.keyboard.press('m');
    await host.at('camera').click();
    await until('muted', async () => (await house.known('Mira'))?.audio === 'muted');
    await until('camera off', async () => (await house.known('Mira'))?.video === 'muted');
    await until('tile off', async () => (await house.tiles())[0]?.state === 'off');
    expect(await host.at('own-video').evaluate((video) => (video as HTMLVideoElement).srcObject)).toBeNull();
    await host.at('camera').click();
    await until('tile live', async () => (await house.tiles())[0]?.state === 'live');
  });

  test('leaving, and closing the page, free the tile at once', async () => {
    const leaver = await house.visit(await house.link('panelist', 'Leaver'), [...both]);
    const closer = await house.visit(await house.link('panelist', 'Closer'), [...both]);
    await leaver.join();
    await closer.join();
    const tiles = async () => (await house.tiles()).length;
    await until('two tiles', async () => (await tiles()) === 2);
    await leaver.at('leave').click();
    await leaver.at('ended').waitFor();
    await until('one tile', async () => (await tiles()) === 1, { timeoutMs: 1000 });
    await closer.page.close({ runBeforeUnload: false });
    await until('no tile', async () => (await tiles()) === 0, { timeoutMs: 2000 });
  });

  test('a host mutes and removes somebody, invites, and changes the title', async () => {
    const host = await house.visit(await house.link('host', 'Mira'), [...both]);
    const guest = await house.visit(await house.link('panelist', 'Jonas'), [...both]);
    await host.join();
    await guest.join();
    await host.at('mute-person').click();
    await guest.page.locator('[data-test=mute][aria-pressed=true]').waitFor();
    await guest.page.locator('[data-test=notice][data-topic=host-audio]').waitFor();

    await host.at('edit-title').click();
    await host.at('title-input').fill('Quarterly <b>results</b>');
    await host.page.keyboard.press('Enter');
    await until(
      'the guest reads it',
      async () => (await guest.at('room-title').textContent()) === 'Quarterly <b>results</b>',
    );

    await host.at('invite').click();
    await host.at('invite-name').fill('Ana');
    await host.at('invite-viewer').check();
    await host.at('invite-make').click();
    const invited = await house.visit(await host.at('invite-url').inputValue());
    await invited.at('watch').waitFor();
    await host.at('invite-dialog-close').click();

    await host.page
      .locator('[data-test=person]', { hasText: 'Jonas' })
      .locator('[data-test=remove-person]')
      .click();
    await host.at('confirm-yes').click();
    await guest.page.locator('[data-test=ended][data-reason=removed]').waitFor();
    await guest.page.reload();
    await guest.page.locator('[data-test=ended][data-code=unauthorized]').waitFor();
  });

  test('a link opened again elsewhere hands over, and can be taken back', async () => {
    const url = await house.link('viewer', 'Priya');
    const first = await house.visit(url);
    await first.at('watch').click();
    const second = await house.visit(url);
    await first.page.locator('[data-test=ended][data-reason=replaced]').waitFor();
    await first.at('again').click();
    await second.page.locator('[data-test=ended][data-reason=replaced]').waitFor();
  });
});

describe('links', () => {
  test.each([
    ['without a token', '/r/demo', 'no-token'],
    ['with a damaged token', '/r/demo#abc', 'bad-token'],
  ])('a link %s says what is wrong', async (_what, path, code) => {
    const guest = await house.visit(house.server.url + path);
    await guest.page.locator(`[data-test=ended][data-code=${code}]`).waitFor();
  });

  test('a forged link is refused in the server’s words', async () => {
    const url = await house.link('host', 'Mallory');
    const guest = await house.visit(`${url.slice(0, -4)}AAAA`);
    await guest.page.locator('[data-test=ended][data-code=unauthorized]').waitFor();
  });

  test('the landing page takes a link', async () => {
    const guest = await house.visit(`${house.server.url}/`);
    await guest.at('link-input').fill('https://example.org/');
    await guest.at('open-link').click();
    await guest.page.getByRole('alert').waitFor();
    await guest.at('link-input').fill(await house.link('viewer', 'Priya'));
    await guest.at('open-link').click();
    await guest.at('watch').waitFor();
  });
});

test('on a phone nothing is wider than the screen and everything can be touched', async () => {
  const host = await house.visit(await house.link('host', 'Mira'), [...both], phone);
  await host.join();
  await host.seesProgram();
  const { wide, small } = await host.page.evaluate(() => ({
    wide: document.documentElement.scrollWidth - innerWidth,
    small: [...document.querySelectorAll<HTMLElement>('button, select')]
      .filter((each) => each.checkVisibility())
      .map((each) => ({ name: each.dataset.test, box: each.getBoundingClientRect() }))
      .filter(({ box }) => box.width < 44 || box.height < 44 || box.right > innerWidth + 1)
      .map(({ name, box }) => `${name} ${box.width}×${box.height}`),
  }));
  expect(wide).toBeLessThanOrEqual(0);
  expect(small).toEqual([]);
});

test('after the server was killed and started again, everybody is back within two seconds', async () => {
  const host = await house.visit(await house.link('host', 'Mira'), [...both]);
  await host.join();
  const viewer = await house.visit(await house.link('viewer', 'Priya'));
  await viewer.at('watch').click();
  await viewer.seesProgram();
  await house.restart(() => viewer.at('condition').waitFor());
  const sinceMs = performance.now();
  await viewer.seesProgram();
  expect(performance.now() - sinceMs).toBeLessThan(2000);
  await viewer.at('condition').waitFor({ state: 'detached' });
  await until('the host is on stage', async () => (await house.known('Mira'))?.onStage);
});
