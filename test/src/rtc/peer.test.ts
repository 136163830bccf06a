import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, describe, expect, test } from '@jest/globals';
import { createSelfSignedCertificate } from 'werift';
import { type LocalCertificate, localCertificate } from '../../../src/rtc/dtls/certificate.ts';
import { createCredentials } from '../../../src/rtc/ice/session.ts';
import { rtpPacket } from './packets.ts';
import { connected, open, pair } from './peers.ts';
import { mutate, seeded } from './random.ts';
import { TestPeer } from './testPeer.ts';

afterEach(() => {
  for (const each of open.splice(0)) each.close();
});

async function stranger(): Promise<Socket & { heard: Buffer[] }> {
  const socket = Object.assign(createSocket('udp4'), { heard: [] as Buffer[] });
  socket.on('message', (packet) => socket.heard.push(packet));
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  open.push(socket);
  return socket;
}

/** Everything sent before has been received and handled when this has been answered. */
async function settled(remote: TestPeer): Promise<void> {
  const answers = remote.stunAnswers;
  remote.check();
  await remote.until('answer', () => remote.stunAnswers > answers);
}

describe('checks', () => {
  test('only the right credentials are answered', async () => {
    const remote = await TestPeer.open();
    const { peer, answer } = await pair(remote);
    remote.accept(answer);
    await remote.connected();
    remote.stopChecks();
    await settled(remote);
    const other = await stranger();
    remote.check({ password: 'wrong' }, other);
    remote.check({ username: 'who:ever' }, other);
    remote.check({ username: '' }, other);
    other.send(
      Buffer.from('000100002112a442b7e7a701bc34d686fa87dfae', 'hex'),
      remote.remotePort,
      '127.0.0.1',
    );
    await settled(remote);
    expect(other.heard).toHaveLength(0);
    expect(peer.guard.counters.forged).toBe(4);
  });

  test('an address that answers no check gets no media and is not believed', async () => {
    const remote = await TestPeer.open();
    const { peer, heard } = await connected(remote);
    remote.stopChecks();
    const other = await stranger();
    // A stolen check from elsewhere is authentic, so it is answered and checked, but no more.
    remote.check({ useCandidate: true }, other);
    await once(other, 'message');
    other.send(remote.protect(rtpPacket({ sequence: 9 })), remote.remotePort, '127.0.0.1');
    await settled(remote);
    expect(heard.rtp).toHaveLength(0);
    expect(peer.guard.counters.unverified).toBeGreaterThan(0);
    const packet = Buffer.concat([rtpPacket({ sequence: 1, ssrc: 1 }), Buffer.alloc(20)]);
    peer.sendRtp(packet, packet.length);
    await remote.until('media', () => remote.rtp.length === 1);
    expect(other.heard.every((each) => each[0]! < 4)).toBe(true);
  });

  test('who believes to be controlled is told otherwise', async () => {
    const remote = await TestPeer.open();
    await connected(remote);
    remote.stopChecks();
    const other = await stranger();
    remote.check({ controlled: true }, other);
    const [packet] = (await once(other, 'message')) as [Buffer];
    expect(packet.readUInt16BE(0)).toBe(0x0111);
    expect(packet.includes('Role Conflict')).toBe(true);
  });

  test('the list of candidates is no weapon: few, and few checks to each', async () => {
    const remote = await TestPeer.open();
    const victim = await stranger();
    const { port } = victim.address();
    const lines = Array.from(
      { length: 50 },
      (_, i) => `a=candidate:${i} 1 udp ${1_000 + i} 127.0.0.1 ${port + i} typ host`,
    );
    const { until, heard } = await pair(
      remote,
      (offer) => offer.replace('a=mid:0', `a=mid:0\r\n${lines.join('\r\n')}\r\na=end-of-candidates`),
      { connectTimeoutMs: 1_800 },
    );
    await until(() => heard.ended.length > 0);
    expect(victim.heard.length).toBeGreaterThan(0);
    expect(victim.heard.length).toBeLessThanOrEqual(3);
  });
});

