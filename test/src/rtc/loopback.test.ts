/** Chromium publishes, Chromium watches; in between nothing but this folder. */

import type { Server } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { parse } from 'sdp-transform';
import type { Delivery, FromDelivery, Publisher, RtcSettings } from '../../../src/rtc/contract.ts';
import { createDelivery } from '../../../src/rtc/delivery.ts';
import { createPublisher } from '../../../src/rtc/publisher.ts';
import { sequenceOf } from '../../../src/rtc/rtp/header.ts';
import { launchBrowser } from '../../harness/browser.ts';
import { publish, type StatsEntry, serveSdp, statsWhen, watch } from './browser.ts';
import { Echo } from './echo.ts';

const settings: RtcSettings = {
  portRange: [42_900, 42_999],
  publicAddresses: [],
  connectTimeoutMs: 10_000,
  maxRemoteCandidates: 16,
  maxVideoKbps: 2_000,
};

/** A publisher whose packets go to a delivery, without a mixer: what SFU mode is. */
class Relay {
  readonly delivery: Delivery;
  readonly states: string[] = [];
  readonly answers: string[] = [];
  publisher: Publisher | undefined;
  reports = 0;
  repaired = 0;
  /** Sequence numbers of video dropped before the relay heard them, and asked for again. */
  readonly missing = new Set<number>();
  lossy = false;
  #echo: { audio: Echo; video: Echo };
  #created: (message: FromDelivery) => void = () => {};

  constructor(codec: 'vp8' | 'h264') {
    this.delivery = createDelivery(settings, (message) => this.#hear(message));
    const forward = (source: string) => (picture: Buffer) =>
      this.delivery.post({ type: 'media', source, picture });
    this.#echo = { audio: new Echo('opus', forward('sound')), video: new Echo(codec, forward('picture')) };
    this.delivery.post({ type: 'add-source', source: 'picture', media: 'video', codec });
    this.delivery.post({ type: 'add-source', source: 'sound', media: 'audio', codec: 'opus' });
  }

  async publish(offer: string): Promise<string> {
    this.publisher = await createPublisher(offer, { loopback: true }, settings, {
      rtp: (media, packet, arrivalUs) => {
        if (media === 'video' && this.#lost(sequenceOf(packet))) return;
        this.#echo[media].push(media, packet, arrivalUs);
      },
      senderReport: () => {
        this.reports++;
      },
      state: (state) => this.states.push(`publisher ${state}`),
    });
    return this.publisher.answer;
  }

  async watch(offer: string, codec: 'vp8' | 'h264'): Promise<string> {
    const created = new Promise<FromDelivery>((resolve) => {
      this.#created = resolve;
    });
    this.delivery.post({
      type: 'create',
      subscriber: 'viewer',
      offer,
      origin: { loopback: true },
      audio: ['sound'],
      video: [{ [codec]: [{ source: 'picture', height: 360, kbps: 600 }] }],
      prefer: [codec],
    });
    const message = await created;
    if (message.type !== 'created') throw new Error(JSON.stringify(message));
    return message.answer;
  }

  /** While lossy, every 50th packet counts as lost once, until its retransmission comes. */
  #lost(sequence: number): boolean {
    if (this.missing.delete(sequence)) {
      this.repaired++;
      return false;
    }
    if (!this.lossy || sequence % 50 !== 0) return false;
    this.missing.add(sequence);
    this.publisher?.nack('video', [sequence]);
    return true;
  }

  #hear(message: FromDelivery): void {
    if (message.type === 'created' || message.type === 'refused') {
      if (message.type === 'created') this.answers.push(message.answer);
      this.#created(message);
    } else if (message.type === 'state') this.states.push(`viewer ${message.state}`);
    else if (message.type === 'key-frame-wanted') this.publisher?.requestKeyFrame();
  }
}

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

const inbound = (stats: StatsEntry[], kind: string) =>
  stats.find((entry) => entry.type === 'inbound-rtp' && entry.kind === kind);
const codecOf = (stats: StatsEntry[], id: unknown) => stats.find((entry) => entry.id === id)?.mimeType;

