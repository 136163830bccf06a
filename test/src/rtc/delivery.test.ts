import { describe, expect, test } from '@jest/globals';
import { parse } from 'sdp-transform';
import { writePicture } from '../../../mixer/protocol/picture.ts';
import { writeNack, writePli, writeRemb } from '../../../src/rtc/rtcp/feedback.ts';
import { compactNtp } from '../../../src/rtc/rtcp/packet.ts';
import { writeReceiverReport } from '../../../src/rtc/rtcp/reports.ts';
import { payloadTypeOf, sequenceOf, ssrcOf, timestampOf } from '../../../src/rtc/rtp/header.ts';
import { isVideo, open, pictures, room, rung } from './deliveryRoom.ts';
import { rtpPacket } from './packets.ts';
import { offerOf, video } from './sdp/offers.ts';
import { TestPeer } from './testPeer.ts';

describe('a viewer', () => {
  test('is answered with one audio and one video of the same stream', async () => {
    const all = room();
    const peer = await TestPeer.open();
    open.push(peer);
    all.create('a', peer.offer('recvonly'));
    const created = await all.next('created');
    expect(created).toMatchObject({ subscriber: 'a', etag: expect.stringMatching(/^".+"$/) });
    const { media } = parse(created.answer);
    expect(media.map(({ type, direction }) => [type, direction])).toEqual([
      ['audio', 'sendonly'],
      ['video', 'sendonly'],
    ]);
    const streams = media.map(
      ({ msid }) => String((msid as unknown as { id: string }[])[0]?.id).split(' ')[0],
    );
    expect(streams[0]).toBe(streams[1]);
    const names = media.flatMap(({ ssrcs }) => ssrcs!.filter(({ attribute }) => attribute === 'cname'));
    expect(names).toHaveLength(3);
    expect(new Set(names.map(({ value }) => value)).size).toBe(1);
    expect(media[1]!.ssrcGroups).toHaveLength(1);
    expect(media[1]!.rtcpFb!.some(({ type }) => type === 'transport-cc')).toBe(false);
  });

  test('gets pictures from a key frame on, and sound at once, each with a sender report', async () => {
    const all = room();
    const peer = await all.watch('a');
    expect(await all.next('key-frame-wanted')).toEqual({ type: 'key-frame-wanted', source: 'picture' });
    const source = pictures();
    const ptsUs = source.ptsUs;
    all.post({ type: 'media', source: 'picture', picture: source.next(true) });
    const sound = rtpPacket({ sequence: 1, timestamp: 1_000, payload: Buffer.from('opus') });
    all.post({
      type: 'media',
      source: 'sound',
      picture: writePicture({ keyFrame: true, rtpTimestamp: 1_000, ptsUs: ptsUs + 20_000, packets: [sound] }),
    });
    await peer.until('media', () => peer.rtp.length === 3);
    const reports = () => peer.rtcp.flatMap((item) => (item.type === 'sender-report' ? [item.report] : []));
    await peer.until('reports', () => new Set(reports().map(({ ssrc }) => ssrc)).size === 2);
    // Both streams are in step by what the reports say: the sound is 20 ms younger than the picture.
    const momentOf = (packet: Buffer, clockRate: number) => {
      const report = reports().find(({ ssrc }) => ssrc === ssrcOf(packet))!;
      return report.ntpUs + (((timestampOf(packet) - report.rtpTimestamp) | 0) / clockRate) * 1e6;
    };
    const picture = peer.rtp.find(isVideo)!;
    const opus = peer.rtp.find((packet) => !isVideo(packet))!;
    expect(Math.abs(momentOf(opus, 48_000) - momentOf(picture, 90_000) - 20_000)).toBeLessThan(100);
  });

  test('gets lost packets again, and is counted', async () => {
    const all = room();
    const peer = await all.watch('a');
    const source = pictures();
    all.post({ type: 'media', source: 'picture', picture: source.next(true) });
    for (let i = 0; i < 5; i++) all.post({ type: 'media', source: 'picture', picture: source.next() });
    await peer.until('pictures', () => peer.rtp.length === 12);
    const lost = peer.rtp[4]!;
    peer.sendRtcp(writeNack(1, ssrcOf(lost), [sequenceOf(lost)]));
    await peer.until('retransmission', () => peer.rtp.length === 13);
    const again = peer.rtp[12]!;
    expect(payloadTypeOf(again)).toBe(97);
    expect(again.subarray(14)).toEqual(lost.subarray(12));
    const report = peer.rtcp.find((item) => item.type === 'sender-report')!.report;
    const delay = 6_554; // 0.1 s, of which the round trip is less
    peer.sendRtcp(
      Buffer.concat([
        writeReceiverReport(1, [
          {
            ssrc: ssrcOf(lost),
            fractionLost: 64,
            cumulativeLost: 1,
            highestSequence: 0,
            jitter: 0,
            lastSenderReport: (compactNtp(report.ntpUs) - delay) >>> 0,
            delaySinceLastSenderReport: 0,
          },
        ]),
        writeRemb(1, 800_000, [ssrcOf(lost)]),
      ]),
    );
    peer.sendRtcp(writeNack(1, ssrcOf(lost), [sequenceOf(peer.rtp[5]!)]));
    await peer.until('retransmission', () => peer.rtp.length === 14);
    const [stats] = await all.stats();
    expect(stats).toMatchObject({ subscriber: 'a', packets: 12, retransmissions: 2, lossFraction: 0.25 });
    expect(stats!.rttMs).toBeGreaterThanOrEqual(100);
    expect(stats!.rttMs).toBeLessThan(2_000);
  });

  test('who cannot decode any more costs the others nothing while the group is young', async () => {
    const all = room();
    const [one, other] = [await all.watch('a'), await all.watch('b')];
    await all.next('key-frame-wanted');
    const source = pictures();
    all.post({ type: 'media', source: 'picture', picture: source.next(true) });
    await one.until('picture', () => one.rtp.length === 2);
    await other.until('picture', () => other.rtp.length === 2);
    all.messages.length = 0;
    one.sendRtcp(writePli(1, ssrcOf(one.rtp[0]!)));
    await one.until('the key frame again', () => one.rtp.length === 4);
    expect(other.rtp).toHaveLength(2);
    expect(all.messages.filter(({ type }) => type === 'key-frame-wanted')).toHaveLength(0);
  });

  test('changes to another rendition', async () => {
    const all = room();
    all.post({ type: 'add-source', source: 'small', media: 'video', codec: 'vp8' });
    const peer = await all.watch('a');
    const [large, small] = [pictures(), pictures()];
    all.post({ type: 'media', source: 'picture', picture: large.next(true) });
    all.post({ type: 'select', subscriber: 'a', media: 'video', slot: 0, feed: { vp8: [rung('small')] } });
    small.ptsUs = large.ptsUs;
    all.post({ type: 'media', source: 'small', picture: small.next(true) });
    all.post({ type: 'media', source: 'picture', picture: large.next() });
    all.post({ type: 'media', source: 'small', picture: small.next() });
    await peer.until('pictures', () => peer.rtp.length === 6);
    const first = sequenceOf(peer.rtp[0]!);
    expect(peer.rtp.map((packet) => (sequenceOf(packet) - first) & 0xffff)).toEqual([0, 1, 2, 3, 4, 5]);
  });
});

