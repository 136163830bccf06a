import { describe, expect, test } from '@jest/globals';
import { parse } from 'sdp-transform';
import { writePicture } from '../../../mixer/protocol/picture.ts';
import { nowUs } from '../../../src/rtc/clock.ts';
import { payloadTypeOf, sequenceOf, ssrcOf } from '../../../src/rtc/rtp/header.ts';
import { open, pictures, room, rung } from './deliveryRoom.ts';
import { rtpPacket } from './packets.ts';
import { audio, codecLines, offerOf, video } from './sdp/offers.ts';
import { TestPeer } from './testPeer.ts';

describe('several slots', () => {
  const many = (peer: TestPeer, count: number) => {
    const both = [...codecLines.vp8(96, 97), ...codecLines.h264(102, 103, '42e01f', 1)];
    const options = (mid: string) => ({ mid, direction: 'recvonly' });
    const sections = Array.from({ length: count }, (_, i) => [
      audio(options(`a${i}`)),
      video('96 97 102 103', { ...options(`v${i}`), lines: both }),
    ]).flat();
    return peer.offering(offerOf(...sections));
  };
  const speaker = (i: number, codec: 'vp8' | 'h264' = 'vp8') => ({ [codec]: [rung(`camera-${i}`)] });

  test('each speaker has a section of its own, sound and picture in one stream', async () => {
    const all = room();
    for (const i of [0, 1, 2]) {
      all.post({ type: 'add-source', source: `camera-${i}`, media: 'video', codec: 'vp8' });
    }
    const peer = await TestPeer.open();
    open.push(peer);
    all.create('a', many(peer, 3), {
      audio: ['sound', null],
      video: [speaker(0), speaker(1), null, null],
    });
    const uses = await all.next('uses');
    expect(uses).toEqual({ type: 'uses', subscriber: 'a', sources: ['camera-0', 'camera-1'] });
    const { answer, mids } = await all.next('created');
    expect(mids).toEqual({ audio: ['a0', 'a1'], video: ['v0', 'v1', 'v2'] });
    const { media } = parse(answer);
    expect(media.map(({ port, direction }) => [port, direction])).toEqual([
      [9, 'sendonly'],
      [9, 'sendonly'],
      [9, 'sendonly'],
      [9, 'sendonly'],
      [0, 'inactive'],
      [9, 'sendonly'],
    ]);
    const streamOf = (mid: string) => {
      const { msid } = media.find((each) => String(each.mid) === mid)!;
      return String((msid as unknown as { id: string }[])[0]!.id).split(' ')[0];
    };
    expect(streamOf('a0')).toBe(streamOf('v0'));
    expect(streamOf('a1')).toBe(streamOf('v1'));
    expect(new Set(['v0', 'v1', 'v2'].map(streamOf)).size).toBe(3);
    peer.accept(answer);
    await peer.connected();
    await all.next('state');
    const cameras = [pictures(), pictures()];
    cameras.forEach((camera, i) => {
      all.post({ type: 'media', source: `camera-${i}`, picture: camera.next(true) });
    });
    await peer.until('both', () => peer.rtp.length === 4);
    const ssrcOfMid = (mid: string) => Number(media.find((each) => String(each.mid) === mid)!.ssrcs![0]!.id);
    expect(new Set(peer.rtp.map(ssrcOf))).toEqual(new Set(['v0', 'v1'].map(ssrcOfMid)));

    all.messages.length = 0;
    all.post({ type: 'select', subscriber: 'a', media: 'video', slot: 0, feed: null });
    all.post({ type: 'select', subscriber: 'a', media: 'video', slot: 2, feed: speaker(2) });
    expect((await all.next('uses')).sources).toEqual(['camera-1']);
    expect((await all.next('uses')).sources).toEqual(['camera-1', 'camera-2']);
    const before = peer.rtp.length;
    all.post({ type: 'media', source: 'camera-0', picture: cameras[0]!.next(true) });
    all.post({ type: 'media', source: 'camera-2', picture: pictures().next(true) });
    await peer.until('the third', () => peer.rtp.length >= before + 2);
    expect(new Set(peer.rtp.slice(before).map(ssrcOf))).toEqual(new Set([ssrcOfMid('v2')]));
  });

  test('a slot goes from a VP8 to an H.264 speaker', async () => {
    const all = room();
    all.post({ type: 'add-source', source: 'camera-0', media: 'video', codec: 'vp8' });
    all.post({ type: 'add-source', source: 'camera-1', media: 'video', codec: 'h264' });
    const peer = await TestPeer.open();
    open.push(peer);
    all.create('a', many(peer, 1), { audio: [null], video: [speaker(0), null] });
    const { answer } = await all.next('created');
    peer.accept(answer);
    await peer.connected();
    await all.next('state');
    all.post({ type: 'media', source: 'camera-0', picture: pictures().next(true) });
    await peer.until('VP8', () => peer.rtp.length === 2);
    const feed = speaker(1, 'h264');
    all.post({ type: 'select', subscriber: 'a', media: 'video', slot: 0, feed });
    const packet = rtpPacket({ sequence: 1, timestamp: 1, marker: true, payload: Buffer.from([0x65, 7]) });
    const picture = writePicture({ keyFrame: true, rtpTimestamp: 1, ptsUs: nowUs(), packets: [packet] });
    all.post({ type: 'media', source: 'camera-1', picture });
    await peer.until('H.264', () => peer.rtp.length === 3);
    expect(peer.rtp.map(payloadTypeOf)).toEqual([96, 96, 102]);
    expect(sequenceOf(peer.rtp[2]!)).toBe((sequenceOf(peer.rtp[0]!) + 2) & 0xffff);
  });

  test('the page may ask for less, or for sound alone', async () => {
    const all = room();
    const ladder = [
      { source: 'large', height: 720, kbps: 2000 },
      { source: 'small', height: 360, kbps: 600 },
    ];
    const peer = await TestPeer.open();
    open.push(peer);
    all.create('a', peer.offer('recvonly'), { video: [{ vp8: ladder }] });
    await all.next('created');
    const usedAfter = async (maxHeight: number | null) => {
      all.messages.length = 0;
      all.post({ type: 'limit', subscriber: 'a', maxHeight });
      return (await all.next('uses')).sources;
    };
    expect(await usedAfter(400)).toEqual(['small']);
    expect(await usedAfter(null)).toEqual(['large']);
    expect(await usedAfter(0)).toEqual([]);
    expect((await all.stats())[0]!.height).toBe(0);
    // Less than there is: the least there is.
    expect(await usedAfter(100)).toEqual(['small']);
  });
});
