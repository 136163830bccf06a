/** Sound for those whose network loses packets. */

import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { NarrowLink } from '../harness/narrowLink.ts';
import { ServerProcess } from '../harness/server.ts';
import { Stage } from '../harness/stage.ts';
import { Studio } from '../harness/studio.ts';
import { until } from '../harness/until.ts';

jest.setTimeout(60_000);

const TONE_HZ = 820;

let server: ServerProcess;
let studio: Studio;
let link: NarrowLink;

beforeAll(async () => {
  server = await ServerProcess.start();
  studio = await Studio.open();
  link = await NarrowLink.open(3);
});

afterAll(async () => {
  await studio?.close();
  link?.close();
  await server?.stop();
});

test('sound with error correction is encoded while somebody loses packets, and they hear it', async () => {
  const encoders = () => server.rest.metric('rostrum_audio_encoders');
  const stage = await Stage.open(server, studio);
  await stage.speak('Speaker', { toneHz: TONE_HZ });
  const { viewer: other } = await stage.watch();
  const { viewer, answer } = await stage.watch({ via: link.port });
  link.connect(answer);
  const isHeard = ([level]: number[]) => level! > -60;
  await stage.untilHeard(viewer, [TONE_HZ], isHeard);
  expect(await encoders()).toBe(1);
  link.down.shape = { loss: 0.1 };
  await until('both ways of coding it', async () => (await encoders()) === 2, { timeoutMs: 20_000 });
  await stage.untilHeard(viewer, [TONE_HZ], isHeard);
  await stage.untilHeard(other, [TONE_HZ], isHeard);
  await studio.call('stopWatching', viewer);
  await until('the usual one alone', async () => (await encoders()) === 1);
  await stage.untilHeard(other, [TONE_HZ], isHeard);
});
