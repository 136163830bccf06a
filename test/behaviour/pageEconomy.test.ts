/** A page sends its camera in the size and rate that its tile needs, and nothing while it is not seen. */

import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import { House } from '../harness/house.ts';
import { Studio } from '../harness/studio.ts';
import { until } from '../harness/until.ts';
import type { Visitor } from '../harness/visitor.ts';

jest.setTimeout(90_000);

let house: House;
let studio: Studio;
beforeAll(async () => {
  [house, studio] = await Promise.all([House.open(), Studio.open()]);
});
afterEach(async () => {
  expect(await house.empty()).toEqual([]);
});
afterAll(async () => {
  await studio?.close();
  await house?.close();
});

interface Sent {
  height: number;
  pictures: number;
  /** Connections that sent and were made since the page began. */
  connections: number;
}

/** Lets a test look into the connections that the page makes. */
const watchConnections = (visitor: Visitor) =>
  visitor.page.addInitScript(() => {
    const all: RTCPeerConnection[] = [];
    Object.assign(globalThis, { all });
    const Original = RTCPeerConnection;
    globalThis.RTCPeerConnection = new Proxy(Original, {
      construct(target, given) {
        const made = Reflect.construct(target, given) as RTCPeerConnection;
        all.push(made);
        return made;
      },
    });
  });

const sent = (visitor: Visitor): Promise<Sent> =>
  visitor.page.evaluate(async () => {
    const { all } = globalThis as unknown as { all: RTCPeerConnection[] };
    const sending = all.filter((each) => each.getTransceivers()[0]?.direction === 'sendonly');
    const stats = [...(await sending.at(-1)!.getStats()).values()];
    const video = stats.find((each) => each.type === 'outbound-rtp' && each.kind === 'video');
    return {
      height: video?.frameHeight ?? 0,
      pictures: video?.framesSent ?? 0,
      connections: sending.length,
    };
  });

const untilHeight = (visitor: Visitor, right: (height: number) => boolean, what: string) =>
  until(
    what,
    async () => {
      const { height } = await sent(visitor);
      if (right(height)) return true;
      throw new Error(`it is ${height} high`);
    },
    { timeoutMs: 25_000 },
  );

test('less in a small tile, all of it alone, none off the stage, without a new connection', async () => {
  const panelist = await house.visit(`${house.server.url}/healthz`, ['camera', 'microphone']);
  await watchConnections(panelist);
  await panelist.page.goto(await house.link('panelist', 'Jonas'));
  await panelist.join();
  await untilHeight(panelist, (height) => height >= 540, 'all of it is sent');
  const others = [];
  for (const name of ['One', 'Two', 'Three', 'Four']) {
    const token = await house.server.rest.token('demo', 'panelist', name);
    others.push(await studio.speak({ server: house.server.url, room: 'demo', token }));
  }
  await untilHeight(panelist, (height) => height > 0 && height <= 360, 'a small tile needs less');
  for (const speaker of others) await studio.call('stopSpeaking', speaker);
  await untilHeight(panelist, (height) => height >= 540, 'all of it is sent again');

  const { id } = (await house.known('Jonas'))!;
  await house.server.rest.patchParticipant('demo', id, { onStage: false });
  let before = -1;
  const isStill = async () => {
    const { pictures } = await sent(panelist);
    const still = pictures === before;
    before = pictures;
    return still;
  };
  await until('nothing is sent', isStill, { timeoutMs: 15_000, everyMs: 1000 });
  // Longer than a connection without word from the server would be kept.
  await new Promise((resolve) => setTimeout(resolve, 7_000));
  const idle = await sent(panelist);
  expect(idle).toMatchObject({ pictures: before, connections: 1 });
  await house.server.rest.patchParticipant('demo', id, { onStage: true });
  await until('pictures again', async () => (await sent(panelist)).pictures > before + 10, {
    timeoutMs: 3_000,
  });
  expect((await sent(panelist)).connections).toBe(1);
});
