import { afterEach, describe, expect, test } from '@jest/globals';
import { Pace } from '../../../../../scripts/bench/load/pace.ts';
import { SoundPeer } from '../../../../../scripts/bench/references/sound/soundPeer.ts';
import type { Publisher } from '../../../../../src/rtc/contract.ts';
import { createPublisher } from '../../../../../src/rtc/publisher.ts';
import { headerLength, sequenceOf, timestampOf } from '../../../../../src/rtc/rtp/header.ts';

const settings = {
  portRange: [42_400, 42_499] as [number, number],
  publicAddresses: [],
  connectTimeoutMs: 5_000,
  maxRemoteCandidates: 8,
  maxVideoKbps: 1_500,
};
const sound = [Buffer.from('one'), Buffer.from('two'), Buffer.from('three')];

const open: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

describe('somebody with sound alone', () => {
  test('sends it over and over to a real publisher of the server, a packet every 20 ms', async () => {
    const received: { text: string; sequence: number; timestamp: number }[] = [];
    const medias = new Set<string>();
    let heard: () => void = () => {};
    let left = 0;
    let ingest: Publisher | undefined;
    const negotiate = async (offer: string) => {
      ingest = await createPublisher(offer, { loopback: true }, settings, {
        rtp(media, packet) {
          medias.add(media);
          const text = packet.toString('latin1', headerLength(packet));
          received.push({ text, sequence: sequenceOf(packet), timestamp: timestampOf(packet) });
          heard();
        },
        senderReport() {},
        level() {},
        state() {},
      });
      open.push(() => ingest!.close());
      return {
        answer: ingest.answer,
        leave: async () => {
          left++;
        },
      };
    };
    const peer = await SoundPeer.open({ negotiate, direction: 'sendonly' }, sound);
    const pace = new Pace();
    open.push(
      () => peer.close(),
      () => pace.close(),
    );
    const beganMs = performance.now();
    const enough = new Promise<void>((resolve) => {
      heard = () => received.length >= 20 && resolve();
    });
    pace.add(peer);
    await enough;
    // What was due while it connected goes at once, the rest in its time.
    expect(performance.now() - beganMs).toBeLessThan(1_000);
    expect(medias).toEqual(new Set(['audio']));
    const [first] = received;
    for (const [at, packet] of received.entries()) {
      expect(packet.text).toBe(sound[at % 3]!.toString());
      expect((packet.sequence - first!.sequence) & 0xffff).toBe(at);
      expect((packet.timestamp - first!.timestamp) >>> 0).toBe(at * 960);
    }
    pace.delete(peer);
    await peer.close();
    expect(left).toBe(1);
  });

  test('who is refused leaves nothing open, and is told why', async () => {
    const refusing = async () => Promise.reject(new Error('403 the room is closed'));
    const part = { negotiate: refusing, direction: 'recvonly' as const };
    await expect(SoundPeer.open(part, sound)).rejects.toThrow('403 the room is closed');
  });
});
