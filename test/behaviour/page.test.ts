import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import type { Role } from '../../src/live/contract.ts';
import { ServerProcess } from '../harness/server.ts';
import { until } from '../harness/until.ts';
import { launchPeople, phone, Visitor } from '../harness/visitor.ts';

jest.setTimeout(60_000);

const both = ['camera', 'microphone'] as const;
const room = 'demo';
const settings = { ROSTRUM_DEMO: 'on', ROSTRUM_SECRET: 'signs-the-links-of-the-page-tests-0123456789' };

let browser: Browser;
let server: ServerProcess;
let visitors: Visitor[] = [];

beforeAll(async () => {
  [browser, server] = await Promise.all([launchPeople(), ServerProcess.start(settings)]);
});

afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

afterEach(async () => {
  const faults = visitors.flatMap((visitor) => visitor.faults);
  await Promise.all(visitors.map((visitor) => visitor.close()));
  visitors = [];
  expect(faults).toEqual([]);
  // A page closed between its offer and the answer leaves a session that the server's own timer frees.
  const empty = async () => (await server.rest.participants(room)).length === 0;
  await until('everybody has left', empty, { timeoutMs: 20_000 });
});

async function link(role: Role, name: string, at = server.url): Promise<string> {
  return `${at}/r/${room}#${await server.rest.token(room, role, name)}`;
}

async function visit(
  ...given: Parameters<typeof Visitor.open> extends [Browser, ...infer Rest] ? Rest : never
) {
  const visitor = await Visitor.open(browser, ...given);
  visitors.push(visitor);
  return visitor;
}

/** What the server knows of somebody. */
async function known(name: string) {
  return (await server.rest.participants(room)).find((each) => each.name === name);
}

describe('the page', () => {
  test('host and panelist go on stage, the viewer sees and hears them, and all of it from one origin', async () => {
    const host = await visit(await link('host', 'Mira'), [...both]);
    const panelist = await visit(await link('panelist', 'Jonas'), [...both], phone);
    await host.join();
    await panelist.join();
    const viewer = await visit(await link('viewer', 'Priya'));
    await viewer.at('watch').click();
    await Promise.all([host, panelist, viewer].map((each) => each.seesProgram()));
    expect(await viewer.hears()).toBeGreaterThan(0.01);
    expect((await server.rest.room(room)).layout.tiles).toHaveLength(2);
    const rows = host.page.locator('[data-test=person]');
    await until('the list shows three', async () => (await rows.count()) === 3);
    for (const visitor of visitors) {
      expect(visitor.asked.filter((url) => new URL(url).host !== new URL(server.url).host)).toEqual([]);
    }
  });

  test('mute and camera off reach the room, and the camera is let go', async () => {
    const host = await visit(await link('host', 'Mira'), [...both]);
    await host.join();
    await host.seesProgram();
    await host.page.keyboard.press('m');
    await host.at('camera').click();
    await until('muted', async () => (await known('Mira'))?.audio === 'muted');
    await until('camera off', async () => (await known('Mira'))?.video === 'muted');
    await until('tile off', async () => (await server.rest.room(room)).layout.tiles[0]?.state === 'off');
    expect(await host.at('own-video').evaluate((video) => (video as HTMLVideoElement).srcObject)).toBeNull();
    await host.at('camera').click();
    await until('tile live', async () => (await server.rest.room(room)).layout.tiles[0]?.state === 'live');
  });

  test('leaving, and closing the page, free the tile at once', async () => {
    const leaver = await visit(await link('panelist', 'Leaver'), [...both]);
    const closer = await visit(await link('panelist', 'Closer'), [...both]);
    await leaver.join();
    await closer.join();
    const tiles = async () => (await server.rest.room(room)).layout.tiles.length;
    await until('two tiles', async () => (await tiles()) === 2);
    await leaver.at('leave').click();
    await leaver.at('ended').waitFor();
    await until('one tile', async () => (await tiles()) === 1, { timeoutMs: 1000 });
    await closer.page.close({ runBeforeUnload: false });
    await until('no tile', async () => (await tiles()) === 0, { timeoutMs: 2000 });
  });

  test('a host mutes and removes somebody, invites, and changes the title', async () => {
    const host = await visit(await link('host', 'Mira'), [...both]);
    const guest = await visit(await link('panelist', 'Jonas'), [...both]);
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
    const invited = await visit(await host.at('invite-url').inputValue());
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
    const url = await link('viewer', 'Priya');
    const first = await visit(url);
    await first.at('watch').click();
    const second = await visit(url);
    await first.page.locator('[data-test=ended][data-reason=replaced]').waitFor();
    await first.at('again').click();
    await second.page.locator('[data-test=ended][data-reason=replaced]').waitFor();
  });
});

