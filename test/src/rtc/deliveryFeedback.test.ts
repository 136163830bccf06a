/** Forged and absurd feedback, over a real connection: whoever sends it is served no better, and nobody else notices. */

import { expect, test } from '@jest/globals';
import { writeFir, writeNack, writePli, writeRemb } from '../../../src/rtc/rtcp/feedback.ts';
import { writeReceiverReport } from '../../../src/rtc/rtcp/reports.ts';
import { sequenceOf, ssrcOf } from '../../../src/rtc/rtp/header.ts';
import { isVideo, pictures, type Room, room } from './deliveryRoom.ts';
import type { TestPeer } from './testPeer.ts';

/** Parts of one compound packet: as many as a server reads, and a datagram holds. */
const AT_ONCE = 90;
const WAIT_MS = 20;

const block = {
  ...{ fractionLost: 0, cumulativeLost: 0, highestSequence: 0, jitter: 0 },
  ...{ lastSenderReport: 0, delaySinceLastSenderReport: 0 },
};

/** Two who watch the same pictures: one who lies, and one who does not. */
class Both {
  readonly all: Room = room();
  liar!: TestPeer;
  other!: TestPeer;
  readonly #pictures = pictures();
  #given = 0;
  #mark = 0;

  async open(): Promise<void> {
    this.liar = await this.all.watch('liar');
    this.other = await this.all.watch('other');
    await this.show(1, true);
    await this.show(29);
    this.all.messages.length = 0;
  }

  get ssrc(): number {
    return ssrcOf(this.liar.rtp.find(isVideo)!);
  }

  /** Shows pictures, and waits until the other one has all of them. */
  async show(count: number, keyFrame = false): Promise<void> {
    for (let i = 0; i < count; i++) {
      this.all.post({ type: 'media', source: 'picture', picture: this.#pictures.next(keyFrame) });
    }
    this.#given += 2 * count;
    await this.other.until('all pictures', () => this.other.rtp.filter(isVideo).length >= this.#given);
  }

  /** Sends feedback, and waits until all of it was heard: the last report says how much was lost. */
  async heard(parts: Buffer[]): Promise<void> {
    for (let at = 0; at < parts.length; at += AT_ONCE) {
      this.liar.sendRtcp(Buffer.concat(parts.slice(at, at + AT_ONCE)));
      if (at % (AT_ONCE * 20) === 0) await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
    }
    const fractionLost = ++this.#mark;
    while ((await this.statsOf('liar')).lossFraction !== fractionLost / 256) {
      this.liar.sendRtcp(writeReceiverReport(1, [{ ...block, ssrc: this.ssrc, fractionLost }]));
      await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
    }
  }

  async statsOf(subscriber: string) {
    return (await this.all.stats()).find((each) => each.subscriber === subscriber)!;
  }

  keyFramesWanted(): number {
    return this.all.messages.filter(({ type }) => type === 'key-frame-wanted').length;
  }

  /** The other one has everything in its order, once, and was not sent anything again. */
  async expectOtherUntouched(): Promise<void> {
    await this.show(3);
    const numbers = this.other.rtp.filter(isVideo).map(sequenceOf);
    expect(numbers).toHaveLength(this.#given);
    expect(numbers.every((each, i) => i === 0 || each === ((numbers[i - 1]! + 1) & 0xffff))).toBe(true);
    expect(await this.statsOf('other')).toMatchObject({ height: 720, retransmissions: 0, lossFraction: 0 });
  }
}

async function both(): Promise<Both> {
  const made = new Both();
  await made.open();
  return made;
}

test('ten thousand PLIs and FIRs are one replay to the liar and a few key frames, whatever they ask for', async () => {
  const two = await both();
  const { liar, ssrc } = two;
  const storm = Array.from({ length: 10_000 }, (_, i) =>
    i % 2 === 0 ? writePli(1, ssrc) : writeFir(1, ssrc, i & 0xff),
  );
  await two.heard(storm);
  expect(liar.rtp.filter(isVideo).length).toBeGreaterThan(60);
  // The group is replayed every half second while it is young; two rounds of 60 packets at most here.
  expect(liar.rtp.filter(isVideo).length).toBeLessThanOrEqual(60 * 4);
  expect(two.keyFramesWanted()).toBeLessThanOrEqual(3);
  await two.expectOtherUntouched();
}, 20_000);

test.each([1, 1e12])(
  'a REMB of %d bit/s, again and again, changes nothing',
  async (bps) => {
    const two = await both();
    await two.heard(Array.from({ length: 2_000 }, () => writeRemb(1, bps, [two.ssrc])));
    const stats = await two.statsOf('liar');
    expect(stats.height).toBe(720);
    expect(stats.estimateKbps).toBeGreaterThanOrEqual(30);
    expect(stats.estimateKbps).toBeLessThanOrEqual(100_000);
    expect(two.all.messages.filter(({ type }) => type === 'uses' || type === 'fits')).toEqual([]);
    await two.expectOtherUntouched();
  },
  20_000,
);

test('ten thousand NACKs, most of them for what was never sent, are answered at a bounded rate', async () => {
  const two = await both();
  const { liar, ssrc } = two;
  const last = sequenceOf(liar.rtp.findLast(isVideo)!);
  const cpu = process.cpuUsage();
  const storm = Array.from({ length: 10_000 }, (_, i) => {
    const from = i % 10 === 0 ? last - 40 : last + 1 + i * 7;
    return writeNack(
      1,
      ssrc,
      Array.from({ length: 17 }, (_, at) => (from + at) & 0xffff),
    );
  });
  await two.heard(storm);
  const { user, system } = process.cpuUsage(cpu);
  // Writing and encrypting them included.
  expect(user + system).toBeLessThan(3_000_000);
  const { retransmissions } = await two.statsOf('liar');
  expect(retransmissions).toBeGreaterThan(0);
  // Seventeen packets, four times each.
  expect(retransmissions).toBeLessThanOrEqual(17 * 4);
  expect(two.keyFramesWanted()).toBe(0);
  await two.expectOtherUntouched();
}, 20_000);

test('feedback on streams that are not its own does nothing, also on those of somebody else', async () => {
  const two = await both();
  const foreign = [ssrcOf(two.other.rtp.find(isVideo)!), 12_345];
  const parts = foreign.flatMap((ssrc) => [
    writePli(1, ssrc),
    writeFir(1, ssrc, 1),
    writeNack(1, ssrc, two.other.rtp.slice(0, 20).map(sequenceOf)),
    writeReceiverReport(1, [{ ...block, ssrc, fractionLost: 255, highestSequence: 60_000 }]),
  ]);
  await two.heard(parts);
  await two.heard(parts);
  expect(await two.statsOf('liar')).toMatchObject({ retransmissions: 0, height: 720 });
  expect(two.keyFramesWanted()).toBe(0);
  expect(two.liar.rtp.filter(isVideo)).toHaveLength(60);
  await two.expectOtherUntouched();
}, 20_000);

test('all of it in pieces, cut anywhere, is dropped', async () => {
  const two = await both();
  const whole = Buffer.concat([
    writeReceiverReport(1, [{ ...block, ssrc: two.ssrc, fractionLost: 0 }]),
    writeNack(1, two.ssrc, [1, 2, 3]),
    writeRemb(1, 1e6, [two.ssrc]),
  ]);
  const cut = Array.from({ length: whole.length - 8 }, (_, i) => whole.subarray(0, 8 + i));
  for (const part of cut) two.liar.sendRtcp(Buffer.from(part));
  await two.heard([]);
  await two.expectOtherUntouched();
}, 20_000);
