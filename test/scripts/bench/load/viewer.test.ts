import { afterEach, expect, test } from '@jest/globals';
import { writePicture } from '../../../../mixer/protocol/picture.ts';
import { LoadViewer } from '../../../../scripts/bench/load/viewer.ts';
import { rtpPacket } from '../../../../scripts/bench/rtp/header.ts';
import { vp8Payloads } from '../../../../scripts/bench/rtp/packetize.ts';
import { nowUs } from '../../../../src/rtc/clock.ts';
import type { Delivery, FromDelivery } from '../../../../src/rtc/contract.ts';
import { createDelivery } from '../../../../src/rtc/delivery.ts';

const settings = {
  portRange: [42_400, 42_599] as [number, number],
  publicAddresses: [],
  connectTimeoutMs: 5_000,
  maxRemoteCandidates: 8,
  maxVideoKbps: 1_500,
};

const open: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

/** Two speakers who are forwarded, 30 pictures a second; each begins with a key frame when it is asked for. */
class Source {
  readonly #delivery: Delivery;
  readonly #name: string;
  readonly #bytes: number;
  #sequence = 100;
  #count = 0;
  isKeyFrameWanted = true;

  constructor(delivery: Delivery, name: string, bytes: number) {
    this.#delivery = delivery;
    this.#name = name;
    this.#bytes = bytes;
    delivery.post({ type: 'add-source', source: name, media: 'video', codec: 'vp8' });
  }

  send(): void {
    const keyFrame = this.isKeyFrameWanted;
    this.isKeyFrameWanted = false;
    const coded = Buffer.alloc(this.#bytes, keyFrame ? 0 : 1);
    const rtpTimestamp = this.#count++ * 3_000;
    const payloads = vp8Payloads(coded, this.#count);
    const packets = payloads.map((payload, index) => {
      const header = {
        ...{ payloadType: 96, ssrc: 0, timestamp: rtpTimestamp },
        ...{ marker: index === payloads.length - 1, sequence: this.#sequence++ },
      };
      return rtpPacket(header, payload);
    });
    const picture = writePicture({ keyFrame, rtpTimestamp, ptsUs: nowUs(), packets });
    this.#delivery.post({ type: 'media', source: this.#name, picture });
  }
}

test('a viewer receives every stream of pictures, counts them whole and hears them decrypted', async () => {
  let hear: (message: FromDelivery) => void = () => {};
  const sources = new Map<string, Source>();
  const delivery = createDelivery(settings, (message) => {
    if (message.type === 'key-frame-wanted') sources.get(message.source)!.isKeyFrameWanted = true;
    hear(message);
  });
  open.push(() => delivery.close());
  sources.set('one', new Source(delivery, 'one', 2_500));
  sources.set('two', new Source(delivery, 'two', 600));
  const timer = setInterval(() => {
    for (const source of sources.values()) source.send();
  }, 33);
  open.push(() => clearInterval(timer));
  const negotiate = (offer: string) =>
    new Promise<{ answer: string; leave(): Promise<void> }>((resolve) => {
      hear = (message) => {
        if (message.type === 'created') resolve({ answer: message.answer, leave: async () => {} });
      };
      const video = ['one', 'two'].map((source) => ({ vp8: [{ source, height: 720, kbps: 1500 }] }));
      delivery.post({
        ...{ type: 'create', subscriber: 'viewer', offer, origin: { loopback: true } },
        ...{ audio: [null, null], video, prefer: ['vp8'] },
      });
    });
  const heard = new Map<string, number>();
  const { viewer, joinMs } = await LoadViewer.join(negotiate, {
    pairs: 2,
    codecs: ['vp8', 'h264'],
    each: ({ mid }, packet) => heard.set(mid, (heard.get(mid) ?? 0) + (packet.at(-1)! <= 1 ? 1 : 0)),
  });
  open.push(() => viewer.close());
  expect(joinMs).toBeGreaterThan(0);
  expect(joinMs).toBeLessThan(5_000);
  viewer.begin();
  await new Promise<void>((resolve) => {
    const check = setInterval(() => {
      if (!viewer.videoCounts.every(({ pictures }) => pictures >= 10)) return;
      clearInterval(check);
      resolve();
    }, 20);
  });
  const counts = viewer.videoCounts;
  expect(counts).toHaveLength(2);
  expect(counts.map(({ lost }) => lost)).toEqual([0, 0]);
  const perPicture = counts.map(({ packets, pictures }) => Math.round(packets / pictures)).sort();
  expect(perPicture).toEqual([1, 3]);
  expect([...heard.keys()].sort()).toEqual(['1', '3']);
  for (const count of heard.values()) expect(count).toBeGreaterThanOrEqual(10);
});