describe('devices', () => {
  test('both denied: says so, and lets one listen', async () => {
    const guest = await visit(await link('panelist', 'Shy'));
    await guest.at('allow').click();
    expect(await guest.at('both-problem').getAttribute('data-code')).toBe('denied');
    await guest.at('join').click();
    await guest.seesProgram();
    expect((await known('Shy'))?.onStage).toBe(false);
  });

  test('camera denied: on stage with sound, as an avatar', async () => {
    const guest = await visit(await link('panelist', 'Voice'), ['microphone']);
    await guest.at('allow').click();
    expect(await guest.at('camera-problem').getAttribute('data-code')).toBe('denied');
    await guest.at('join').click();
    await until('on stage', async () => (await known('Voice'))?.onStage);
    await until('avatar', async () => (await server.rest.room(room)).layout.tiles[0]?.state === 'off');
  });

  test('camera in use elsewhere: says so, and joins without it', async () => {
    const guest = await visit(await link('panelist', 'Busy'), [...both]);
    // What browsers do on systems that give a camera to one program only; the fake camera is shared.
    await guest.page.evaluate(() => {
      const devices = navigator.mediaDevices;
      const real = devices.getUserMedia.bind(devices);
      devices.getUserMedia = (wanted) =>
        wanted?.video ? Promise.reject(new DOMException('in use', 'NotReadableError')) : real(wanted);
    });
    await guest.at('allow').click();
    expect(await guest.at('camera-problem').getAttribute('data-code')).toBe('busy');
    expect(await guest.at('join').getAttribute('data-with')).toBe('sound only');
  });

  test('a camera that goes away while live is told, and the tile is an avatar', async () => {
    const guest = await visit(await link('panelist', 'Loose'), [...both]);
    await guest.join();
    await until('seen', async () => (await server.rest.room(room)).layout.tiles[0]?.state === 'live');
    await guest.page.context().clearPermissions();
    await guest.page.context().grantPermissions(['microphone']);
    await guest.page.locator('[data-test=notice][data-topic=camera]').waitFor();
    await until('avatar', async () => (await server.rest.room(room)).layout.tiles[0]?.state === 'off');
  });

  test('without HTTPS: says so and names the address', async () => {
    const url = await link('panelist', 'Plain', server.url.replace('127.0.0.1', 'webinar.test'));
    const guest = await visit(url, [], phone);
    await guest.at('allow').click();
    expect(await guest.at('both-problem').getAttribute('data-code')).toBe('insecure');
    expect(await guest.at('secure-link').getAttribute('href')).toBe(url.replace('http:', 'https:'));
  });

  test('joined to listen, somebody is asked for each device when they want it', async () => {
    const guest = await visit(await link('panelist', 'Late'), [...both]);
    await guest.at('listen-only').click();
    await guest.seesProgram();
    await guest.at('mute').click();
    await until('heard', async () => (await known('Late'))?.onStage && (await known('Late'))?.audio === 'on');
    expect((await known('Late'))?.video).toBe('muted');
    await guest.at('camera').click();
    await until('seen', async () => (await server.rest.room(room)).layout.tiles[0]?.state === 'live');
  });
});

describe('links', () => {
  test.each([
    ['without a token', '/r/demo', 'no-token'],
    ['with a damaged token', '/r/demo#abc', 'bad-token'],
  ])('a link %s says what is wrong', async (_what, path, code) => {
    const guest = await visit(server.url + path);
    await guest.page.locator(`[data-test=ended][data-code=${code}]`).waitFor();
  });

  test('a forged link is refused in the server’s words', async () => {
    const url = await link('host', 'Mallory');
    const guest = await visit(`${url.slice(0, -4)}AAAA`);
    await guest.page.locator('[data-test=ended][data-code=unauthorized]').waitFor();
  });

  test('the landing page takes a link', async () => {
    const guest = await visit(`${server.url}/`);
    await guest.at('link-input').fill('https://example.org/');
    await guest.at('open-link').click();
    await guest.page.getByRole('alert').waitFor();
    await guest.at('link-input').fill(await link('viewer', 'Priya'));
    await guest.at('open-link').click();
    await guest.at('watch').waitFor();
  });
});

test('on a phone nothing is wider than the screen and everything can be touched', async () => {
  const host = await visit(await link('host', 'Mira'), [...both], phone);
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
  const { port } = new URL(server.url);
  const host = await visit(await link('host', 'Mira'), [...both]);
  await host.join();
  const viewer = await visit(await link('viewer', 'Priya'));
  await viewer.at('watch').click();
  await viewer.seesProgram();
  await server.stop('SIGKILL');
  await viewer.at('condition').waitFor();
  server = await ServerProcess.start({ ...settings, ROSTRUM_PORT: port });
  const sinceMs = performance.now();
  await viewer.at('condition').waitFor({ state: 'detached' });
  await viewer.seesProgram();
  expect(performance.now() - sinceMs).toBeLessThan(2000);
  await until('the host is on stage', async () => (await known('Mira'))?.onStage);
});
