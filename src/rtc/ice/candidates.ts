/** Candidates (RFC 8839 5.1): which of ours we offer, and which of a peer's we believe. */

import { isIPv4 } from 'node:net';
import { type NetworkInterfaceInfo, networkInterfaces } from 'node:os';

export interface RemoteCandidate {
  address: string;
  port: number;
  priority: number;
}

export interface LocalCandidate {
  address: string;
  port: number;
  priority: number;
  foundation: string;
}

const HOST_PREFERENCE = 126;
const PEER_REFLEXIVE_PREFERENCE = 110;

/** RFC 8445 5.1.2.1, component 1. */
const priority = (type: number, local: number): number => type * 2 ** 24 + local * 2 ** 8 + 255;

export const peerReflexivePriority = priority(PEER_REFLEXIVE_PREFERENCE, 0xffff);

/** Asking the kernel takes a tenth of a millisecond, and each peer would ask several times. */
const KEPT_MS = 1_000;
let interfaces: NetworkInterfaceInfo[] = [];
let askedMs = -Infinity;

function ownInterfaces(): NetworkInterfaceInfo[] {
  const nowMs = performance.now();
  if (nowMs - askedMs < KEPT_MS) return interfaces;
  askedMs = nowMs;
  interfaces = Object.values(networkInterfaces())
    .flatMap((entries) => entries ?? [])
    .filter(({ family }) => family === 'IPv4');
  return interfaces;
}

/** IPv4 addresses of this machine that another one could reach. */
function machineAddresses(): string[] {
  return ownInterfaces()
    .filter(({ internal }) => !internal)
    .map(({ address }) => address);
}

/**
 * Host candidates for a socket bound to all addresses.
 *
 * @param publicAddresses announced instead of the machine's own (1:1 NAT); the own ones when empty
 * @param loopback whether 127.0.0.1 is one, too
 */
export function localCandidates(
  port: number,
  publicAddresses: string[],
  loopback: boolean,
): LocalCandidate[] {
  const addresses = publicAddresses.length > 0 ? [...publicAddresses] : machineAddresses();
  if (loopback) addresses.push('127.0.0.1');
  return [...new Set(addresses)].map((address, i) => ({
    address,
    port,
    priority: priority(HOST_PREFERENCE, 0xffff - i),
    foundation: String(i + 1),
  }));
}

export function candidateLine(candidate: LocalCandidate): string {
  const { foundation, address, port } = candidate;
  return `candidate:${foundation} 1 udp ${candidate.priority} ${address} ${port} typ host`;
}

/**
 * A peer's candidate, or null when we will not send checks there: whoever offers chooses the address,
 * so it must not be a way to make this server probe what it likes.
 */
export function usableCandidate(
  candidate: { component: number; transport: string; ip: string; port: number; priority: number },
  loopback: boolean,
): RemoteCandidate | null {
  const { component, transport, ip, port } = candidate;
  if (component !== 1 || transport.toLowerCase() !== 'udp' || !isIPv4(ip)) return null;
  if (!Number.isInteger(port) || port < 1 || port > 65535) return null;
  const [a, b] = ip.split('.').map(Number) as [number, number];
  if (a === 0 || a >= 224 || (a === 169 && b === 254)) return null;
  if (a === 127 && !loopback) return null;
  if (broadcastAddresses().has(ip)) return null;
  const known = Number.isInteger(candidate.priority) && candidate.priority > 0;
  return { address: ip, port, priority: known ? Math.min(candidate.priority, 2 ** 31 - 1) : 1 };
}

/** Directed broadcast addresses of the machine's own networks. */
function broadcastAddresses(): Set<string> {
  const found = new Set<string>();
  for (const entry of ownInterfaces()) {
    if (entry.netmask === '255.255.255.255') continue;
    const mask = entry.netmask.split('.').map(Number);
    found.add(
      entry.address
        .split('.')
        .map((part, i) => Number(part) | (~mask[i]! & 0xff))
        .join('.'),
    );
  }
  return found;
}
