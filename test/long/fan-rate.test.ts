/** A rendition whose only viewers have a narrow network is encoded for that. Wants a quiet machine. */

import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { NarrowLink } from '../harness/narrowLink.ts';
import { ServerProcess } from '../harness/server.ts';
import { Stage } from '../harness/stage.ts';
import { Studio } from '../harness/studio.ts';
import { until } from '../harness/until.ts';

jest.setTimeout(90_000);

const OWN_KBPS = 600;
/** Too little for that and its sound, enough for 0.6 of it. */
const LINK_KBPS = 560;
const LOOK_MS = 3_000;

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

/** What came to a viewer in a while: kbit/s of pictures, and pictures a second. */
async function received(viewer: number): Promise<{ kbps: number; fps: number }> {
  const [before, beforeMs] = [await studio.call('stats', viewer), performance.now()];
  await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  const [after, ms] = [await studio.call('stats', viewer), performance.now() - beforeMs];
  return {
    kbps: ((after.bytesReceived - before.bytesReceived) * 8) / ms,
    fps: ((after.framesDecoded - before.framesDecoded) * 1000) / ms,
  };
}

test('the rate of a rendition goes down to what its only viewer can take', async () => {
  const video = { width: 640, height: 360, kbps: OWN_KBPS, codec: 'h264' as const, ladder: [] };
  const stage = await Stage.open(server, studio, { video });
  const speaker = await stage.speak('Speaker', { detail: 0.35, width: 640, height: 360 });
  await stage.pictureOf(speaker);
  const { viewer, answer } = await stage.watch({ via: link.port });
  link.connect(answer);
  await stage.untilStats(viewer, 'pictures', ({ framesDecoded }) => framesDecoded > 30);
  await until('it is sent at its own rate', async () => (await received(viewer)).kbps > OWN_KBPS * 0.7);

  link.down.shape = { kbps: LINK_KBPS, queueMs: 300 };
  await until(
    'it is encoded for the network',
    async () => {
      const { kbps, fps } = await received(viewer);
      // As little as the bounds allow, and whole: the network itself would carry more.
      if (kbps < OWN_KBPS * 0.65 && kbps > OWN_KBPS * 0.45 && fps > 24) return true;
      throw new Error(`${Math.round(kbps)} kbit/s, ${Math.round(fps)} pictures a second`);
    },
    { timeoutMs: 50_000 },
  );
  const { dropped } = link.down;
  await received(viewer);
  expect(link.down.dropped).toBe(dropped);
  expect((await studio.call('stats', viewer)).height).toBe(360);
});
