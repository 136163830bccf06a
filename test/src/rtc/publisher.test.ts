import { createSocket } from 'node:dgram';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { Media, Publisher, PublisherEvents, RtcSettings } from '../../../src/rtc/contract.ts';
import { createPublisher } from '../../../src/rtc/publisher.ts';
import { writeBye, writeSenderReport } from '../../../src/rtc/rtcp/reports.ts';
import { readTransportFeedback } from '../../../src/rtc/rtcp/transportCc.ts';
import { sequenceOf, ssrcOf } from '../../../src/rtc/rtp/header.ts';
import type { SrtpProfile } from '../../../src/rtc/srtp/profile.ts';
import { rtpPacket } from './packets.ts';
import { mutate, seeded } from './random.ts';
import { ordinary } from './sdp/offers.ts';
import { TestPeer } from './testPeer.ts';

const settings: RtcSettings = {
  portRange: [42_000, 42_199],
  publicAddresses: [],
  connectTimeoutMs: 5_000,
  maxRemoteCandidates: 8,
  maxVideoKbps: 1_500,
};

class Heard implements PublisherEvents {
  packets: { media: Media; packet: Buffer; arrivalUs: number }[] = [];
  levels: number[] = [];
  reports: { media: Media; ntpUs: number; rtpTimestamp: number }[] = [];
  states: string[] = [];
  #waiting: (() => void)[] = [];

  rtp(media: Media, packet: Buffer, arrivalUs: number): void {
    this.packets.push({ media, packet, arrivalUs });
    this.#changed();
  }

  senderReport(media: Media, { ntpUs, rtpTimestamp }: { ntpUs: number; rtpTimestamp: number }): void {
    this.reports.push({ media, ntpUs, rtpTimestamp });
    this.#changed();
  }

  level(levelDb: number): void {
    this.levels.push(levelDb);
    this.#changed();
  }

  state(state: string, reason: string): void {
    this.states.push(`${state}: ${reason}`);
    this.#changed();
  }

