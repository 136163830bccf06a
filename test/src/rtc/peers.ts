/** A peer of ours and a browserless one of the test's, joined over loopback. */

import type { RtcSettings } from '../../../src/rtc/contract.ts';
import { Peer } from '../../../src/rtc/peer.ts';
import { writeAnswer } from '../../../src/rtc/sdp/answer.ts';
import { readOffer } from '../../../src/rtc/sdp/offer.ts';
import { selectSections } from '../../../src/rtc/sdp/select.ts';
import type { TestPeer } from './testPeer.ts';

const settings: RtcSettings = {
  portRange: [42_200, 42_399],
  publicAddresses: [],
  connectTimeoutMs: 4_000,
  maxRemoteCandidates: 4,
  maxVideoKbps: 1_500,
};

export const open: { close(): void }[] = [];
export interface Listening {
  rtp: Buffer[];
  ended: string[];
}

export async function pair(
  remote: TestPeer,
  change: (offer: string) => string = (offer) => offer,
  more = {},
) {
  const offer = readOffer(change(remote.offer('sendonly')));
  const selections = selectSections(offer, { receive: true });
  const heard: Listening = { rtp: [], ended: [] };
  let changed = () => {};
  const peer = await Peer.open(
    offer,
    selections,
    { loopback: true },
    { ...settings, ...more },
    {
      connected: () => changed(),
      rtp: (packet) => {
        heard.rtp.push(packet);
        changed();
      },
      rtcp: () => {},
      ended: (state, reason) => {
        heard.ended.push(`${state}: ${reason}`);
        changed();
      },
    },
  );
  const answer = writeAnswer(offer, selections, peer.transport, {
    direction: 'recvonly',
    feedback: [],
    extensions: [],
  });
  open.push(remote, peer);
  const until = async (ready: () => boolean) => {
    while (!ready()) await new Promise<void>((resolve) => (changed = resolve));
  };
  return { peer, heard, answer, until };
}

export async function connected(remote: TestPeer) {
  const all = await pair(remote);
  remote.accept(all.answer);
  await remote.connected();
  await all.until(() => all.peer.state === 'connected');
  return all;
}
