import { networkInterfaces } from 'node:os';
import { expect, test } from '@jest/globals';
import { localCandidates, usableCandidate } from '../../../../src/rtc/ice/candidates.ts';

const candidate = { component: 1, transport: 'udp', ip: '192.0.2.77', port: 5_000, priority: 1_000 };

test('an ordinary candidate is taken', () => {
  expect(usableCandidate(candidate, false)).toEqual({ address: '192.0.2.77', port: 5_000, priority: 1_000 });
});

test.each([
  ['tcp', { transport: 'tcp' }],
  ['a name', { ip: 'f2b1.local' }],
  ['another name', { ip: 'example.com' }],
  ['IPv6', { ip: '::1' }],
  ['any address', { ip: '0.0.0.0' }],
  ['loopback', { ip: '127.0.0.1' }],
  ['link-local, where clouds keep their secrets', { ip: '169.254.169.254' }],
  ['multicast', { ip: '224.0.0.1' }],
  ['broadcast', { ip: '255.255.255.255' }],
  ['port 0', { port: 0 }],
  ['port 70000', { port: 70_000 }],
  ['RTCP', { component: 2 }],
])('%s is not', (_, change) => {
  expect(usableCandidate({ ...candidate, ...change }, false)).toBeNull();
});

test('the broadcast address of an own network is not', () => {
  const own = Object.values(networkInterfaces())
    .flatMap((entries) => entries ?? [])
    .find((entry) => entry.family === 'IPv4' && entry.netmask === '255.255.255.0');
  if (own === undefined) return;
  const ip = own.address.replace(/\.\d+$/, '.255');
  expect(usableCandidate({ ...candidate, ip }, true)).toBeNull();
});

test('loopback is, for who came over loopback', () => {
  expect(usableCandidate({ ...candidate, ip: '127.0.0.1' }, true)).not.toBeNull();
});

test('public addresses are announced instead of the own ones', () => {
  expect(localCandidates(4_000, ['203.0.113.5'], false).map(({ address }) => address)).toEqual([
    '203.0.113.5',
  ]);
  const own = localCandidates(4_000, [], true);
  expect(own.map(({ address }) => address)).toContain('127.0.0.1');
  expect(new Set(own.map(({ priority }) => priority)).size).toBe(own.length);
});
