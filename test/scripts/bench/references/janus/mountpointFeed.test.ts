import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { CodedPicture, VideoClip } from '../../../../../scripts/bench/load/clip.ts';
import { MountpointFeed } from '../../../../../scripts/bench/references/janus/mountpointFeed.ts';
import { nowUs } from '../../../../../src/rtc/clock.ts';

/** What a mountpoint hears on its two ports, in order of arrival. */
class Mountpoint {
  readonly packets: Buffer[] = [];
  readonly #socket: Socket = createSocket('udp4');

  async open(): Promise<number> {
    this.#socket.on('message', (packet) => this.packets.push(packet));
    this.#socket.bind(0, '127.0.0.1');
    await once(this.#socket, 'listening');
    return this.#socket.address().port;
  }

  async heard(count: number): Promise<Buffer[]> {
    while (this.packets.length < count) await once(this.#socket, 'message');
    return this.packets;
  }

  close(): void {
    this.#socket.close();
  }
}

const picture = (keyFrame: boolean, ...payloads: string[]): CodedPicture => ({
  keyFrame,
  payloads: payloads.map((text) => Buffer.from(text.padEnd(1000, '.'))),
});
const pictures = [picture(true, 'a0', 'a1', 'a2'), picture(false, 'b0')];
const clip: VideoClip = { codec: 'vp8', fps: 30, kbps: 1000, steady: pictures, refresh: pictures };
const sound = [Buffer.from('s0'), Buffer.from('s1')];

const fieldsOf = (packet: Buffer) => ({
  type: packet[1]! & 0x7f,
  marker: packet[1]! >= 0x80,
  sequence: packet.readUInt16BE(2),
  timestamp: packet.readUInt32BE(4),
  text: packet.toString('latin1', 12, 14),
});

let audio: Mountpoint;
let video: Mountpoint;
let feed: MountpointFeed;
let startUs: number;

beforeEach(async () => {
  [audio, video] = [new Mountpoint(), new Mountpoint()];
  feed = await MountpointFeed.open({ audio: await audio.open(), video: await video.open() }, { clip, sound });
  startUs = nowUs();
});
afterEach(() => {
  feed.close();
  audio.close();
  video.close();
});

describe('what a mountpoint is fed', () => {
  test('pictures in order, over and over, the last packet of each marked, on a clock of 90 kHz', async () => {
    feed.step(startUs + 100_000);
    feed.step(startUs + 133_000);
    const fields = (await video.heard(8)).slice(0, 8).map(fieldsOf);
    expect(fields.map(({ text }) => text)).toEqual(['a0', 'a1', 'a2', 'b0', 'a0', 'a1', 'a2', 'b0']);
    expect(fields.map(({ marker }) => marker)).toEqual([...'00110011'].map((each) => each === '1'));
    expect(fields.map(({ sequence }) => sequence)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(fields.map(({ timestamp }) => timestamp / 3000)).toEqual([0, 0, 0, 1, 2, 2, 2, 3]);
    expect(new Set(fields.map(({ type }) => type))).toEqual(new Set([96]));
    expect(new Set(video.packets.map((packet) => packet.readUInt32BE(8))).size).toBe(1);
  });

  test('sound every 20 ms, over and over, on a clock of 48 kHz', async () => {
    feed.step(startUs + 45_000);
    const fields = (await audio.heard(3)).slice(0, 3).map(fieldsOf);
    expect(fields.map(({ text }) => text)).toEqual(['s0', 's1', 's0']);
    expect(fields.map(({ timestamp }) => timestamp)).toEqual([0, 960, 1920]);
    expect(fields.map(({ type }) => type)).toEqual([111, 111, 111]);
  });

  test('a large picture in bursts at two and a half times the rate, and it says when the next one is due', async () => {
    // 1,000 bytes at 2.5 Mbit/s are 3.2 ms: the second packet leaves 5 ms after the first, the third 10.
    const next = feed.step(startUs);
    expect((await video.heard(1)).length).toBe(1);
    expect(next).toBeGreaterThan(startUs);
    expect(next).toBeLessThanOrEqual(startUs + 5_000);
    expect(feed.step(next)).toBeGreaterThan(next);
    expect((await video.heard(2)).map(fieldsOf).map(({ text }) => text)).toEqual(['a0', 'a1']);
  });
});
