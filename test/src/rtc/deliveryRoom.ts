/** A delivery behind messages that could cross to a worker thread, with its viewers. */

import { afterEach } from '@jest/globals';
import { nowUs } from '../../../src/rtc/clock.ts';
import type { Delivery, FromDelivery, RtcSettings, ToDelivery } from '../../../src/rtc/contract.ts';
import { createDelivery } from '../../../src/rtc/delivery.ts';
import { payloadTypeOf } from '../../../src/rtc/rtp/header.ts';
import { PictureSource } from './deliver/pictures.ts';
import { TestPeer } from './testPeer.ts';

export const settings: RtcSettings = {
  portRange: [42_600, 42_799],
  publicAddresses: [],
  connectTimeoutMs: 3_000,
  maxRemoteCandidates: 8,
  maxVideoKbps: 1_500,
};

export type Reply<Type extends FromDelivery['type']> = Extract<FromDelivery, { type: Type }>;

export const rung = (source: string) => ({ source, height: 720, kbps: 2000 });

export class Room {
  readonly delivery: Delivery;
  readonly messages: FromDelivery[] = [];
  #waiting: (() => void)[] = [];

  constructor(more: Partial<RtcSettings> = {}) {
    this.delivery = createDelivery({ ...settings, ...more }, (message) => {
      // Everything must be able to cross to a worker thread.
      this.messages.push(structuredClone(message));
      for (const resolve of this.#waiting.splice(0)) resolve();
    });
  }

  post(message: ToDelivery): void {
    this.delivery.post(structuredClone(message));
  }

  async next<Type extends FromDelivery['type']>(type: Type): Promise<Reply<Type>> {
    for (;;) {
      const at = this.messages.findIndex((message) => message.type === type);
      if (at >= 0) return this.messages.splice(at, 1)[0] as Reply<Type>;
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  create(subscriber: string, offer: string, more: object = {}): void {
    this.post({
      type: 'create',
      subscriber,
      offer,
      origin: { loopback: true },
      audio: ['sound'],
      video: [{ vp8: [rung('picture')], h264: [rung('picture-h264')] }],
      prefer: ['vp8', 'h264'],
      ...more,
    });
  }

  async watch(subscriber: string): Promise<TestPeer> {
    const peer = await TestPeer.open();
    open.push(peer);
    this.create(subscriber, peer.offer('recvonly'));
    const { answer } = await this.next('created');
    peer.accept(answer);
    await peer.connected();
    await this.next('state');
    peer.stopChecks();
    return peer;
  }

  async stats() {
    this.post({ type: 'stats', request: 5 });
    return (await this.next('stats')).subscribers;
  }
}

export const open: { close(): void | Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

export function room(more: Partial<RtcSettings> = {}): Room {
  const made = new Room(more);
  open.push(made.delivery);
  made.post({ type: 'add-source', source: 'picture', media: 'video', codec: 'vp8' });
  made.post({ type: 'add-source', source: 'sound', media: 'audio', codec: 'opus' });
  return made;
}

export const pictures = () =>
  new PictureSource({ sequence: 65_530, timestamp: 7, pictureId: 5, ptsUs: nowUs() });
export const isVideo = (packet: Buffer) => payloadTypeOf(packet) === 96;
