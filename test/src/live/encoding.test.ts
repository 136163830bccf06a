import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { DeliveryLine } from '../../../src/live/deliveryLine.ts';
import { Encoding } from '../../../src/live/encoding.ts';
import type { RtcSettings } from '../../../src/rtc/contract.ts';
import { Bench } from '../engine/harness.ts';
import { MemoryRtc } from './memoryRtc.ts';

const spec = { media: 'video', codec: 'h264', width: 640, height: 360, fps: 30, kbps: 600 } as const;
const settings: RtcSettings = {
  ...{ portRange: [40000, 40100], publicAddresses: [], connectTimeoutMs: 1000 },
  ...{ maxRemoteCandidates: 4, maxVideoKbps: 1000 },
};

let bench: Bench;
let rtc: MemoryRtc;
let encoding: Encoding;
beforeEach(() => {
  bench = new Bench();
  rtc = new MemoryRtc();
  bench.engine.demand(true);
  const line = new DeliveryLine(rtc.createDelivery, settings);
  encoding = new Encoding({ source: 'lab/h264', spec }, bench.engine, line, () => {});
});
afterEach(() => bench.close());

const fits = (kbps: number) =>
  rtc.emit({ type: 'fits', source: 'lab/h264', rungKbps: 600, kbps, leastKbps: kbps, mostKbps: kbps });
const rates = async () =>
  (await bench.told()).flatMap((message) => (message.type === 'encoder-rate' ? [message.kbps] : []));

test('what is recorded keeps its own rate; viewers are followed again when the recording is over', async () => {
  encoding.begin();
  fits(500);
  const listener = { each() {}, keyFrameEveryUs: 0 };
  encoding.addListener(listener);
  fits(400);
  expect(await rates()).toEqual([500, 600]);
  // Who waits for the lower rate is told that it does not come.
  expect(rtc.posted('rate-kept')).toEqual([{ type: 'rate-kept', source: 'lab/h264' }]);
  expect(encoding.removeListener(listener)).toBe(true);
  expect(encoding.removeListener(listener)).toBe(false);
  expect(await rates()).toEqual([500, 600, 400]);
});

test('nothing is encoded before it begins; from then on key frames come as often as anybody asks', async () => {
  fits(500);
  encoding.addListener({ each() {}, keyFrameEveryUs: 4_000_000 });
  encoding.addListener({ each() {}, keyFrameEveryUs: 2_000_000 });
  expect((await bench.told()).filter((message) => 'codec' in message && message.codec === 'h264')).toEqual(
    [],
  );
  encoding.begin();
  encoding.begin();
  const told = (await bench.told()).map((message) => message.type);
  expect(told.filter((type) => type === 'encoder-rate')).toEqual([]);
  const [every, ...more] = (await bench.told()).filter((message) => message.type === 'key-frame-every');
  expect([every, more]).toEqual([expect.objectContaining({ intervalUs: 2_000_000 }), []]);
  encoding.close();
  expect(rtc.posted('remove-source')).toHaveLength(1);
});
