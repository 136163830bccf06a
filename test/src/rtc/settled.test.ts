import { readFileSync } from 'node:fs';
import { afterEach, expect, test } from '@jest/globals';
import { createCredentials } from '../../../src/rtc/ice/session.ts';
import type { Peer } from '../../../src/rtc/peer.ts';
import { rtpPacket } from './packets.ts';
import { connected, open } from './peers.ts';
import { TestPeer } from './testPeer.ts';

const timers: NodeJS.Timeout[] = [];
afterEach(() => {
  for (const timer of timers.splice(0)) clearInterval(timer);
  for (const each of open.splice(0)) each.close();
});

/** The address that the kernel has for the other end of our socket: all zeros while it hears everybody. */
function remoteEndOf(port: number): string {
  const own = port.toString(16).toUpperCase().padStart(4, '0');
  const line = readFileSync('/proc/net/udp', 'latin1')
    .split('\n')
    .find((each) => new RegExp(`^\\s*\\d+: \\w{8}:${own} `).test(each));
  return line!.trim().split(/\s+/)[2]!;
}

const portOf = (peer: TestPeer): string =>
  `0100007F:${peer.socket.address().port.toString(16).toUpperCase().padStart(4, '0')}`;
const NOBODY = '00000000:0000';

/** Sends a packet every 20 ms, and remembers when the other side got each. */
function sending(peer: Peer): void {
  let sequence = 0;
  const timer = setInterval(() => {
    const packet = rtpPacket({ sequence: ++sequence, ssrc: 1 });
    peer.sendRtp(packet, packet.length);
  }, 20);
  timers.push(timer);
}

async function until(what: string, ready: () => boolean, timeoutMs: number): Promise<void> {
  const end = performance.now() + timeoutMs;
  while (!ready()) {
    if (performance.now() > end) throw new Error(`${what}: not within ${timeoutMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function settledPeer() {
  const remote = await TestPeer.open();
  const all = await connected(remote);
  sending(all.peer);
  expect(remoteEndOf(remote.remotePort)).toBe(NOBODY);
  await until('settled', () => remoteEndOf(remote.remotePort) === portOf(remote), 8_000);
  return { remote, ...all };
}

test('a socket that has settled on its peer follows it to another address within 4 s', async () => {
  const { remote, heard, until: happened } = await settledPeer();
  const before = remote.rtp.length;
  await remote.until('media over the settled socket', () => remote.rtp.length > before);
  await remote.bind();
  const heardBefore = remote.rtp.length;
  await remote.until('media at the new address', () => remote.rtp.length > heardBefore, 4_000);
  remote.sendRtp(rtpPacket({ sequence: 1 }));
  await happened(() => heard.rtp.length === 1);
  await until('settled again', () => remoteEndOf(remote.remotePort) === portOf(remote), 8_000);
}, 30_000);

test('an ICE restart opens a settled socket at once', async () => {
  const { remote, peer, heard } = await settledPeer();
  remote.stopChecks();
  const local = createCredentials();
  const fragment = peer.patch(`a=ice-ufrag:${local.ufrag}\r\na=ice-pwd:${local.password}\r\n`)!;
  expect(remoteEndOf(remote.remotePort)).toBe(NOBODY);
  remote.local = local;
  remote.remote = {
    ufrag: /a=ice-ufrag:(.*)\r/.exec(fragment)![1]!,
    password: /a=ice-pwd:(.*)\r/.exec(fragment)![1]!,
  };
  await remote.bind();
  const before = remote.rtp.length;
  remote.startChecks();
  await remote.until('media after the restart', () => remote.rtp.length > before, 1_500);
  expect(heard.ended).toEqual([]);
}, 30_000);

test('a candidate that is trickled later is checked, although the socket has settled', async () => {
  const { remote, peer } = await settledPeer();
  const other = await TestPeer.open();
  open.push(other);
  other.consents = false;
  peer.patch(`a=candidate:1 1 udp 5 127.0.0.1 ${other.socket.address().port} typ host\r\n`);
  await other.until('a check', () => other.stunRequests > 0, 2_000);
  const before = remote.rtp.length;
  await remote.until('media goes on', () => remote.rtp.length > before + 5);
}, 30_000);
