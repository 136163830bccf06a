/** The host's streams: begun, watched by a stranger, in trouble, ended. */

import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { House } from '../harness/house.ts';
import { until } from '../harness/until.ts';

jest.setTimeout(60_000);

let house: House;
beforeAll(async () => {
  house = await House.open({ ROSTRUM_EGRESS_PRIVATE_HOSTS: 'on' });
});
afterAll(() => house?.close());

test('a host streams to a page that anybody can watch, hears of trouble, and ends it', async () => {
  const host = await house.visit(await house.link('host', 'Mira'), ['camera', 'microphone']);
  await host.join();
  await host.at('outputs').click();
  await host.at('output-start').click();
  const link = await host.at('output-link').getAttribute('href');
  expect(link).toBe('/watch/demo');

  const stranger = await house.visit(`${house.server.url}${link}`);
  const video = stranger.at('hls-video');
  const position = () => video.evaluate((each) => (each as HTMLVideoElement).currentTime);
  await until('it plays', async () => (await position()) > 1, { timeoutMs: 20_000 });
  await host.page.locator('[data-test=output][data-state=running]').waitFor();

  await host.at('output-type').selectOption('rtmp');
  await host.at('output-url').fill('rtmp://127.0.0.1:9/app/very-secret-key');
  await host.at('output-start').click();
  await host.at('output-error').waitFor();
  expect(await host.at('output-error').textContent()).toBe('the target refuses connections');
  expect(await host.at('outputs-dialog').textContent()).not.toContain('very-secret-key');

  await host.at('output-stop').first().click();
  await stranger.page.locator('[data-test=hls-status]').waitFor({ timeout: 20_000 });
  await host.at('output-stop').click();
  await host.page.locator('[data-test=output]').first().waitFor({ state: 'detached' });
});
