/** The host's button, what everybody is told, and the list that plays and saves. */

import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { House } from '../harness/house.ts';
import { until } from '../harness/until.ts';

jest.setTimeout(60_000);

let house: House;
beforeAll(async () => {
  house = await House.open();
});
afterAll(() => house?.close());

test('a host records, pauses, stops, watches and saves; everybody sees that they are recorded', async () => {
  const host = await house.visit(await house.link('host', 'Mira'), ['camera', 'microphone']);
  await host.join();
  const viewer = await house.visit(await house.link('viewer', 'Priya'));
  await viewer.at('watch').click();
  await viewer.seesProgram();
  expect(await viewer.at('recording').count()).toBe(0);

  await host.at('recording').click();
  await host.at('recording-tracks').check();
  await host.at('recording-start').click();
  await viewer.at('recording-badge').waitFor();
  const elapsed = () => host.page.locator('[data-test=recording-running] time').textContent();
  await until('it counts', async () => (await elapsed()) === '0:02');
  await host.at('recording-mark').click();
  await host.page.getByText(/^Chapter 1 at 0:0\d$/).waitFor();
  await host.at('recording-pause').click();
  await until('the viewer sees the pause', async () =>
    (await viewer.at('recording-badge').textContent())?.includes('Paused'),
  );
  const paused = await elapsed();
  await host.at('recording-resume').click();
  await until('it counts on', async () => (await elapsed()) !== paused);

  const late = await house.visit(await house.link('viewer', 'Late'));
  await late.at('watch').click();
  await late.at('recording-badge').waitFor();

  await host.at('recording-stop').click();
  await viewer.at('recording-badge').waitFor({ state: 'detached' });
  await host.at('recording-play').click();
  const player = host.at('recording-player');
  const played = () => player.evaluate((video) => (video as HTMLVideoElement).currentTime);
  await until('it plays', async () => (await played()) > 1);
  const [download] = await Promise.all([
    host.page.waitForEvent('download'),
    host.at('recording-download').click(),
  ]);
  expect(download.suggestedFilename()).toMatch(/^demo-\d{8}T\d{6}-[0-9a-f]{12}\.mp4$/);
  expect(await download.failure()).toBeNull();
  const parts = await host.at('recordings').textContent();
  for (const part of ['bundle.json', 'poster.jpg', 'track-1-camera']) expect(parts).toContain(part);
  expect(await house.empty()).toEqual([]);
});
