import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createLiveRooms } from '../../../src/live/liveRooms.ts';
import { until } from '../../harness/until.ts';
import { MemoryRtc } from './memoryRtc.ts';

/** What a server does with the files of rooms that an earlier one had. */

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rostrum-lost-'));
  for (const room of ['gone', 'back']) {
    mkdirSync(join(folder, '.rooms', room), { recursive: true });
    writeFileSync(join(folder, '.rooms', room, 'hold.mp3'), 'ID3 and sound');
  }
  writeFileSync(join(folder, 'shared.mp3'), 'ID3 and sound');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function start(lostMs: number) {
  const logged: [object, string][] = [];
  const silent = () => {};
  const { createPublisher, checkOffer, countSlots, createDelivery } = new MemoryRtc();
  const rooms = createLiveRooms({
    rtc: {
      ...{ portRange: [40000, 40100], publicAddresses: [], connectTimeoutMs: 1000 },
      ...{ maxRemoteCandidates: 4, maxVideoKbps: 1000 },
    },
    ...{ createPublisher, checkOffer, countSlots, createDelivery, engine: { spare: false } },
    library: { folder, maxBytes: 1e6, maxShelfBytes: 1e7, lowWaterBytes: 0, lostMs },
    log: { debug: silent, warn: silent, error: silent, info: (fields, text) => logged.push([fields, text]) },
  });
  return { rooms, logged };
}

test('they wait for their room to be made anew, and go when it is not, with a line in the log', async () => {
  const { rooms, logged } = start(300);
  await rooms.open();
  const back = rooms.create({ id: 'back' });
  expect(existsSync(join(folder, '.rooms', 'gone', 'hold.mp3'))).toBe(true);
  await until('the lost ones are gone', () => readdirSync(join(folder, '.rooms')).join() === 'back');
  const line = [{ room: 'gone', files: 1 }, 'files of a room that is no more were removed'];
  await until('it is logged', () => logged.length > 0);
  expect(logged).toEqual([line]);
  expect(back.files.list().map(({ name }) => name)).toEqual(['hold.mp3', 'shared.mp3']);
  expect(rooms.files.list().map(({ name }) => name)).toEqual(['shared.mp3']);
  await rooms.close();
});

test('a server that ends before that leaves them', async () => {
  const { rooms } = start(20);
  await rooms.open();
  await rooms.close();
  await new Promise((resolve) => setTimeout(resolve, 60));
  expect(readdirSync(join(folder, '.rooms')).sort()).toEqual(['back', 'gone']);
});
