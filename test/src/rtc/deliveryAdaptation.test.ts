/** What a viewer reports over its connection changes what it is sent, and nobody else. */

import { expect, test } from '@jest/globals';
import { writePicture } from '../../../mixer/protocol/picture.ts';
import { nowUs } from '../../../src/rtc/clock.ts';
import { writeNack } from '../../../src/rtc/rtcp/feedback.ts';
import { writeReceiverReport } from '../../../src/rtc/rtcp/reports.ts';
import { payloadTypeOf, sequenceOf, ssrcOf } from '../../../src/rtc/rtp/header.ts';
import { isVideo, open, pictures, room } from './deliveryRoom.ts';
import { rtpPacket } from './packets.ts';
import { TestPeer } from './testPeer.ts';

const ladder = [
  { source: 'picture', height: 720, kbps: 2000 },
  // These pictures are a few bytes each.
  { source: 'small', height: 180, kbps: 5 },
];

async function watch(all: ReturnType<typeof room>, subscriber: string, more: object): Promise<TestPeer> {
  const peer = await TestPeer.open();
  open.push(peer);
  all.create(subscriber, peer.offer('recvonly'), { video: [{ vp8: ladder }], ...more });
  const { answer } = await all.next('created');
  peer.accept(answer);
  await peer.connected();
  await all.next('state');
  peer.stopChecks();
  return peer;
}

test('who loses most of it gets the smaller picture, and causes no change for the other', async () => {
  const all = room();
  all.post({ type: 'add-source', source: 'small', media: 'video', codec: 'vp8' });
  const [narrow, wide] = [await watch(all, 'narrow', {}), await watch(all, 'wide', {})];
  const [large, small] = [pictures(), pictures()];
  all.post({ type: 'media', source: 'picture', picture: large.next(true) });
  for (let i = 0; i < 59; i++) all.post({ type: 'media', source: 'picture', picture: large.next() });
  await narrow.until('pictures', () => narrow.rtp.length === 120);
  await wide.until('pictures', () => wide.rtp.length === 120);
  all.messages.length = 0;
  const missing = narrow.rtp.slice(10, 110).map(sequenceOf);
  narrow.sendRtcp(writeNack(1, ssrcOf(narrow.rtp[0]!), missing));
  // The large one is given up at once: it could not arrive.
  expect(await all.next('uses')).toEqual({ type: 'uses', subscriber: 'narrow', sources: ['small'] });
  const before = narrow.rtp.filter(isVideo).length;
  all.post({ type: 'media', source: 'picture', picture: large.next() });
  await wide.until('the next picture', () => wide.rtp.length === 122);
  small.ptsUs = large.ptsUs;
  all.post({ type: 'media', source: 'small', picture: small.next(true) });
  await narrow.until('the small picture', () => narrow.rtp.filter(isVideo).length === before + 2);
  const sent = narrow.rtp.filter(isVideo).map(sequenceOf);
  expect((sent.at(-1)! - sent[119]!) & 0xffff).toBe(2);
  const stats = await all.stats();
  const of = (name: string) => stats.find(({ subscriber }) => subscriber === name)!;
  expect(of('narrow').height).toBe(180);
  expect(of('narrow').estimateKbps).not.toBeNull();
  expect(of('wide')).toMatchObject({ height: 720, estimateKbps: null });
  expect(all.messages.filter((each) => each.type === 'uses' && each.subscriber === 'wide')).toEqual([]);
});

test('who waits for a slower encoder that others keep as it is goes on with a smaller picture', async () => {
  const all = room();
  all.post({ type: 'add-source', source: 'small', media: 'video', codec: 'vp8' });
  // Whatever rate these few pictures make, it is far less.
  const steep = [{ ...ladder[0]!, kbps: 100_000 }, ladder[1]!];
  const peer = await watch(all, 'narrow', { video: [{ vp8: steep }] });
  const large = pictures();
  all.post({ type: 'media', source: 'picture', picture: large.next(true) });
  for (let i = 0; i < 59; i++) all.post({ type: 'media', source: 'picture', picture: large.next() });
  await peer.until('pictures', () => peer.rtp.length === 120);
  all.messages.length = 0;
  peer.sendRtcp(writeNack(1, ssrcOf(peer.rtp[0]!), peer.rtp.slice(-34).map(sequenceOf)));
  expect(await all.next('fits')).toMatchObject({ source: 'picture', rungKbps: 100_000, kbps: 60_000 });
  expect(all.messages).toEqual([]);
  all.post({ type: 'rate-kept', source: 'small' });
  all.post({ type: 'rate-kept', source: 'picture' });
  const { sources } = await all.next('uses');
  expect(sources).toContain('small');
});

test('a viewer who loses packets hears the protected sound, as soon as there is any', async () => {
  const all = room();
  all.post({ type: 'add-source', source: 'protected', media: 'audio', codec: 'opus' });
  const peer = await watch(all, 'a', { lossyAudio: ['protected'] });
  let ptsUs = nowUs();
  const frame = (source: string, text: string, sequence: number) => {
    const packet = rtpPacket({ sequence, timestamp: sequence * 960, payload: Buffer.from(text) });
    const picture = writePicture({
      keyFrame: true,
      rtpTimestamp: sequence * 960,
      ptsUs,
      packets: [packet],
    });
    all.post({ type: 'media', source, picture });
  };
  frame('sound', 'plain', 1);
  await peer.until('sound', () => peer.rtp.length === 1);
  const block = {
    ssrc: ssrcOf(peer.rtp[0]!),
    ...{ fractionLost: 26, cumulativeLost: 9, jitter: 0, lastSenderReport: 0, delaySinceLastSenderReport: 0 },
  };
  all.messages.length = 0;
  for (const highestSequence of [1_000, 1_100]) {
    peer.sendRtcp(writeReceiverReport(1, [{ ...block, highestSequence }]));
  }
  expect((await all.next('uses')).sources.toSorted()).toEqual(['picture', 'protected']);
  ptsUs += 20_000;
  frame('sound', 'plain', 2);
  await peer.until('sound goes on', () => peer.rtp.length === 2);
  // The same moment again, coded otherwise: not heard twice.
  frame('protected', 'safe', 500);
  ptsUs += 20_000;
  frame('protected', 'safe', 501);
  frame('sound', 'plain', 3);
  await peer.until('protected sound', () => peer.rtp.length === 3);
  expect(peer.rtp.map((packet) => packet.subarray(12).toString())).toEqual(['plain', 'plain', 'safe']);
  expect(new Set(peer.rtp.map(payloadTypeOf))).toEqual(new Set([111]));
  const first = sequenceOf(peer.rtp[0]!);
  expect(peer.rtp.map((packet) => (sequenceOf(packet) - first) & 0xffff)).toEqual([0, 1, 2]);
});