describe('refusals and ends', () => {
  test('a bad offer is refused with its reason', async () => {
    const all = room();
    all.create('a', 'hello');
    expect(await all.next('refused')).toMatchObject({ subscriber: 'a', code: 'sdp-malformed' });
    all.create('a', offerOf(video('45', { lines: ['a=rtpmap:45 AV1/90000'] })));
    expect(await all.next('refused')).toMatchObject({ subscriber: 'a', code: 'sdp-refused' });
  });

  test('no free port is refused as full', async () => {
    const all = room({ portRange: [42_810, 42_810] });
    const peer = await TestPeer.open();
    open.push(peer);
    all.create('a', peer.offer('recvonly'));
    await all.next('created');
    all.create('b', peer.offer('recvonly'));
    expect(await all.next('refused')).toMatchObject({ subscriber: 'b', code: 'full' });
    all.post({ type: 'close', subscriber: 'a' });
    all.create('b', peer.offer('recvonly'));
    await all.next('created');
  });

  test('closing while it is being created leaves nothing', async () => {
    const all = room({ portRange: [42_811, 42_811] });
    const peer = await TestPeer.open();
    open.push(peer);
    all.create('a', peer.offer('recvonly'));
    all.post({ type: 'close', subscriber: 'a' });
    expect(await all.stats()).toEqual([]);
    await all.delivery.close();
    const again = room({ portRange: [42_811, 42_811] });
    again.create('a', peer.offer('recvonly'));
    await again.next('created');
    expect(all.messages).toEqual([]);
  });

  test('a viewer who is closed is told by DTLS; one who leaves is reported', async () => {
    const all = room();
    const [one, other] = [await all.watch('a'), await all.watch('b')];
    all.post({ type: 'close', subscriber: 'a' });
    await one.until('close_notify', () => one.closeNotified);
    expect((await all.stats()).map(({ subscriber }) => subscriber)).toEqual(['b']);
    other.leave();
    expect(await all.next('state')).toEqual({
      type: 'state',
      subscriber: 'b',
      state: 'closed',
      reason: 'the peer closed the connection',
    });
    expect(await all.stats()).toEqual([]);
  });

  test('a viewer who never comes is given up', async () => {
    const all = room({ connectTimeoutMs: 150 });
    const peer = await TestPeer.open();
    open.push(peer);
    all.create('a', peer.offer('recvonly'));
    expect(await all.next('state')).toMatchObject({ subscriber: 'a', state: 'failed' });
    expect(await all.stats()).toEqual([]);
  });

  test('patches: more candidates, a restart, nonsense, and nobody', async () => {
    const all = room();
    const peer = await all.watch('a');
    const { port } = peer.socket.address();
    const patch = (request: number, fragment: string, subscriber = 'a') =>
      all.post({ type: 'patch', subscriber, request, fragment });
    patch(1, `a=candidate:1 1 udp 5 127.0.0.1 ${port} typ host\r\n`);
    const trickled = await all.next('patched');
    expect(trickled).toMatchObject({ request: 1, etag: `"${peer.remote.ufrag}"` });
    expect(trickled.answerFragment).toBeUndefined();
    patch(2, `a=ice-ufrag:newone\r\na=ice-pwd:${'p'.repeat(24)}\r\n`);
    const restarted = await all.next('patched');
    expect(restarted.etag).not.toBe(trickled.etag);
    expect(restarted.answerFragment).toMatch(/a=ice-ufrag:/);
    patch(3, 'nonsense');
    expect(await all.next('patch-failed')).toMatchObject({ request: 3, code: 'sdp-malformed' });
    patch(4, '', 'nobody');
    expect(await all.next('patch-failed')).toMatchObject({ request: 4, code: 'no-such-session' });
  });

  test('media of unknown sources and broken pictures are dropped', async () => {
    const all = room();
    const peer = await all.watch('a');
    const source = pictures();
    all.post({ type: 'media', source: 'nothing', picture: source.next(true) });
    const picture = source.next(true);
    for (let cut = 0; cut < picture.length; cut++) {
      all.post({ type: 'media', source: 'picture', picture: picture.subarray(0, cut) });
    }
    all.post({ type: 'media', source: 'picture', picture });
    await peer.until('the whole one', () => peer.rtp.length === 2);
    const [stats] = await all.stats();
    expect(stats!.packets).toBe(2);
  });

  test('after close nothing is left and nothing is answered', async () => {
    const before = process.getActiveResourcesInfo().filter((name) => name === 'UDPWRAP').length;
    const all = room();
    const peer = await all.watch('a');
    await all.delivery.close();
    await all.delivery.close();
    await peer.until('close_notify', () => peer.closeNotified);
    all.messages.length = 0;
    all.post({ type: 'stats', request: 1 });
    expect(all.messages).toEqual([]);
    peer.close();
    open.splice(open.indexOf(peer), 1);
    await new Promise((resolve) => setImmediate(resolve));
    expect(process.getActiveResourcesInfo().filter((name) => name === 'UDPWRAP').length).toBeLessThanOrEqual(
      before,
    );
  });
});
