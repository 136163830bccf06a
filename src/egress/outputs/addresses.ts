import { lookup } from 'node:dns/promises';
import { BlockList, isIP, isIPv4 } from 'node:net';
import { RostrumError } from '../../errors.ts';

/** Which hosts inside our own network may be sent to: none, all, or those named. */
export type PrivateHosts = 'off' | 'on' | readonly string[];

type Range = [address: string, bits: number];

/** Of this machine and of the networks around it (RFC 1918, 4193, 6598). */
const private4: Range[] = [
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
];
const private6: Range[] = [
  ['::1', 128],
  ['fc00::', 7],
];
/** Never a target unless named itself: link-local (cloud metadata lives there), reserved, multicast. */
const special4: Range[] = [
  ['0.0.0.0', 8],
  ['169.254.0.0', 16],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
];
const special6: Range[] = [
  ['::', 128],
  ['64:ff9b::', 95],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['fe80::', 10],
  ['ff00::', 8],
];

const listOf = (ranges4: Range[], ranges6: Range[]): BlockList => {
  const list = new BlockList();
  for (const [address, bits] of ranges4) list.addSubnet(address, bits, 'ipv4');
  for (const [address, bits] of ranges6) list.addSubnet(address, bits, 'ipv6');
  return list;
};

const privateRanges = listOf(private4, private6);
const specialRanges = listOf(special4, special6);

const holds = (list: BlockList, address: string): boolean =>
  list.check(address, isIPv4(address) ? 'ipv4' : 'ipv6');

/** An address for all to reach. IPv4 written as IPv6 counts as what it is. */
export function isPublic(address: string): boolean {
  const plain = mappedIPv4(address) ?? address;
  return isIP(plain) !== 0 && !holds(privateRanges, plain) && !holds(specialRanges, plain);
}

/** Whether this address, reached under this name, may be sent to. */
export function isAllowed(host: string, address: string, hosts: PrivateHosts): boolean {
  const plain = mappedIPv4(address) ?? address;
  if (isPublic(plain)) return true;
  if (hosts === 'off') return false;
  if (hosts === 'on') return isIP(plain) !== 0 && !holds(specialRanges, plain);
  return hosts.some((entry) => isNameOf(entry, host) || covers(entry, plain));
}

/** Wherever a host that is named leads to, for media too, is allowed; an address is only itself. */
const isNameOf = (entry: string, host: string): boolean => isIP(entry) === 0 && entry.toLowerCase() === host;

/** An address, or a range such as `10.1.0.0/16`. */
function covers(entry: string, address: string): boolean {
  const [base = '', bits] = entry.split('/');
  if (isIP(base) === 0 || isIP(base) !== isIP(address)) return false;
  const width = bits === undefined ? (isIPv4(base) ? 32 : 128) : Number(bits);
  return holds(listOf(isIPv4(base) ? [[base, width]] : [], isIPv4(base) ? [] : [[base, width]]), address);
}

/** `::ffff:7f00:1` is 127.0.0.1. */
function mappedIPv4(address: string): string | null {
  const found = /^::ffff:(?:(\d+\.\d+\.\d+\.\d+)|([0-9a-f]{1,4}):([0-9a-f]{1,4}))$/i.exec(address);
  if (!found) return null;
  if (found[1]) return found[1];
  const [high, low] = [Number.parseInt(found[2]!, 16), Number.parseInt(found[3]!, 16)];
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}

/** Why a host cannot be sent to right now, without anybody having done wrong here. */
export class LookupProblem extends Error {}

/**
 * The address to send to, looked up and checked: what is connected to is this address and no name, so
 * that a second look-up cannot lead elsewhere.
 * @throws RostrumError url-refused
 * @throws LookupProblem when the name is not known now
 */
export async function checkedAddress(host: string, hosts: PrivateHosts): Promise<string> {
  const found = isIP(host) === 0 ? await lookUp(host) : [host];
  const allowed = found.filter((address) => isAllowed(host, address, hosts));
  // IPv4 first: it is what everybody has.
  const address = allowed.find(isIPv4) ?? allowed[0];
  if (address !== undefined) return address;
  throw new RostrumError(
    'url-refused',
    `url: ${host} is in a private network; ROSTRUM_EGRESS_PRIVATE_HOSTS can allow it`,
  );
}

async function lookUp(host: string): Promise<string[]> {
  try {
    return (await lookup(host, { all: true })).map(({ address }) => address);
  } catch {
    throw new LookupProblem(`the name ${host} is not known`);
  }
}