describe('ways', () => {
  test('a NAT that gives the peer another port costs a moment', async () => {
    const remote = await TestPeer.open();
    const { peer, heard, until } = await connected(remote);
    remote.stopChecks();
    await remote.bind();
    const sequence = { value: 1 };
    remote.startChecks();
    const timer = setInterval(() => {
      const packet = Buffer.concat([rtpPacket({ sequence: sequence.value++, ssrc: 1 }), Buffer.alloc(20)]);
      peer.sendRtp(packet, packet.length);
    }, 20);
    await remote.until('media at the new port', () => remote.rtp.length > 0, 4_000);
    clearInterval(timer);
    remote.sendRtp(rtpPacket({ sequence: 1 }));
    await until(() => heard.rtp.length === 1);
  });

  test('an ICE restart: media goes on, new credentials, new entity tag', async () => {
    const remote = await TestPeer.open();
    const { peer, heard, until } = await connected(remote);
    const before = peer.etag;
    const local = createCredentials();
    const fragment = peer.patch(`a=ice-ufrag:${local.ufrag}\r\na=ice-pwd:${local.password}\r\n`)!;
    expect(peer.etag).not.toBe(before);
    remote.sendRtp(rtpPacket({ sequence: 1 }));
    await until(() => heard.rtp.length === 1);
    remote.stopChecks();
    remote.local = local;
    remote.remote = {
      ufrag: /a=ice-ufrag:(.*)\r/.exec(fragment)![1]!,
      password: /a=ice-pwd:(.*)\r/.exec(fragment)![1]!,
    };
    expect(peer.etag).toBe(`"${remote.remote.ufrag}"`);
    await remote.bind();
    remote.startChecks();
    const timer = setInterval(() => {
      const packet = Buffer.concat([rtpPacket({ sequence: 1, ssrc: 1 }), Buffer.alloc(20)]);
      peer.sendRtp(packet, packet.length);
    }, 20);
    await remote.until('media after the restart', () => remote.rtp.length > 0);
    clearInterval(timer);
    remote.sendRtp(rtpPacket({ sequence: 2 }));
    await until(() => heard.rtp.length === 2);
    expect(heard.ended).toEqual([]);
  });

  test('more candidates change nothing of the credentials', async () => {
    const remote = await TestPeer.open();
    const { peer } = await pair(remote);
    const before = peer.etag;
    const { port } = remote.socket.address();
    expect(peer.patch(`a=candidate:1 1 udp 5 127.0.0.1 ${port} typ host\r\n`)).toBeUndefined();
    expect(peer.etag).toBe(before);
    await remote.until('a check to the candidate', () => remote.stunRequests > 0);
  });
});

describe('DTLS', () => {
  async function certificate(): Promise<LocalCertificate> {
    const made = await createSelfSignedCertificate({ hash: 4, signature: 3 }, 23);
    return { ...(await localCertificate()), certificatePem: made.certPem, privateKeyPem: made.keyPem };
  }

  test("another certificate than the offer's ends the session", async () => {
    const remote = await TestPeer.open({ certificate: await certificate() });
    const { heard, answer, until } = await pair(remote);
    remote.accept(answer);
    await until(() => heard.ended.length > 0);
    expect(heard.ended).toEqual(['failed: the DTLS certificate is not the one the offer names']);
  });

  test("the offer's certificate without its key ends the session", async () => {
    const right = await localCertificate();
    const wrong = await certificate();
    const remote = await TestPeer.open({ certificate: { ...right, privateKeyPem: wrong.privateKeyPem } });
    const { heard, answer, until } = await pair(remote);
    remote.accept(answer);
    await until(() => heard.ended.length > 0);
    expect(heard.ended).toEqual(['failed: the DTLS key share is not signed by the certificate']);
  });

  test('forged alerts, hellos and records change nothing', async () => {
    const remote = await TestPeer.open();
    const { heard, until } = await connected(remote);
    const plainClose = Buffer.from('15fefd00000000000000010002' + '0100', 'hex');
    const fatal = Buffer.from('15fefd00000000000000020002' + '0228', 'hex');
    const sealed = Buffer.from(`15fefd00010000000000030012${'01'.repeat(18)}`, 'hex');
    const hello = Buffer.from('16fefd0000000000000004000c' + '010000000000000000000000', 'hex');
    for (const forged of [plainClose, fatal, sealed, hello, Buffer.from('15fefd', 'hex')])
      remote.sendRaw(forged);
    remote.sendRtp(rtpPacket({ sequence: 1 }));
    await until(() => heard.rtp.length === 1);
    expect(heard.ended).toEqual([]);
  });

  test('handshakes full of mutated records end one way or the other, and harm nobody (seed 11)', async () => {
    const random = seeded(11);
    const outcomes = await Promise.all(
      Array.from({ length: 8 }, async (_, share) => {
        const remote = await TestPeer.open();
        const { peer, answer, until, heard } = await pair(remote, undefined, { connectTimeoutMs: 2_500 });
        const send = remote.sendRaw.bind(remote);
        remote.sendRaw = (datagram) => {
          if (datagram[0]! < 64) for (let i = 0; i < share; i++) send(mutate(datagram, random));
          send(datagram);
        };
        remote.accept(answer);
        await until(() => peer.state !== 'connecting');
        return heard.ended.length === 0 ? 'connected' : heard.ended[0]!;
      }),
    );
    expect(outcomes[0]).toBe('connected');
    for (const outcome of outcomes) expect(outcome).toMatch(/^(connected$|failed: )/);
  });
});
