/**
 * A rendition whose only viewers have a narrow network is encoded for that, and as before when it widens.
 * Wants a quiet machine. Writes `docs/reports/fan-rate.json`.
 */

import { afterAll, beforeAll, jest, test } from '@jest/globals';
import { LongReport, say } from '../harness/longReport.ts';
import { NarrowLink } from '../harness/narrowLink.ts';
import { ServerProcess } from '../harness/server.ts';
import { Stage } from '../harness/stage.ts';
import { Studio } from '../harness/studio.ts';
import { until } from '../harness/until.ts';

jest.setTimeout(180_000);

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

/** Waits until what comes is as it should be; @returns after how long, ms */
async function untilReceived(
  what: string,
  viewer: number,
  ready: (kbps: number, fps: number) => boolean,
): Promise<number> {
  const fromMs = performance.now();
  await until(
    what,
    async () => {
      const { kbps, fps } = await received(viewer);
      say(`  ${Math.round(kbps)} kbit/s, ${Math.round(fps)} pictures a second`);
      if (ready(kbps, fps)) return true;
      throw new Error(`${Math.round(kbps)} kbit/s, ${Math.round(fps)} pictures a second`);
    },
    { timeoutMs: 50_000 },
  );
  return Math.round(performance.now() - fromMs);
}

test('the rate of a rendition goes down to what its only viewer can take, and up again', () =>
  new LongReport('fan-rate').case('rate', async (figures) => {
    const video = { width: 640, height: 360, kbps: OWN_KBPS, codec: 'h264' as const, ladder: [] };
    const stage = await Stage.open(server, studio, { video });
    const speaker = await stage.speak('Speaker', { detail: 0.35, width: 640, height: 360 });
    await stage.pictureOf(speaker);
    const { viewer, answer } = await stage.watch({ via: link.port });
    link.connect(answer);
    await stage.untilStats(viewer, 'pictures', ({ framesDecoded }) => framesDecoded > 30);
    await untilReceived('it is sent at its own rate', viewer, (kbps) => kbps > OWN_KBPS * 0.7);

    link.down.shape = { kbps: LINK_KBPS, queueMs: 300 };
    // As little as the bounds allow, and whole: the network itself would carry more.
    figures.downMs = await untilReceived('it is encoded for the network', viewer, (kbps, fps) => {
      return kbps < OWN_KBPS * 0.65 && kbps > OWN_KBPS * 0.45 && fps > 24;
    });
    const { dropped } = link.down;
    figures.narrow = await received(viewer);
    const droppedThen = link.down.dropped - dropped;
    const { height } = await studio.call('stats', viewer);
    Object.assign(figures, { droppedThen, height });

    link.down.shape = {};
    figures.upMs = await untilReceived('it has its own rate again', viewer, (kbps) => kbps > OWN_KBPS * 0.75);
    return [
      ['droppedThen', droppedThen, '=', 0],
      ['height', height, '=', 360],
      ['upMs', Number(figures.upMs), '<=', 30_000],
    ];
  }));
