import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { nowUs } from '../../../../src/rtc/clock.ts';
import type { Delivery, FromDelivery, RtcSettings, ToDelivery } from '../../../../src/rtc/contract.ts';
import { sequenceOf } from '../../../../src/rtc/rtp/header.ts';
import { createShardedDelivery } from '../../../../src/rtc/shards/delivery.ts';
import { workerProgram } from '../../../../src/rtc/shards/thread.ts';
import { until } from '../../../harness/until.ts';
import { PictureSource } from '../deliver/pictures.ts';
import { TestPeer } from '../testPeer.ts';

const settings: RtcSettings = {
  portRange: [43_200, 43_399],
  publicAddresses: [],
  connectTimeoutMs: 5_000,
  maxRemoteCandidates: 8,
  maxVideoKbps: 1_500,
  workers: 2,
};

type Reply<Type extends FromDelivery['type']> = Extract<FromDelivery, { type: Type }>;

/** A thread of a busy machine takes its time to start. */
const SPREAD_MS = 20_000;
jest.setTimeout(30_000);

const open: { close(): void | Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.close();
});

class House {
  readonly delivery: Delivery;
  readonly messages: FromDelivery[] = [];
  readonly logged: object[] = [];
  #waiting: (() => void)[] = [];

  constructor(more: Partial<RtcSettings> = {}, program?: string) {
    const log = { error: (fields: object) => void this.logged.push(fields) };
    this.delivery = createShardedDelivery(log, program)({ ...settings, ...more }, (message) => {
      this.messages.push(message);
      for (const resolve of this.#waiting.splice(0)) resolve();
    });
    open.push(this.delivery);
    this.post({ type: 'add-source', source: 'picture', media: 'video', codec: 'vp8' });
  }

  post(message: ToDelivery): void {
    this.delivery.post(message);
  }

  async next<Type extends FromDelivery['type']>(
    type: Type,
    fits: (message: Reply<Type>) => boolean = () => true,
  ): Promise<Reply<Type>> {
    for (;;) {
      const at = this.messages.findIndex((each) => each.type === type && fits(each as Reply<Type>));
      if (at >= 0) return this.messages.splice(at, 1)[0] as Reply<Type>;
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  create(subscriber: string, offer: string): void {
    this.post({
      type: 'create',
      subscriber,
      offer,
      origin: { loopback: true },
      audio: ['sound'],
      video: [{ vp8: [{ source: 'picture', height: 720, kbps: 2000 }] }],
      prefer: ['vp8'],
    });
  }

  async watch(subscriber: string): Promise<TestPeer> {
    const peer = await TestPeer.open();
    open.push(peer);
    this.create(subscriber, peer.offer('recvonly'));
    const { answer } = await this.next('created', (each) => each.subscriber === subscriber);
    peer.accept(answer);
    await peer.connected();
    await this.next('state', (each) => each.subscriber === subscriber && each.state === 'connected');
    peer.stopChecks();
    return peer;
  }

  threads() {
    return this.delivery.threads!().map(({ thread, subscribers }) => [thread, subscribers]);
  }

  /** Both threads have viewers: a second one is started as soon as the first has any. */
  async spread(): Promise<[TestPeer, TestPeer]> {
    const one = await this.watch('a');
    const deadlineMs = performance.now() + SPREAD_MS;
    for (let i = 0; performance.now() < deadlineMs; i++) {
      const other = await this.watch(`b${i}`);
      if (this.threads()[1]?.[1] === 1) return [one, other];
      this.post({ type: 'close', subscriber: `b${i}` });
    }
    throw new Error('the second thread got nobody');
  }
}

const pictures = () => new PictureSource({ sequence: 1, timestamp: 7, pictureId: 5, ptsUs: nowUs() });

describe('viewers in two threads', () => {
  test('both get the same pictures; statistics are of both', async () => {
    const house = new House();
    const [one, other] = await house.spread();
    const source = pictures();
    const key = source.next(true);
    // The picture lies in the middle of something larger, which must neither be sent along nor taken away.
    const chunk = Buffer.concat([Buffer.alloc(1_000), key, Buffer.alloc(1_000)]);
    house.post({ type: 'media', source: 'picture', picture: chunk.subarray(1_000, 1_000 + key.length) });
    house.post({ type: 'media', source: 'picture', picture: source.next() });
    await one.until('pictures', () => one.rtp.length === 4);
    await other.until('pictures', () => other.rtp.length === 4);
    expect(chunk.subarray(1_000, 1_000 + key.length)).toEqual(key);
    for (const [i, packet] of one.rtp.entries()) {
      // VP8: what follows picture id and TL0PICIDX is as it was.
      expect(packet.subarray(17)).toEqual(other.rtp[i]!.subarray(17));
    }
    house.post({ type: 'stats', request: 3 });
    const { request, subscribers } = await house.next('stats');
    expect(request).toBe(3);
    expect(subscribers.map(({ packets }) => packets)).toEqual([4, 4]);
    expect(house.threads()).toEqual([
      ['delivery-1', 1],
      ['delivery-2', 1],
    ]);
  }, 30_000);

  test('who comes first into a thread begins with the pictures of the last second', async () => {
    const house = new House();
    const one = await house.watch('a');
    await house.next('key-frame-wanted');
    const source = pictures();
    house.post({ type: 'media', source: 'picture', picture: source.next(true) });
    house.post({ type: 'media', source: 'picture', picture: source.next() });
    await one.until('pictures', () => one.rtp.length === 4);
    house.post({ type: 'close', subscriber: 'a' });
    house.messages.length = 0;
    const other = await house.watch('b');
    await other.until('the young pictures', () => other.rtp.length === 4);
    expect(house.messages.filter(({ type }) => type === 'key-frame-wanted')).toEqual([]);
  }, 30_000);

  test('patches and ends find their thread; those of nobody are answered, too', async () => {
    const house = new House();
    const [, other] = await house.spread();
    house.post({ type: 'patch', subscriber: 'nobody', request: 1, fragment: '' });
    expect(await house.next('patch-failed')).toMatchObject({ request: 1, code: 'no-such-session' });
    house.post({ type: 'patch', subscriber: 'a', request: 2, fragment: 'nonsense' });
    expect(await house.next('patch-failed')).toMatchObject({ request: 2, code: 'sdp-malformed' });
    other.leave();
    expect(await house.next('state')).toMatchObject({ state: 'closed' });
    expect(house.threads().map(([, subscribers]) => subscribers)).toEqual([1, 0]);
    house.post({ type: 'stats', request: 9 });
    expect((await house.next('stats')).subscribers.map(({ subscriber }) => subscriber)).toEqual(['a']);
  }, 30_000);
});

/** No viewer wishes for that. */
const DEADLY_HEIGHT = 13;

/** A thread that dies of a certain fragment or height: no message of ours does that. */
async function mortal(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'rostrum-shard-'));
  open.push({ close: () => rm(folder, { recursive: true }) });
  const program = join(folder, 'worker.mjs');
  writeFileSync(
    program,
    `import { parentPort } from 'node:worker_threads';
     await import(${JSON.stringify(pathToFileURL(workerProgram()).href)});
     parentPort.on('message', ({ fragment, maxHeight }) => {
       if (fragment === 'die' || maxHeight === ${DEADLY_HEIGHT}) throw new Error('of a bug');
       if (fragment === 'hang') for (const end = Date.now() + 600; Date.now() < end; );
     });`,
  );
  return program;
}

/** A thread that says how late it is, and then nothing any more. */
async function lateThenSilent(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'rostrum-shard-'));
  open.push({ close: () => rm(folder, { recursive: true }) });
  const program = join(folder, 'worker.mjs');
  writeFileSync(
    program,
    `import { parentPort } from 'node:worker_threads';
     parentPort.on('message', ({ type }) => type === 'end' && parentPort.close());
     parentPort.postMessage({ type: 'ready' });
     const lag = (...counts) => ({ boundsMs: [300, 340], counts, sumMs: 0 });
     parentPort.postMessage({ type: 'load', lag: lag(10_000, 0, 0) });
     parentPort.postMessage({ type: 'load', lag: lag(10_000, 2, 0) });`,
  );
  return program;
}

