import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { RoomEvent } from '../../../src/live/contract.ts';
import { House, type RoomTest } from './house.ts';

/** Speakers are asked for what their tiles need. */

let house: House;
let lab: RoomTest;
beforeEach(() => {
  house = new House({
    rtc: {
      ...{ portRange: [40000, 40100], publicAddresses: [], connectTimeoutMs: 1000 },
      ...{ maxRemoteCandidates: 4, maxVideoKbps: 2500 },
    },
  });
  lab = house.open();
});
afterEach(() => house.close());

/** What a page was told since it was looked at last, as `kind widthxheight kbps`. */
function told(events: RoomEvent[]): string[] {
  const sends = events.flatMap((event) => (event.type === 'send' ? [event] : []));
  events.length = 0;
  return sends.map(({ kind, width, height, kbps, active }) =>
    active ? `${kind} ${width}x${height} ${kbps}` : `${kind} off`,
  );
}

const later = (ms: number) => {
  house.nowMs += ms;
  lab.room.patch({});
};

test('more at once, less after a while, and each only when it has changed', async () => {
  const { events } = lab.join('ada', 'panelist');
  const { peer } = await lab.publish('ada');
  expect(told(events)).toEqual(['camera 1280x720 2200']);
  expect(peer.capKbps).toBe(2750);
  for (const name of ['bob', 'cem', 'dan']) await lab.publish(name);
  later(4900);
  expect(told(events)).toEqual([]);
  later(5000);
  expect(told(events)).toEqual(['camera 640x360 800']);
  lab.room.patch({ layout: 'solo' });
  expect(told(events)).toEqual(['camera 1280x720 2200']);
  lab.room.patch({ layout: 'grid' });
  later(3000);
  lab.room.patch({ layout: 'solo' });
  lab.room.patch({ layout: 'grid' });
  later(3000);
  expect(told(events)).toEqual([]);
  later(5000);
  expect(told(events)).toEqual(['camera 640x360 800']);
});

test('who has no tile sends the least, who is off stage nothing, and is not missed', async () => {
  const { events } = lab.join('bob', 'panelist');
  await lab.publish('ada');
  const { peer } = await lab.publish('bob', 'vp8');
  lab.room.patch({ layout: 'solo' });
  later(5000);
  later(5000);
  expect(told(events).at(-1)).toBe('camera 320x180 250');
  lab.room.patchParticipant('bob', { onStage: false });
  later(5000);
  later(5000);
  expect(told(events)).toEqual(['camera off']);
  house.nowMs += 60_000;
  lab.room.patch({});
  expect(lab.room.participants().find(({ id }) => id === 'bob')).toMatchObject({ connection: 'good' });
  expect(peer.state).toBe('connected');
  lab.room.patchParticipant('bob', { onStage: true });
  expect(told(events)).toEqual(['camera 320x180 250']);
});

test('a session that takes the place of another is told anew, on stage and off', async () => {
  const dan = 'dan of york';
  lab.join(dan, 'panelist');
  for (const name of ['ada', 'bob', 'cem', dan]) await lab.publish(name);
  const { peer } = await lab.publish('ada');
  expect(peer.capKbps).toBe(1000);
  const { events } = lab.join(dan, 'panelist');
  expect(told(events)).toEqual(['camera 640x360 800']);
  lab.room.patchParticipant(dan, { onStage: false, audio: 'muted' });
  later(5000);
  expect(told(events)).toEqual(['camera off']);
  await lab.publish(dan);
  house.nowMs += 60_000;
  lab.room.patch({});
  expect(lab.room.participants().find(({ id }) => id === dan)).toMatchObject({ connection: 'good' });
});

test('screens stay sharp, and a page that joins late is told where it stands', async () => {
  for (const name of ['ada', 'bob', 'cem']) await lab.publish(name);
  await lab.publish('ada', 'vp8', 'screen');
  const { events } = lab.join('ada', 'panelist');
  later(10_000);
  later(10_000);
  expect(told(events)).toContain('screen 1280x720 2200');
  expect(told(lab.join('ada', 'panelist').events).sort()).toEqual([
    'camera 640x360 800',
    'screen 1280x720 2200',
  ]);
});

test('in a room that forwards, all of it is needed', async () => {
  for (const name of ['ada', 'bob', 'cem', 'dan']) await lab.publish(name);
  later(10_000);
  const { events } = lab.join('ada', 'panelist');
  later(10_000);
  expect(told(events)).toEqual(['camera 640x360 800']);
  lab.room.patch({ mode: 'sfu' });
  expect(told(events)).toEqual(['camera 1280x720 2200']);
});

test('it can be switched off', async () => {
  await house.close();
  house = new House({ senderEconomy: false });
  lab = house.open();
  const { events } = lab.join('ada', 'panelist');
  const { peer } = await lab.publish('ada');
  expect([told(events), peer.capKbps]).toEqual([[], undefined]);
});
