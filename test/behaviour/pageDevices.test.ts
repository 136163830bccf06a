import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
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

test('both denied: says so, and lets one listen', async () => {
  const guest = await house.visit(await house.link('panelist', 'Shy'));
  await guest.at('allow').click();
  expect(await guest.at('both-problem').getAttribute('data-code')).toBe('denied');
  await guest.at('join').click();
  await guest.seesProgram();
  expect((await house.known('Shy'))?.onStage).toBe(false);
});

test('camera denied: on stage with sound, as an avatar', async () => {
  const guest = await house.visit(await house.link('panelist', 'Voice'), ['microphone']);
  await guest.at('allow').click();
  expect(await guest.at('camera-problem').getAttribute('data-code')).toBe('denied');
  await guest.at('join').click();
  await until('on stage', async () => (await house.known('Voice'))?.onStage);
  await until('avatar', async () => (await house.tiles())[0]?.state === 'off');
});

test('camera in use elsewhere: says so, and joins without it', async () => {
  const guest = await house.visit(await house.link('panelist', 'Busy'), [...both]);
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
  const guest = await house.visit(await house.link('panelist', 'Loose'), [...both]);
  await guest.join();
  await until('seen', async () => (await house.tiles())[0]?.state === 'live');
  await guest.page.context().clearPermissions();
  await guest.page.context().grantPermissions(['microphone']);
  await guest.page.locator('[data-test=notice][data-topic=camera]').waitFor();
  await until('avatar', async () => (await house.tiles())[0]?.state === 'off');
});

test('without HTTPS: says so and names the address', async () => {
  const url = await house.link('panelist', 'Plain', house.server.url.replace('127.0.0.1', 'webinar.test'));
  const guest = await house.visit(url, [], phone);
  await guest.at('allow').click();
  expect(await guest.at('both-problem').getAttribute('data-code')).toBe('insecure');
  expect(await guest.at('secure-link').getAttribute('href')).toBe(url.replace('http:', 'https:'));
});

test('joined to listen, somebody is asked for each device when they want it', async () => {
  const guest = await house.visit(await house.link('panelist', 'Late'), [...both]);
  await guest.at('listen-only').click();
  await guest.seesProgram();
  await guest.at('mute').click();
  await until(
    'heard',
    async () => (await house.known('Late'))?.onStage && (await house.known('Late'))?.audio === 'on',
  );
  expect((await house.known('Late'))?.video).toBe('muted');
  await guest.at('camera').click();
  await until('seen', async () => (await house.tiles())[0]?.state === 'live');
});
