import { afterEach, expect, test } from '@jest/globals';
import type { CodedPicture, VideoClip } from '../../../../scripts/bench/load/clip.ts';
import { Pace } from '../../../../scripts/bench/load/pace.ts';
import { LoadPublisher } from '../../../../scripts/bench/load/publisher.ts';
import { vp8Payloads } from '../../../../scripts/bench/rtp/packetize.ts';
import type { Publisher } from '../../../../src/rtc/contract.ts';
import { createPublisher } from '../../../../src/rtc/publisher.ts';
import { headerLength, markerOf, sequenceOf, timestampOf } from '../../../../src/rtc/rtp/header.ts';
import { pictureIdOf, readVp8Descriptor } from '../../../../src/rtc/rtp/vp8.ts';

const settings = {
  portRange: [42_200, 42_399] as [number, number],
  publicAddresses: [],
  connectTimeoutMs: 5_000,
  maxRemoteCandidates: 8,
  maxVideoKbps: 1_500,
};

/** A picture says in its bytes which coding it is of and where in the clip it stands. */
function coding(name: string, keyFrameEvery: number): CodedPicture[] {
  return Array.from({ length: 60 }, (_, at) => {
    const bytes = Buffer.alloc(at % keyFrameEvery === 0 ? 3_000 : 700, at);
    bytes.write(name, 0, 'latin1');
    return {
      keyFrame: at % keyFrameEvery === 0,
      payloads: vp8Payloads(bytes, 0).map((parts) => Buffer.concat(parts)),
    };
  });
}

const clip: VideoClip = {
  codec: 'vp8',
  fps: 30,
  kbps: 1000,
  steady: coding('s', 60),
  refresh: coding('r', 10),
};
const sound = [Buffer.from('one'), Buffer.from('two')];

interface Received {
  coding: string;
  at: number;
  pictureId: number;
  timestamp: number;
  sequence: number;
  marker: boolean;
}

const open: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

/** A real publisher of the server, and what came of the pictures' first packets. */
async function publishing(firstPicture = 0) {
  const received: Received[] = [];
  const sounds: string[] = [];
  const reports: { media: string; ntpUs: number; rtpTimestamp: number }[] = [];
  let heard: () => void = () => {};
  let ingest: Publisher | undefined;
  const negotiate = async (offer: string) => {
    ingest = await createPublisher(offer, { loopback: true }, settings, {
      rtp(media, packet) {
        const header = headerLength(packet);
        if (media === 'audio') sounds.push(packet.toString('latin1', header));
        else received.push(...read(packet, header));
        heard();
      },
      senderReport: (media, { ntpUs, rtpTimestamp }) => reports.push({ media, ntpUs, rtpTimestamp }),
      level() {},
      state() {},
    });
    open.push(() => ingest!.close());
    return { answer: ingest.answer, leave: async () => {} };
  };
  const publisher = await LoadPublisher.open(negotiate, { clip, sound, firstPicture, phaseUs: 5_000 });
  const pace = new Pace();
  open.push(
    () => publisher.close(),
    () => pace.close(),
  );
  pace.add(publisher);
  const until = async (ready: () => boolean) => {
    while (!ready()) {
      await new Promise<void>((resolve) => {
        heard = resolve;
      });
    }
  };
  return { ingest: ingest!, publisher, received, sounds, reports, until };
}

const descriptor = { pictureIdAt: -1, wide: false, tl0At: -1 };

/** Nothing of packets that do not begin a picture. */
function read(packet: Buffer, header: number): Received[] {
  if ((packet[header]! & 0x10) === 0) return [];
  readVp8Descriptor(packet, header, descriptor);
  return [
    {
      coding: packet.toString('latin1', header + 4, header + 5),
      at: packet[header + 5]!,
      pictureId: pictureIdOf(packet, descriptor),
      timestamp: timestampOf(packet),
      sequence: sequenceOf(packet),
      marker: markerOf(packet),
    },
  ];
}

test('pictures go out in order and in real time, from the one that was asked for on', async () => {
  const { received, sounds, reports, until } = await publishing(50);
  const beganMs = performance.now();
  await until(() => received.length >= 31);
  const tookMs = performance.now() - beganMs;
  expect(tookMs).toBeGreaterThan(900);
  expect(received.slice(0, 12).map(({ at }) => at)).toEqual([50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 0, 1]);
  for (const [index, { timestamp, pictureId }] of received.slice(1, 31).entries()) {
    expect(timestamp - received[index]!.timestamp).toBe(3_000);
    expect(pictureId - received[index]!.pictureId).toBe(1);
  }
  expect(sounds.slice(0, 4)).toEqual(['one', 'two', 'one', 'two']);
  // Both streams began at one moment, so their reports must say the same of it.
  const [picture, audio] = ['video', 'audio'].map((media) => reports.find((each) => each.media === media)!);
  expect(Math.abs(picture!.ntpUs - audio!.ntpUs)).toBeLessThan(50_000);
});

test('who asks for a key frame gets one at the next place where there is one, and the clip settles again', async () => {
  const { received, ingest, publisher, until } = await publishing();
  await until(() => received.length >= 3);
  expect(received[0]).toMatchObject({ coding: 's', at: 0 });
  ingest.requestKeyFrame();
  await until(() => received.some(({ coding }) => coding === 'r'));
  const changed = received.find(({ coding }) => coding === 'r')!;
  expect(changed.at % 10).toBe(0);
  expect(changed.at).toBeLessThanOrEqual(20);
  await until(() => received.at(-1)!.coding === 's' && received.at(-1)!.at === 0);
  expect(publisher.keyFrameRequests).toBe(1);
});

test('what was lost is sent again', async () => {
  const { received, ingest, publisher, until } = await publishing();
  await until(() => received.length >= 10);
  const lost = received[5]!;
  const before = received.length;
  ingest.nack('video', [lost.sequence]);
  await until(() => received.slice(before).some(({ sequence }) => sequence === lost.sequence));
  expect(received.slice(before).find(({ sequence }) => sequence === lost.sequence)).toEqual(lost);
  expect(publisher.counts.retransmissions).toBe(1);
});