test('it is known how late the latest thread was in the last second, and that one is silent', async () => {
  const { delivery } = new House({ workers: 1 }, await lateThenSilent());
  expect(delivery.lagMs!()).toBe(0);
  await until('it has told', () => delivery.lagMs!() > 300);
  expect(delivery.lagMs!()).toBeLessThanOrEqual(340);
  // Since its start hardly anything was late, and whoever asks first leaves as much to the next.
  for (const { lagP99Ms } of [...delivery.threads!(), ...delivery.threads!()]) {
    expect(lagP99Ms).toBeGreaterThan(290);
    expect(lagP99Ms).toBeLessThan(300);
  }
  await until('its silence counts', () => delivery.lagMs!() > 1_000);
}, 30_000);

describe('a thread that fails', () => {
  test('its viewers are told, the others go on, and another one takes new viewers', async () => {
    const house = new House({}, await mortal());
    const [, other] = await house.spread();
    house.messages.length = 0;
    house.post({ type: 'patch', subscriber: 'a', request: 1, fragment: 'die' });
    const reason = 'its thread ended: of a bug';
    expect(await house.next('state')).toEqual({ type: 'state', subscriber: 'a', state: 'failed', reason });
    expect(house.logged).toEqual([{ reason: 'of a bug', viewers: 1 }]);
    const source = pictures();
    house.post({ type: 'media', source: 'picture', picture: source.next(true) });
    await other.until('pictures', () => other.rtp.length === 2);
    const again = await house.watch('c');
    house.post({ type: 'media', source: 'picture', picture: source.next(true) });
    await again.until('pictures', () => again.rtp.length >= 2);
    house.post({ type: 'stats', request: 1 });
    expect((await house.next('stats')).subscribers).toHaveLength(2);
  }, 30_000);

  test('who waits for it to answer a patch waits no longer', async () => {
    const house = new House({ workers: 1 }, await mortal());
    await house.watch('a');
    house.post({ type: 'limit', subscriber: 'a', maxHeight: DEADLY_HEIGHT });
    house.post({ type: 'patch', subscriber: 'a', request: 4, fragment: '' });
    expect(await house.next('patch-failed')).toMatchObject({ request: 4, code: 'no-such-session' });
  }, 30_000);

  test('one that cannot start refuses viewers instead of keeping them waiting', async () => {
    const house = new House({}, '/nowhere/worker.js');
    const peer = await TestPeer.open();
    open.push(peer);
    house.create('a', peer.offer('recvonly'));
    expect(await house.next('refused')).toMatchObject({ subscriber: 'a', code: 'full' });
    house.create('b', peer.offer('recvonly'));
    expect(await house.next('refused')).toMatchObject({ subscriber: 'b', code: 'full' });
  });

  test('one that is too far behind is given nothing until it has caught up, and then a key frame', async () => {
    const house = new House({ workers: 1 }, await mortal());
    const peer = await house.watch('a');
    await house.next('key-frame-wanted');
    const source = pictures();
    house.post({ type: 'media', source: 'picture', picture: source.next(true) });
    await peer.until('the first picture', () => peer.rtp.length === 2);
    house.post({ type: 'patch', subscriber: 'a', request: 1, fragment: 'hang' });
    house.messages.length = 0;
    const timer = setInterval(
      () => house.post({ type: 'media', source: 'picture', picture: source.next() }),
      20,
    );
    open.push({ close: () => clearInterval(timer) });
    await house.next('key-frame-wanted');
    clearInterval(timer);
    house.post({ type: 'media', source: 'picture', picture: source.next(true) });
    const before = peer.rtp.length;
    await peer.until('the key frame', () => peer.rtp.length > before);
    const [{ droppedPictures } = { droppedPictures: 0 }] = house.delivery.threads!();
    expect(droppedPictures).toBeGreaterThan(5);
    const steps = peer.rtp.slice(1).map((packet, i) => sequenceOf(packet) - sequenceOf(peer.rtp[i]!));
    expect(steps.every((step) => step === 1)).toBe(true);
  }, 30_000);
});

test('after close there is no thread, and nothing is answered', async () => {
  const house = new House();
  const peer = await house.watch('a');
  await Promise.all([house.delivery.close(), house.delivery.close()]);
  await peer.until('close_notify', () => peer.closeNotified);
  house.messages.length = 0;
  house.post({ type: 'stats', request: 1 });
  expect(house.threads()).toEqual([]);
  expect(house.messages).toEqual([]);
  expect(process.getActiveResourcesInfo().filter((name) => name === 'MessagePort')).toEqual([]);
}, 30_000);