  async until(ready: () => boolean): Promise<void> {
    while (!ready()) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  #changed(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}

const open: { close(): void }[] = [];
afterEach(() => {
  for (const each of open.splice(0)) each.close();
});

async function publishing(options: { settings?: Partial<RtcSettings>; profiles?: SrtpProfile[] } = {}) {
  const peer = await TestPeer.open(options.profiles === undefined ? {} : { profiles: options.profiles });
  open.push(peer);
  const heard = new Heard();
  const all = { ...settings, ...options.settings };
  const publisher = await createPublisher(peer.offer('sendonly'), { loopback: true }, all, heard);
  open.push(publisher);
  return { peer, heard, publisher };
}

async function connected(options: Parameters<typeof publishing>[0] = {}) {
  const all = await publishing(options);
  all.peer.accept(all.publisher.answer);
  await all.peer.connected();
  await all.heard.until(() => all.publisher.state === 'connected');
  all.peer.stopChecks();
  return all;
}

const video = (sequence: number, more: object = {}) =>
  rtpPacket({ payloadType: 96, ssrc: 1_000, sequence, timestamp: sequence * 3_000, ...more });

/** A socket bound to the publisher's port fails as long as the publisher has it. */
async function portIsFree(port: number): Promise<boolean> {
  const socket = createSocket('udp4');
  const free = await new Promise<boolean>((resolve) => {
    socket.once('error', () => resolve(false));
    socket.bind(port, '0.0.0.0', () => resolve(true));
  });
  socket.close();
  return free;
}

describe.each<SrtpProfile>(['aeadAes128Gcm', 'aesCm128HmacSha1_80'])('%s', (profile) => {
  test('media arrives decrypted, by section, with its time', async () => {
    const { peer, heard, publisher } = await connected({ profiles: [profile] });
    expect(peer.profile).toBe(profile);
    expect(publisher.tracks.map(({ media, codec }) => [media, codec])).toEqual([
      ['audio', 'opus'],
      ['video', 'vp8'],
    ]);
    const packets = [video(1), rtpPacket({ payloadType: 111, ssrc: 5, sequence: 9 }), video(2)];
    for (const packet of packets) peer.sendRtp(packet);
    peer.sendRtp(rtpPacket({ payloadType: 50, sequence: 1 }));
    peer.sendRtp(video(3));
    await heard.until(() => heard.packets.length === 4);
    expect(heard.packets.map(({ media }) => media)).toEqual(['video', 'audio', 'video', 'video']);
    expect(heard.packets.slice(0, 3).map(({ packet }) => packet)).toEqual(packets);
    const times = heard.packets.map(({ arrivalUs }) => arrivalUs);
    expect([...times].sort((a, b) => a - b)).toEqual(times);
    expect(publisher.stats().packets).toBe(5);
  });
});

test('how loud a speaker is comes with the sound, where it was agreed upon', async () => {
  const { peer, heard, publisher } = await connected();
  expect(publisher.answer).toContain('a=extmap:6 urn:ietf:params:rtp-hdrext:ssrc-audio-level');
  const sound = (sequence: number, extensions?: Record<number, Buffer>) =>
    rtpPacket({ payloadType: 111, ssrc: 5, sequence, extensions });
  peer.sendRtp(sound(1, { 6: Buffer.from([0x80 | 30]) }));
  peer.sendRtp(sound(2));
  peer.sendRtp(sound(3, { 6: Buffer.from([127]) }));
  await heard.until(() => heard.packets.length === 3);
  expect(heard.levels).toEqual([-30, -127]);
});

describe('feedback', () => {
  test('arrivals and loss are reported by transport-cc', async () => {
    const { peer, heard } = await connected();
    for (const sequence of [1, 2, 4]) {
      const wide = Buffer.alloc(2);
      wide.writeUInt16BE(sequence + 100);
      peer.sendRtp(video(sequence, { extensions: { 3: wide } }));
    }
    await heard.until(() => heard.packets.length === 3);
    await peer.until('feedback', () => peer.rtcp.some(({ type }) => type === 'transport-cc'));
    const item = peer.rtcp.find((each) => each.type === 'transport-cc');
    const feedback = readTransportFeedback(item!.body)!;
    expect(feedback.baseSequence).toBe(101);
    expect(feedback.arrivals.map((steps) => steps !== null)).toEqual([true, true, false, true]);
  });

  test('loss, jitter and the cap are reported each second', async () => {
    const { peer, heard, publisher } = await connected();
    for (const sequence of [10, 11, 13, 14, 15]) peer.sendRtp(video(sequence));
    await heard.until(() => heard.packets.length === 5);
    await peer.until('report', () => peer.rtcp.some(({ type }) => type === 'report-block'));
    const report = peer.rtcp.find((each) => each.type === 'report-block');
    expect(report!.block).toMatchObject({ ssrc: 1_000, cumulativeLost: 1, highestSequence: 15 });
    expect(report!.block.fractionLost).toBe(Math.floor(256 / 6));
    const remb = peer.rtcp.find((each) => each.type === 'remb');
    expect(Math.abs(remb!.bps - 1_500_000)).toBeLessThan(16);
    expect(publisher.stats().lostPackets).toBe(1);
  });

  test('less can be asked for by REMB at once, never more than the limit, and not next to nothing', async () => {
    const { peer, heard, publisher } = await connected();
    peer.sendRtp(video(1));
    await heard.until(() => heard.packets.length === 1);
    for (const [asked, said] of [
      [400, 400],
      [1, 150],
      [9_999, 1_500],
    ] as const) {
      peer.rtcp.length = 0;
      publisher.limit!(asked);
      await peer.until('remb', () => peer.rtcp.some(({ type }) => type === 'remb'));
      const remb = peer.rtcp.find((each) => each.type === 'remb');
      expect(Math.abs(remb!.bps / 1000 - said)).toBeLessThan(1);
    }
  });

  test('what is asked for again comes over RTX and is unwrapped', async () => {
    const { peer, heard, publisher } = await connected();
    peer.sendRtp(video(1));
    peer.sendRtp(video(4));
    await heard.until(() => heard.packets.length === 2);
    publisher.nack('video', [2, 3]);
    await peer.until('nack', () => peer.rtcp.some(({ type }) => type === 'nack'));
    expect(peer.rtcp.find((each) => each.type === 'nack')).toEqual({
      type: 'nack',
      ssrc: 1_000,
      sequences: [2, 3],
    });
    const payload = Buffer.concat([Buffer.from([0, 2]), Buffer.from('payload 2')]);
    peer.sendRtp(rtpPacket({ payloadType: 97, ssrc: 1_001, sequence: 500, timestamp: 6_000, payload }));
    peer.sendRtp(rtpPacket({ payloadType: 97, ssrc: 1_001, sequence: 501, payload: Buffer.alloc(0) }));
    await heard.until(() => heard.packets.length === 3);
    expect(heard.packets[2]!.packet).toEqual(video(2));
  });

  test('a hundred wishes for a key frame are few requests', async () => {
    const { peer, heard, publisher } = await connected();
    peer.sendRtp(video(1));
    await heard.until(() => heard.packets.length === 1);
    const untilMs = performance.now() + 700;
    while (performance.now() < untilMs) {
      publisher.requestKeyFrame();
      await new Promise((resolve) => setImmediate(resolve));
    }
    const plis = () => peer.rtcp.filter(({ type }) => type === 'pli').length;
    await peer.until('pli', () => plis() >= 2);
    expect(plis()).toBeLessThanOrEqual(3);
  });

  test("sender reports are handed on with the sender's clock", async () => {
    const { peer, heard } = await connected();
    peer.sendRtp(video(1));
    await heard.until(() => heard.packets.length === 1);
    const report = { ssrc: 1_000, ntpUs: 4_000_000_000_000_000, rtpTimestamp: 3_000, packets: 1, bytes: 9 };
    peer.sendRtcp(writeSenderReport({ ...report, ssrc: 4_242 }));
    peer.sendRtcp(writeSenderReport(report));
    await heard.until(() => heard.reports.length > 0);
    expect(heard.reports).toHaveLength(1);
    expect(heard.reports[0]).toMatchObject({ media: 'video', rtpTimestamp: 3_000 });
    expect(Math.abs(heard.reports[0]!.ntpUs - report.ntpUs)).toBeLessThan(2);
  });

  test('another SSRC takes over after a few packets, at once after BYE; one stray packet does nothing', async () => {
    const { peer, heard } = await connected();
    peer.sendRtp(video(1));
    peer.sendRtp(video(7, { ssrc: 66 }));
    peer.sendRtp(video(2));
    for (const sequence of [50, 51, 52, 53]) peer.sendRtp(video(sequence, { ssrc: 2_000 }));
    peer.sendRtp(video(3));
    peer.sendRtp(video(54, { ssrc: 2_000 }));
    await heard.until(() => heard.packets.length === 7);
    expect(heard.packets.map(({ packet }) => [ssrcOf(packet), sequenceOf(packet)])).toEqual([
      [1_000, 1],
      [1_000, 2],
      [2_000, 50],
      [2_000, 51],
      [2_000, 52],
      [2_000, 53],
      [2_000, 54],
    ]);
    peer.sendRtcp(writeBye([2_000]));
    peer.sendRtp(video(9, { ssrc: 3_000 }));
    await heard.until(() => heard.packets.length === 8);
    expect(ssrcOf(heard.packets[7]!.packet)).toBe(3_000);
  });
});

describe('ends', () => {
  test('our close tells the peer, frees the port, and raises no event', async () => {
    const { peer, heard, publisher } = await connected();
    publisher.close();
    publisher.close();
    await peer.until('close_notify', () => peer.closeNotified);
    expect(publisher.state).toBe('closed');
    expect(heard.states).toEqual(['connected: ICE and DTLS are done']);
    expect(await portIsFree(peer.remotePort)).toBe(true);
  });

  test('an offer nobody follows fails in time and frees its port', async () => {
    const { peer, heard, publisher } = await publishing({ settings: { connectTimeoutMs: 200 } });
    await heard.until(() => heard.states.length > 0);
    expect(heard.states[0]).toMatch(/^failed: not connected within 0.2 s: no candidate pair/);
    expect(publisher.state).toBe('failed');
    peer.remotePort = Number(/ 127\.0\.0\.1 (\d+) /.exec(publisher.answer)![1]);
    expect(await portIsFree(peer.remotePort)).toBe(true);
  });

  test('no free port is said so', async () => {
    const narrow: [number, number] = [42_500, 42_501];
    await publishing({ settings: { portRange: narrow } });
    await publishing({ settings: { portRange: narrow } });
    await expect(publishing({ settings: { portRange: narrow } })).rejects.toMatchObject({ code: 'full' });
  });

  test('a hundred offers never followed leave nothing', async () => {
    const timers = process.getActiveResourcesInfo().filter((name) => name === 'UDPWRAP').length;
    const publishers: Publisher[] = [];
    for (let i = 0; i < 100; i++) {
      publishers.push(await createPublisher(ordinary(), { loopback: true }, settings, new Heard()));
    }
    for (const publisher of publishers) publisher.close();
    await new Promise((resolve) => setImmediate(resolve));
    const left = process.getActiveResourcesInfo().filter((name) => name === 'UDPWRAP').length;
    expect(left).toBeLessThanOrEqual(timers);
  });
});

test('20,000 mutated datagrams from the connected peer: media goes on (seed 10)', async () => {
  const { peer, heard } = await connected();
  const random = seeded(10);
  const samples = [
    peer.protect(video(1)),
    peer.srtp!.sender.protectRtcp(writeBye([1])),
    Buffer.from('16fefd0001000000000001000401000000', 'hex'),
  ];
  for (let i = 0; i < 20_000; i++) {
    peer.sendRaw(mutate(samples[i % samples.length]!, random));
    if (i % 200 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  const before = heard.packets.length;
  for (let sequence = 2; sequence < 200 && heard.packets.length === before; sequence++) {
    peer.sendRtp(video(sequence));
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  expect(heard.packets.length).toBeGreaterThan(before);
  expect(heard.states).toHaveLength(1);
});