describe.each(['vp8', 'h264'] as const)('%s', (codec) => {
  let server: Server;
  let relay: Relay;
  let speaker: Page;
  let viewer: Page;

  beforeAll(async () => {
    relay = new Relay(codec);
    const served = await serveSdp((path, offer) =>
      path === '/publish' ? relay.publish(offer) : relay.watch(offer, codec),
    );
    server = served.server;
    speaker = await browser.newPage();
    viewer = await browser.newPage();
    await speaker.goto(served.url);
    await viewer.goto(served.url);
  }, 30_000);

  afterAll(async () => {
    await speaker.close();
    await viewer.close();
    relay.publisher?.close();
    await relay.delivery.close();
    server.close();
  });

  test('a speaker is heard: right codecs, feedback, sender reports', async () => {
    await publish(speaker, '/publish', codec === 'vp8' ? 'VP8' : 'H264');
    expect(relay.publisher!.tracks.map((track) => track.codec)).toEqual(['opus', codec]);
    // Above libwebrtc's start of 300 kbit/s: our transport-cc feedback is understood.
    await statsWhen(speaker, 'sender', (entries) =>
      entries.some(
        (entry) => entry.type === 'candidate-pair' && Number(entry.availableOutgoingBitrate) > 320_000,
      ),
    );
    await statsWhen(speaker, 'sender', (entries) =>
      entries.some(
        (entry) => entry.type === 'remote-inbound-rtp' && Number(entry.roundTripTimeMeasurements) > 1,
      ),
    );
    expect(relay.states).toEqual(['publisher connected']);
    expect(relay.reports).toBeGreaterThan(0);
  }, 30_000);

  test('a viewer sees and hears: one audio, one video, moving', async () => {
    await watch(viewer, '/watch');
    const { media } = parse(relay.answers[0]!);
    expect(media.map(({ type }) => type)).toEqual(['audio', 'video']);
    const stats = await statsWhen(
      viewer,
      'viewer',
      (entries) => Number(inbound(entries, 'video')?.framesDecoded) > 60,
    );
    const video = inbound(stats, 'video')!;
    expect(codecOf(stats, video.codecId)).toBe(codec === 'vp8' ? 'video/VP8' : 'video/H264');
    expect([video.frameWidth, video.frameHeight]).toEqual([640, 360]);
    expect(video.packetsLost).toBe(0);
    expect(Number(video.totalFreezesDuration)).toBeLessThan(0.5);
    expect(Number(inbound(stats, 'audio')?.packetsReceived)).toBeGreaterThan(50);
    expect(stats.filter((entry) => entry.type === 'remote-outbound-rtp')).toHaveLength(2);
    // The speaker's green fills most of the picture.
    const [red, green, blue] = (await viewer.evaluate('shownColour()')) as number[];
    expect(green).toBeGreaterThan(110);
    expect(green! - Math.max(red!, blue!)).toBeGreaterThan(60);
    expect(await viewer.evaluate('streams.size')).toBe(1);
  }, 30_000);

  // What comes late is not sent out of turn: the viewer asks for it, and gets it out of the cache.
  test('what is lost on the way in comes again, there and on the way out', async () => {
    relay.lossy = true;
    await statsWhen(speaker, 'sender', () => relay.repaired >= 3);
    relay.lossy = false;
    const stats = await statsWhen(speaker, 'sender', (entries) =>
      entries.some((entry) => entry.type === 'outbound-rtp' && Number(entry.retransmittedPacketsSent) >= 3),
    );
    const video = stats.find((entry) => entry.type === 'outbound-rtp' && entry.kind === 'video')!;
    expect(video.nackCount).toBeGreaterThanOrEqual(3);
    const repaired = (entries: StatsEntry[]) =>
      Number(inbound(entries, 'video')?.retransmittedPacketsReceived) > 0;
    const decoded = Number(inbound(await statsWhen(viewer, 'viewer', repaired), 'video')!.framesDecoded);
    await statsWhen(
      viewer,
      'viewer',
      (entries) => Number(inbound(entries, 'video')?.framesDecoded) > decoded + 30,
    );
  }, 30_000);

  test('closing ends both, and the peers are told', async () => {
    relay.publisher!.close();
    relay.delivery.post({ type: 'close', subscriber: 'viewer' });
    const closed = (entries: StatsEntry[]) =>
      entries.some((entry) => entry.type === 'transport' && entry.dtlsState === 'closed');
    await statsWhen(speaker, 'sender', closed);
    await statsWhen(viewer, 'viewer', closed);
    expect(relay.publisher!.state).toBe('closed');
  }, 30_000);
});
